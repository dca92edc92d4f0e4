"""Every shipped form goes through LibreOffice (open, save, upload) without a value changing; one start for all files."""

import subprocess
from decimal import Decimal

import pytest

from relief.lib import xlsx
from reporting.formulas import compute
from reporting.outputs import SheetData
from reporting.outputs.excel import offline_workbook, placing_of, workbook
from reporting.spec import load_spec
from reporting.uploading.printed import find_layout, read_printed
from reporting.values import Value
from tests.reporting.pure.conftest import ROOT, read_form

UNION = "云岭省松原岭市教育科学文化卫生体育工会委员会"
HEAD = {"union": UNION, "filer": "何晓芸", "phone": "0900-6620318", "date": ""}
FORMS = sorted(path.stem for path in (ROOT / "fixtures" / "forms").glob("*.json"))
FILLS = ("mixed", "large", "open")


def filled(spec, way):
    """Leaves that are hard to keep: 分 in 万元, zeros, dashes, gaps, texts that look like numbers or formulas."""
    leaves = {}
    for number, code in enumerate(spec.leaves):
        item = spec.item(code)
        if item.kind == "text":
            choices = [Value.word("=1+1"), Value.word("00120200115"), Value.na()]
        elif item.kind == "date":
            choices = [Value.word("2020-01-09"), Value.na(), Value.empty()]
        elif way == "large":
            choices = [
                Value.of(
                    9_999_999_999_00
                    if item.unit == "元"
                    else 99_999_999_999_901
                    if item.kind == "money"
                    else 99_999_999
                )
            ]
        else:
            choices = [Value.of(number * 7_777 + 1), Value.of(0), Value.na(), Value.empty()]
        leaves[code] = Value.empty() if way == "open" else choices[number % len(choices)]
    return compute(spec, leaves)


@pytest.fixture(scope="module")
def returned(soffice_path, tmp_path_factory):
    """{(form, way, kind): (spec, values, workbook)}: what LibreOffice saved of every template and official Excel."""
    folder = tmp_path_factory.mktemp("roundtrip")
    sent = {}
    for form in FORMS:
        spec = load_spec(read_form(f"fixtures/forms/{form}.json"))
        for way in FILLS:
            sheet = SheetData(spec, filled(spec, way), HEAD)
            for kind, data in (("template", offline_workbook(sheet, [])), ("official", workbook([sheet]))):
                (folder / f"{form}-{way}-{kind}.xlsx").write_bytes(data)
                sent[form, way, kind] = (spec, sheet.values)
    subprocess.run(
        [
            soffice_path,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            folder / "out",
            *sorted(folder.glob("*.xlsx")),
        ],
        check=True,
        capture_output=True,
        timeout=280,
    )
    return {
        key: (*told, xlsx.read_workbook((folder / "out" / f"{'-'.join(key)}.xlsx").read_bytes()))
        for key, told in sent.items()
    }


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["template", "official"])
@pytest.mark.parametrize("form", FORMS)
def test_no_value_changes(returned, form, kind):
    for way in FILLS:
        spec, values, book = returned[form, way, kind]
        placing = placing_of(spec, UNION)
        found = read_printed(placing, find_layout(book, placing))
        assert found.faults == []
        assert found.leaves == {code: values[code] for code in spec.leaves}


@pytest.mark.libreoffice
@pytest.mark.parametrize("form", FORMS)
def test_totals_are_computed_to_the_cent(returned, form):
    """To the fifteen digits that a spreadsheet keeps of a number."""
    spec, values, book = returned[form, "large", "template"]
    placing = placing_of(spec, UNION)
    table = find_layout(book, placing)
    for item in spec.formula_items:
        row, col = placing.inputs[item.code]
        number = table.cell(row + 1, col + 1)
        places = {"万元": 6, "元": 2}.get(item.unit, item.places)
        wanted = Decimal(values[item.code].number).scaleb(-places)
        kept = Decimal(1).scaleb(max(-places, wanted.adjusted() - 14))
        assert Decimal(number).quantize(kept) == wanted.quantize(kept)
