"""The process in which WeasyPrint lives: HTML in, PDF out, nothing fetched but `data:`.

Run as `python -m relief.lib.pdf_worker` by `relief.lib.pdf`. Fonts are found by fontconfig, so no file is ever opened
by address.
"""

import json
import logging

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from relief.lib.child import serve

MEMORY = 2 << 30
CPU_SECONDS = 60

EXTERNAL = "文档里引用了外部的文件或图片，已拒绝生成 PDF，请删去后重试。"
TOO_LARGE = "文档太大，内存不够生成 PDF，请减少行数或改为导出 Excel。"
BROKEN = "文档无法排版成 PDF，请联系系统管理员。"


def answer(question: bytes) -> bytes:
    """`+` and the PDF, or `-` and a Chinese sentence."""
    asked = json.loads(question)
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
    try:
        sheets = [CSS(string=asked["css"], url_fetcher=fetcher)] if asked["css"] else []
        document = HTML(string=asked["html"], url_fetcher=fetcher)
        return b"+" + document.write_pdf(stylesheets=sheets)
    except FatalURLFetchingError:  # a BaseException
        return b"-" + EXTERNAL.encode()
    except MemoryError:
        return b"-" + TOO_LARGE.encode()
    except Exception:
        return b"-" + BROKEN.encode()


if __name__ == "__main__":
    # its warnings quote the document
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    serve(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
