"""Uploads: five kinds, content as the name says, pictures without metadata, no macros, no bombs."""

import io
import zipfile
import zlib

import openpyxl
import pytest
from PIL import Image, PngImagePlugin

from relief.lib.uploads import CONTENT_TYPES, Refused, check_upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
CANARY = b"N34.2658-E108.9541-HOME"


def picture(kind, **options):
    out = io.BytesIO()
    shade = Image.new("RGB", (60, 40))
    shade.putdata([(x * 4, y * 6, 90) for y in range(40) for x in range(60)])
    shade.save(out, kind, **options)
    return out.getvalue()


def office(*names, extra=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, (extra or {}).get(name, "<a/>"))
    return out.getvalue()


def photo_with_gps(**options):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif, comment=CANARY, **options)


def refusal(name, data):
    with pytest.raises(Refused) as refused:
        check_upload(name, data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("凭证.PDF", "pdf", PDF),
        ("总结.docx", "docx", office("word/document.xml")),
        ("名单.xlsx", "xlsx", office("xl/workbook.xml")),
        ("照片.jpeg", "jpg", picture("JPEG")),
        ("照片.png", "png", picture("PNG")),
    ],
)
def test_the_five_kinds_are_taken(name, kind, data):
    taken = check_upload(name, data)
    assert (taken.name, taken.kind, taken.content_type) == (name, kind, CONTENT_TYPES[kind])


def test_a_real_workbook_is_taken_unchanged():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert check_upload("a.xlsx", out.getvalue()).data == out.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_loses_its_metadata_and_nothing_else(progressive):
    photo = photo_with_gps(progressive=progressive) + b"trailer " + CANARY
    assert CANARY in photo
    taken = check_upload("a.jpg", photo).data
    assert CANARY not in taken
    before, after = Image.open(io.BytesIO(photo)), Image.open(io.BytesIO(taken))
    assert before.tobytes() == after.tobytes()
    assert dict(after.getexif()) == {0x0112: 6}
    assert check_upload("a.jpg", taken).data == taken


def test_a_png_loses_its_text_and_nothing_else():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", CANARY.decode())
    png = picture("PNG", pnginfo=words, dpi=(300, 300)) + CANARY
    taken = check_upload("a.png", png).data
    assert CANARY not in taken
    assert Image.open(io.BytesIO(png)).tobytes() == Image.open(io.BytesIO(taken)).tobytes()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.exe", b"MZ", "“a.exe”的类型不能上传，请使用 pdf、docx、xlsx、jpg 或 png 文件。"),
        ("a.svg", b"<svg/>", "“a.svg”的类型不能上传，请使用 pdf、docx、xlsx、jpg 或 png 文件。"),
        ("无后缀", PDF, "“无后缀”的类型不能上传，请使用 pdf、docx、xlsx、jpg 或 png 文件。"),
        ("a.doc", b"x", "“a.doc”是旧格式，请另存为 .docx 后再上传。"),
        ("a.pdf", b"", "“a.pdf”是空文件，请检查后重新上传。"),
        ("a.pdf", PDF + b" " * 10 * 2**20, "“a.pdf”超过 10 MB，请压缩或拆分后再上传。"),
        (
            "a.pdf",
            PDF.replace(b"<<>>", b"<</S/JavaScript>>"),
            "“a.pdf”：PDF 里带有脚本或附件，请用“打印为 PDF”重新生成后再上传。",
        ),
        (
            "a.docx",
            office("word/document.xml", "word/vbaProject.bin"),
            "“a.docx”：文件里带有宏或控件，请另存为不含宏的文件后再上传。",
        ),
        (
            "a.docx",
            office("word/document.xml", extra={"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            "“a.docx”：文件内部含有不允许的声明（DOCTYPE），不是正常保存出来的，请重新保存后再上传。",
        ),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "“a.xlsx”：这是旧格式或设有密码的文件，请去掉密码，另存为 .xlsx 后再上传。",
        ),
        (
            "a.xlsx",
            office("xl/workbook.xml", "xl/big.xml", extra={"xl/big.xml": bytes(65 * 2**20)}),
            "“a.xlsx”：文件解开后超过 64 MB，请删去多余的内容后重新保存。",
        ),
    ],
)
def test_what_is_not_allowed_gets_its_sentence(name, data, sentence):
    assert refusal(name, data) == sentence


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.jpg", "a.png"])
def test_content_must_be_what_the_name_says(name):
    kind = name[2:]
    samples = {
        "pdf": PDF,
        "docx": office("word/document.xml"),
        "xlsx": office("xl/workbook.xml"),
        "jpg": picture("JPEG"),
        "png": picture("PNG"),
    }
    wanted = f"“{name}”：内容不是完好的 {kind} 文件，请用原来的软件打开确认后重新保存再上传。"
    others = [content for other, content in samples.items() if other != kind]
    assert {refusal(name, content) for content in others} == {wanted}
    if kind in ("jpg", "png", "pdf"):
        assert refusal(name, samples[kind][:-10] if kind != "pdf" else samples[kind][:-8]) == wanted


def test_too_many_pixels_are_refused_before_decoding():
    head = b"IHDR" + (20_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    png = picture("PNG")
    huge = png[:12] + head + zlib.crc32(head).to_bytes(4) + png[33:]
    assert refusal("a.png", huge) == "“a.png”：图片超过 4000 万像素，请缩小后再上传。"


def test_a_changed_chunk_is_noticed():
    png = bytearray(picture("PNG"))
    png[60] ^= 1
    assert refusal("a.png", bytes(png))[:10] == "“a.png”：内容"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/a.pdf", "a.pdf"),
        ("C:\\Users\\me\\凭证.pdf", "凭证.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_made_fit_to_be_shown(name, shown):
    assert check_upload(name, PDF).name == shown
