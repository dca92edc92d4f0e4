"""PDF: Chinese comes out fast, nothing is fetched, a dead or slow worker is a sentence and the next document works."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from relief.lib import pdf
from relief.lib.pdf import PdfFailed, render_pdf

PAGE = "<h1 style='font-family: var(--title)'>关于开展送温暖活动的通知</h1><p>各市总工会</p>"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture
def fresh_worker():
    """No worker before and none after, for tests that count or change it."""
    pdf._worker.close()
    yield
    pdf._worker.close()


def text_of(document, tmp_path, pdftotext_path):
    file = tmp_path / "page.pdf"
    file.write_bytes(document)
    return subprocess.run([pdftotext_path, file, "-"], capture_output=True, check=True).stdout.decode()


def test_chinese_comes_out(tmp_path, pdftotext_path):
    assert text_of(render_pdf(PAGE), tmp_path, pdftotext_path).split() == ["关于开展送温暖活动的通知", "各市总工会"]


def test_a_warm_worker_is_quick():
    render_pdf(PAGE)
    begun = time.monotonic()
    render_pdf(PAGE)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{}">',
        '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">x</a>',
        '<link rel="stylesheet" href="{}">',
        '<style>@import "{}"</style>',
        '<style>p {{ background: url("{}") }}</style><p>x',
        '<style>@font-face {{ font-family: f; src: url("{}") }} p {{ font-family: f }}</style><p>x',
        '<object data="{}"></object>',
        '<embed src="{}">',
    ],
)
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x", "ftp://127.0.0.1/x"])
def test_nothing_outside_is_fetched(html, address):
    """T2: WeasyPrint embeds local files named in the HTML."""
    with pytest.raises(PdfFailed) as refused:
        render_pdf(html.format(address))
    assert str(refused.value) == "文档里引用了外部的文件或图片，已拒绝生成 PDF，请删去后重试。"


@pytest.mark.parametrize(
    "html",
    ['<img src="/etc/passwd">', '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'],
)
def test_what_has_no_base_is_dropped(html):
    plain = Path("/etc/passwd").read_bytes().splitlines()[0]
    assert plain not in render_pdf(html)


def test_a_picture_in_the_document_is_kept():
    assert b"/Image" in render_pdf(f'<img src="{PIXEL}" width="20">')


def test_a_whole_document_must_say_its_language():
    with pytest.raises(ValueError):
        render_pdf("<html><body>送温暖</body></html>")
    assert render_pdf('<html lang="zh-CN"><body>送温暖</body></html>')[:5] == b"%PDF-"


def test_the_worker_serves_many_and_is_replaced(fresh_worker, monkeypatch):
    monkeypatch.setattr(pdf, "RECYCLE_AFTER", 2)
    pids = []
    for _ in range(3):
        render_pdf(PAGE)
        pids.append(pdf._worker._child.pid)
    assert [pids[0] == pids[1], pids[1] == pids[2]] == [True, False]


def test_a_killed_worker_is_replaced():
    render_pdf(PAGE)
    os.kill(pdf._worker._child.pid, signal.SIGKILL)
    pdf._worker._child._process.wait()
    assert render_pdf(PAGE)[:5] == b"%PDF-"


def test_a_worker_killed_at_work_is_a_sentence():
    render_pdf(PAGE)
    child = pdf._worker._child
    threading.Timer(0.3, os.kill, (child.pid, signal.SIGKILL)).start()
    with pytest.raises(PdfFailed) as refused:
        render_pdf("<table>" + "<tr><td>送温暖</td></tr>" * 3000 + "</table>")
    assert str(refused.value) == "PDF 没有生成：文档太大或内容有误，请减少内容后重试。"
    assert render_pdf(PAGE)[:5] == b"%PDF-"


def test_a_slow_document_is_a_sentence(monkeypatch):
    render_pdf(PAGE)
    monkeypatch.setattr(pdf, "SECONDS", 0.05)
    with pytest.raises(PdfFailed) as refused:
        render_pdf(PAGE * 100)
    assert str(refused.value) == "PDF 超过 0.05 秒还没有生成，请减少内容或改为导出 Excel。"
    monkeypatch.undo()
    assert render_pdf(PAGE)[:5] == b"%PDF-"


def test_threads_share_one_worker(fresh_worker):
    made = []
    threads = [threading.Thread(target=lambda: made.append(render_pdf(PAGE)[:5])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, pdf._worker._child.answered) == ([b"%PDF-"] * 4, 4)


def test_a_union_may_bring_its_own_fonts(fresh_worker, settings, tmp_path):
    settings.RELIEF_FONTS_DIR = tmp_path
    ukai = Path("/usr/share/fonts/truetype/arphic/ukai.ttc")
    if ukai.exists():
        shutil.copy(ukai, tmp_path)
    assert render_pdf(PAGE)[:5] == b"%PDF-"
    assert str(tmp_path) in Path(pdf._font_environment()["FONTCONFIG_FILE"]).read_text()
