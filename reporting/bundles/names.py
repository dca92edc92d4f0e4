"""Names of files in a zip and of sheets in a workbook: harmless, not too long, each only once. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

LONGEST = 60
"""Characters of one name; three of them and the folder where a zip is unpacked stay below the 260 of Windows."""
LONGEST_SHEET = 28
"""Three less than Excel's 31, so that the writer may number a name."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def safe_name(text: str, most: int = LONGEST) -> str:
    """One path segment that every system takes and that leads nowhere else; its ending is kept when it is cut.

    >>> safe_name("../../etc/passwd"), safe_name("a\\\\b:c.pdf"), safe_name(" .. "), safe_name("CON.txt")
    ('_.._etc_passwd', 'a_b_c.pdf', '未命名', '_CON.txt')
    >>> safe_name("很" * 80 + ".docx", 12)
    '很很很很很很很.docx'
    """
    normal = unicodedata.normalize("NFC", text)
    seen = "".join(sign for sign in normal if unicodedata.category(sign)[0] != "C")
    plain = _FORBIDDEN.sub("_", " ".join(seen.split())).strip(" .") or "未命名"
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    ending = PurePosixPath(plain).suffix
    ending = ending if len(ending) <= 6 else ""
    return plain[: len(plain) - len(ending)][: most - len(ending)].rstrip(" .") + ending


class Paths:
    """The paths of one archive; systems that ignore case see each only once, too.

    >>> paths = Paths()
    >>> paths.free("附件", "a.pdf"), paths.free("附件", "A.PDF"), paths.free("附件", "a.pdf"), paths.free("", "a.pdf")
    ('附件/a.pdf', '附件/A(2).PDF', '附件/a(3).pdf', 'a.pdf')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, name: str) -> str:
        """The path of a file of this name in the folder, numbered when it is taken."""
        plain = PurePosixPath(safe_name(name))
        shown, number = str(plain), 1
        while (path := f"{folder}/{shown}" if folder else shown).casefold() in self._taken:
            number += 1
            shown = f"{plain.stem}({number}){plain.suffix}"
        self._taken.add(path.casefold())
        return path


def sheet_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A sheet name for each, at most 28 characters, without what Excel forbids, each only once whatever its case.

    >>> sheet_names(["一中[东区]/工会"])
    ['一中 东区 工会']
    >>> [len(name) for name in sheet_names(["县" * 40, "县" * 40])], sheet_names(["a", "A", "目录", "''"], ["目录"])
    ([28, 28], ['a', 'A(2)', '目录(2)', '表'])
    """
    seen, found = {name.casefold() for name in taken}, []
    for name in names:
        kept = re.sub(r"[\[\]:*?/\\']+", " ", "".join(s for s in name if unicodedata.category(s)[0] != "C"))
        plain = " ".join(kept.split())[:LONGEST_SHEET].strip() or "表"
        # "History" is a name that Excel keeps for itself.
        plain = f"{plain}_" if plain.casefold() == "history" else plain
        shown, number = plain, 1
        while shown.casefold() in seen:
            number += 1
            mark = f"({number})"
            shown = plain[: LONGEST_SHEET - len(mark)] + mark
        seen.add(shown.casefold())
        found.append(shown)
    return found
