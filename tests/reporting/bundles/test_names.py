"""Names that people gave to files and unions lead nowhere and never hide each other."""

import io
import zipfile

import pytest

from relief.lib import clock
from reporting.bundles.archive import Archive, BundleFailed
from reporting.bundles.names import Paths, safe_name, sheet_names

HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows\\system32\\drivers.pdf",
    "C:\\boot.ini",
    "....//x.pdf",
    "a\0b.pdf",
    "\u202efdp.exe",
    "con",
    "NUL.pdf",
    " . ",
    "",
    "-rf *",
    "名字" * 100 + ".pdf",
]


class Sink(io.BytesIO):
    """A target that counts like the sealed file."""

    size = 0

    def write(self, data):
        self.size += len(data)
        return super().write(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_one_harmless_segment(name):
    safe = safe_name(name)
    assert (safe in ("", ".", ".."), any(sign in safe for sign in '/\\:*?"<>|\0'), len(safe) <= 60) == (
        False,
        False,
        True,
    )
    assert not safe.endswith((" ", "."))


def test_every_hostile_name_gets_its_own_path_inside_its_folder():
    paths = Paths()
    found = [paths.free("附件", name) for name in [*HOSTILE, *HOSTILE]]
    assert len({path.casefold() for path in found}) == 2 * len(HOSTILE)
    assert {path.split("/")[0] for path in found} == {"附件"}
    assert {path.count("/") for path in found} == {1}


def test_names_that_differ_in_case_or_in_what_is_cut_off_do_not_collide():
    paths = Paths()
    assert [paths.free("", name) for name in ("现场.PDF", "现场.pdf", "现场.pdf")] == [
        "现场.PDF",
        "现场(2).pdf",
        "现场(3).pdf",
    ]


def test_sheet_names_are_what_excel_takes():
    names = sheet_names([*HOSTILE, *HOSTILE, "目录", "History", "工会'", "[x]"], taken=["目录"])
    assert len({name.casefold() for name in names} | {"目录"}) == len(names) + 1
    assert [name for name in names if not 0 < len(name) <= 31 or any(sign in name for sign in "[]:*?/\\'")] == []


def test_an_archive_is_the_same_for_the_same_contents():
    def made() -> bytes:
        sink = Sink()
        with Archive(sink) as archive:
            archive.add("一", "a.txt", b"one", clock.datetime(2024, 2, 20, 2, 0, tzinfo=clock.UTC))
            archive.add("", "b.txt", b"two" * 1000, clock.datetime(1970, 1, 1, tzinfo=clock.UTC))
        return sink.getvalue()

    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        told = [(entry.filename, entry.date_time, entry.file_size) for entry in archive.infolist()]
    assert told == [("一/a.txt", (2024, 2, 20, 10, 0, 0), 3), ("b.txt", (1980, 1, 1, 8, 0, 0), 3000)]
    assert made() == made()


def test_an_archive_that_grows_too_large_stops(monkeypatch):
    monkeypatch.setattr("reporting.bundles.archive.MOST_BYTES", 10)
    with pytest.raises(BundleFailed), Archive(Sink()) as archive:
        archive.add("", "a.bin", bytes(11), clock.datetime(2024, 2, 20, tzinfo=clock.UTC))
