"""HTML to PDF: the one way, in a warm worker process that opens no file and no address.

WeasyPrint would embed local files named in the HTML (security.md T2); it is imported in the worker only. The worker is
started with the first document of this process, killed after a minute without an answer, and replaced every 50.
"""

import atexit
import json
import os
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

from relief.lib.child import Child, ChildDied, ChildLate

RECYCLE_AFTER = 50
SECONDS = 60

# Licensed faces first (a union drops them into settings.RELIEF_FONTS_DIR), then free ones; missing ones are skipped.
FONTS = {
    "song": ("SimSun", "宋体", "Noto Serif CJK SC", "serif"),
    "hei": ("SimHei", "黑体", "Noto Sans CJK SC", "sans-serif"),
    "kai": ("KaiTi_GB2312", "KaiTi", "楷体", "AR PL UKai CN", "FandolKai", "Noto Serif CJK SC", "serif"),
    "fang": ("FangSong_GB2312", "FangSong", "仿宋", "FandolFang", "FandolFang R", "Noto Serif CJK SC", "serif"),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC", "serif"),
}
_GENERIC = {"serif", "sans-serif"}


class PdfFailed(Exception):
    """No PDF came out; the text is a Chinese sentence for the person who asked."""


def render_pdf(html: str, *, fonts: bool = True) -> bytes:
    """The HTML as PDF; `PdfFailed` when it cannot be made.

    Pictures only as `data:`. A fragment is put into `<html lang="zh-CN">`; a whole document must say so itself,
    or CJK glyphs come out in another country's form. `fonts` adds `font_face_css()`.
    """
    if "<html" not in html[:2000].lower():
        html = f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><body>{html}</body></html>'
    elif 'lang="zh-CN"' not in html[:2000]:
        raise ValueError('a document for PDF starts with <html lang="zh-CN">')
    question = json.dumps({"html": html, "css": font_face_css() if fonts else ""}).encode()
    reply = _worker.ask(question)
    if reply[:1] != b"+":
        raise PdfFailed(reply[1:].decode())
    return reply[1:]


def font_face_css() -> str:
    """CSS with one custom property per face: `font-family: var(--fang)`; the body is set in 宋体.

    >>> font_face_css().splitlines()[1]
    '  --song: "SimSun", "宋体", "Noto Serif CJK SC", serif;'
    """
    stacks = (f"  --{name}: {_stack(faces)};" for name, faces in FONTS.items())
    return "\n".join([":root {", *stacks, "}", "html { font-family: var(--song) }"])


def _stack(faces: tuple[str, ...]) -> str:
    return ", ".join(face if face in _GENERIC else f'"{face}"' for face in faces)


class _Worker:
    """The worker of this process, started when needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None

    def ask(self, question: bytes) -> bytes:
        with self._lock:
            if self._child and (self._child.answered >= RECYCLE_AFTER or not self._child.alive):
                self._drop()
            try:
                self._child = self._child or Child("relief.lib.pdf_worker", _font_environment())
                return self._child.ask(question, SECONDS)
            except ChildLate:
                self._child = None
                raise PdfFailed(f"PDF 超过 {SECONDS} 秒还没有生成，请减少内容或改为导出 Excel。") from None
            except ChildDied:
                self._child = None
                raise PdfFailed("PDF 没有生成：文档太大或内容有误，请减少内容后重试。") from None
            except BaseException:
                # ask() has killed it, or it never started
                self._child = None
                raise

    def close(self) -> None:
        """End the worker; the next document starts another."""
        with self._lock:
            self._drop()

    def forget(self) -> None:
        """After a fork: the worker is the parent's, and so may be the lock."""
        self._lock = threading.Lock()
        if self._child:
            self._child.forget()
        self._child = None

    def _drop(self) -> None:
        if self._child:
            self._child.close()
        self._child = None


def _font_environment() -> dict[str, str]:
    """Environment in which fontconfig also finds the union's own font folder, if the settings name one."""
    folder = getattr(settings, "RELIEF_FONTS_DIR", None)
    if not folder or not Path(folder).is_dir():
        return {}
    return {"FONTCONFIG_FILE": _font_config(str(Path(folder).resolve()), os.getpid())}


@lru_cache(maxsize=4)
def _font_config(folder: str, _process: int) -> str:
    """The path of a fontconfig file for this process (a forked one writes its own), removed at its end."""
    fd, name = tempfile.mkstemp(prefix="relief-fonts-", suffix=".conf")
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
            f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{escape(folder)}</dir></fontconfig>'
        )
    atexit.register(Path(name).unlink, missing_ok=True)
    return name


_worker = _Worker()
atexit.register(_worker.close)
os.register_at_fork(after_in_child=_worker.forget)
