"""What is recognised in pasted text: blanks, units, codes, 其中, printed formulas, sentences, pairs, two-way tables."""

import json
import re
from pathlib import Path

import pytest

from reporting.designing import blank_form
from reporting.designing.recognising import recognise
from reporting.spec import example_results, load_spec
from tests.reporting.designing import printed

ROOT = Path(__file__).resolve().parents[3]
SHAANXI = json.loads((ROOT / "fixtures/forms/shaanxi-2024.json").read_text(encoding="utf-8"))


def proposed(text, raw=None):
    return recognise(text, raw or blank_form("new", "新表"))


def merged(proposal, raw=None):
    """The form with the proposal in it, as the browser merges it."""
    form = raw or blank_form("new", "新表")
    layout = {**form["layout"], "rows": [*form["layout"]["rows"], *proposal.rows]}
    if proposal.columns:
        layout = {**layout, "columns": proposal.columns, "rows": proposal.rows}
    if proposal.line:
        layout |= {"kind": "list", "line": proposal.line, "total": proposal.total}
    return {
        **form,
        "items": [*form["items"], *proposal.items],
        "relations": [*form["relations"], *proposal.relations],
        "blocks": [*form["blocks"], *proposal.blocks],
        "checks": [*form["checks"], *proposal.checks],
        "layout": layout,
    }


def units(proposal):
    return {item["code"]: item["unit"] for item in proposal.items}


def parts(proposal):
    """child<parent for 其中, child=parent for a line of a complete list."""
    signs = {"subset": "<", "partition": "="}
    return sorted(f"{edge['child']}{signs[edge['kind']]}{edge['parent']}" for edge in proposal.relations)


def formulas(proposal):
    return {item["code"]: item["formula"] for item in proposal.items if item["formula"]}


def labels(proposal):
    return {item["code"]: item["label"] for item in proposal.items}


@pytest.fixture(scope="module")
def sheet():
    """The 49 labels of the notice 003."""
    return proposed(printed.LABELS)


@pytest.fixture(scope="module")
def sentences():
    """The 44 sentences with 67 blanks of the notice 004."""
    return proposed(printed.SENTENCES)


def expected_units():
    words = printed.SENTENCE_UNITS.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def test_all_49_blanks_of_a_pasted_sheet_have_their_code_label_unit_and_block(sheet):
    keys = ("code", "label", "printed", "unit", "places", "kind", "block")
    wanted = [tuple(item[key] for key in keys) for item in SHAANXI["items"]]
    assert [tuple(item[key] for key in keys) for item in sheet.items] == wanted


def test_all_printed_formulas_of_the_sheet_are_taken(sheet):
    assert formulas(sheet) == {item["code"]: item["formula"] for item in SHAANXI["items"] if item["printed_formula"]}
    assert [i["printed_formula"] for i in sheet.items if i["code"] == "B"] == ["B=B1+B2+B3+B4+B5+B6"]


def test_the_parts_of_the_sheets_totals_are_those_of_the_shipped_form(sheet):
    """J and K are memo lines: nothing printed says so, a person adds it."""
    wanted = [f"{edge['child']}={edge['parent']}" for edge in SHAANXI["relations"] if edge["kind"] == "partition"]
    assert parts(sheet) == sorted(wanted)


def test_title_and_head_of_the_sheet_are_no_blanks(sheet):
    assert (sheet.title, sheet.notes) == (
        "2024年元旦春节期间各级工会送温暖统计表",
        [
            "认出 49 个空、36 条“其中”关系、5 个印出的算式。",
            "略过 5 行表头（填报单位、填报人、日期等由系统填写）。",
        ],
    )


def test_the_pasted_sheet_is_a_form_without_faults(sheet):
    assert load_spec(merged(sheet)).codes == tuple(item["code"] for item in SHAANXI["items"])


def test_the_rows_of_the_pasted_sheet_are_those_of_the_paper(sheet):
    """Blocks merged down, the group label merged over its two measures."""
    shipped = [
        [(c["col"], c.get("colspan", 1), c.get("rowspan", 1), c["content"]) for c in row["cells"]]
        for row in SHAANXI["layout"]["rows"][1:]
    ]
    laid = [
        [(c["col"], c.get("colspan", 1), c.get("rowspan", 1), c["content"]) for c in row["cells"]] for row in sheet.rows
    ]
    assert laid == shipped


def test_the_same_labels_without_tabs_give_the_same_items(sheet):
    text = "\n".join("  ".join(cell for cell in line.split("\t") if cell) for line in printed.LABELS.splitlines())
    other = proposed(text)
    assert (labels(other), units(other), parts(other)) == (labels(sheet), units(sheet), parts(sheet))


def test_all_67_blanks_of_the_sentences_have_their_code_and_unit(sentences):
    assert units(sentences) == expected_units()


def test_the_其中_of_the_sentences_are_right(sentences):
    assert parts(sentences) == sorted(printed.SENTENCE_PARTS.split())


def test_the_sentences_are_a_form_without_faults(sentences):
    spec = load_spec(merged(sentences))
    assert (len(spec.items), [block.no for block in spec.blocks]) == (67, [f"{number:02d}" for number in range(1, 12)])
    assert sentences.footnotes == ["注：本表中职工均包括农民工"]


def test_a_sentence_keeps_its_words_around_the_blanks(sentences):
    rows = {
        cell["content"][1]["blank"]: cell["content"]
        for row in sentences.rows
        for cell in row["cells"][-1:]
        if len(cell["content"]) > 1
    }
    assert rows["08C"] == [
        "共协助政府有关部门帮助",
        {"blank": "08C"},
        "名职工追讨欠薪",
        {"blank": "08C1"},
        "万元；其中帮助",
        {"blank": "08C2"},
        "名农民工追讨欠薪",
        {"blank": "08C3"},
        "万元。",
    ]


def test_labels_that_repeat_are_told_apart(sentences):
    found = labels(sentences)
    assert [found[code] for code in ("10B1", "09A1", "08A", "08C2")] == [
        "共包专列：运送",
        "为职工开展心理咨询疏导：其中新生代农民工",
        "为__名权益受损的职工开展维权工作",
        "其中帮助__名农民工追讨欠薪",
    ]


@pytest.mark.parametrize("mark", ["＿＿＿", "        ", "　　　", "（　　）"])
def test_every_way_to_print_a_blank(mark, sentences):
    text = printed.SENTENCES.replace("_   _", "____").replace("____", mark)
    assert (units(proposed(text)), parts(proposed(text))) == (units(sentences), parts(sentences))


def test_codes_written_into_a_sentence_are_kept():
    found = proposed("为 {08A} 名权益受损的职工开展维权工作，其中涉及新生代农民工 {08A9} 人；")
    assert (units(found), parts(found)) == ({"08A": "名", "08A9": "人"}, ["08A9<08A"])


def test_letters_that_share_a_cell_go_to_one_sentence_each():
    cell = '"（C）\n（D）\n（E）"\t"救助____户；\n培训____人次；\n结对____对。"'
    found = proposed(f"03\t（A）\t走访____家；\n\t{cell}")
    assert units(found) == {"03A": "家", "03C": "户", "03D": "人次", "03E": "对"}


def test_labels_without_numbers_get_letters_and_their_parts_numbers():
    found = proposed(
        "走访企业（家）\n筹集资金总额(万元)\n其中：中央财政（万元）\n地方财政(万元)\n其他(万元)\n发放(万元)"
    )
    assert labels(found) == {
        "A": "走访企业",
        "B": "筹集资金总额",
        "B1": "中央财政",
        "B2": "地方财政",
        "B3": "其他",
        "C": "发放",
    }
    assert parts(found) == ["B1=B", "B2=B", "B3=B"]


def test_其中_at_three_depths_follows_the_indentation():
    found = proposed("困难职工（人）\n　其中：农民工（人）\n　　其中：女农民工（人）\n　其中：劳模（人）")
    assert parts(found) == ["A1<A", "A1_1<A1", "A2<A"]
    assert labels(found)["A1_1"] == "女农民工"


def test_a_part_without_unit_counts_like_its_whole():
    found = proposed("支出(万元)（B=B1+B2）\nB1 慰问金\nB2 慰问品")
    assert (units(found), parts(found)) == ({"B": "万元", "B1": "万元", "B2": "万元"}, ["B1=B", "B2=B"])


def test_chinese_numbers_make_blocks_and_numbers_make_codes():
    found = proposed(
        "一、资金筹集\n1. 筹集总额____万元，其中：\n（1）财政拨款____万元；\n（2）工会经费____万元。\n"
        "二、走访慰问\n1. 走访企业____家，走访家庭____户\n2. 慰问职工____人次，其中农民工____人次。"
    )
    assert units(found) == {
        "A1": "万元",
        "A1_1": "万元",
        "A1_2": "万元",
        "B1": "家",
        "B1_1": "户",
        "B2": "人次",
        "B2_1": "人次",
    }
    assert [item["block"] for item in found.items] == ["一", "一", "一", "二", "二", "二", "二"]
    assert (found.blocks, parts(found)) == (
        [{"no": "一", "title": "资金筹集"}, {"no": "二", "title": "走访慰问"}],
        ["A1_1<A1", "A1_2<A1", "B2_1<B2"],
    )
    assert load_spec(merged(found)).codes == tuple(units(found))


def test_formulas_by_line_numbers_and_with_dots():
    by_lines = proposed("1 发放(万元) (1)=(2)+(3)\n2 财政(万元)\n3 自筹(万元)")
    dotted = proposed("C 总计(人) C=C1+C2+…+C4\nC1 甲(人)\nC2 乙(人)\nC3 丙(人)\nC4 丁(人)")
    assert (formulas(by_lines), formulas(dotted)) == ({"01": "02+03"}, {"C": "C1+C2+C3+C4"})
    assert parts(by_lines) == ["02=01", "03=01"]


def test_a_formula_that_fits_no_line_is_printed_but_not_computed():
    found = proposed("A 总计(人) A=A1+Z9\nA1 甲(人)")
    assert (formulas(found), found.items[0]["printed_formula"]) == ({}, "A=A1+Z9")
    assert found.notes[1] == "A 印的算式“A=A1+Z9”没有采用：里面的代码或单位对不上。"


def test_a_column_of_units_and_a_column_of_codes():
    found = proposed(
        "序号\t指标名称\t计量单位\t代码\t数量\n1\t困难职工\t人\t01\t\n2\t其中：农民工\t人\t02\t\n3\t慰问金额\t万元\t03\t"
    )
    assert (units(found), parts(found)) == ({"01": "人", "02": "人", "03": "万元"}, ["02<01"])


def test_two_units_in_one_pair_of_brackets_are_two_blanks():
    found = proposed("慰问困难职工（人次/万元）\n慰问劳模（人次/万元）")
    assert labels(found) == {
        "A1": "慰问困难职工：人次",
        "A2": "慰问困难职工：金额",
        "B1": "慰问劳模：人次",
        "B2": "慰问劳模：金额",
    }
    assert load_spec(merged(found)).item("B2").kind == "money"


def test_kinds_follow_the_words():
    found = proposed("汇款凭证号____，汇款日期____。\n参加人数\n发放金额\n满意率")
    assert [(item["kind"], item["unit"]) for item in found.items] == [
        ("text", ""),
        ("date", ""),
        ("number", "人"),
        ("money", "万元"),
        ("number", "%"),
    ]


def test_the_unit_of_the_table_is_that_of_its_amounts():
    found = proposed("单位：元\n发放金额\n走访企业（家）")
    assert units(found) == {"A": "元", "B": "家"}


TWO_WAY = "项目\t市级\t县级\t合计\n走访企业(家)\t\t\t\n慰问职工(人次)\t\t\t\n其中：农民工\t\t\t\n　其中：女农民工\t\t\t\n慰问金额(万元)\t\t—\t"


def test_a_two_way_table_has_a_blank_per_crossing():
    found = proposed(TWO_WAY)
    assert labels(found) == {
        "A1": "走访企业：市级",
        "A2": "走访企业：县级",
        "A3": "走访企业：合计",
        "B1": "慰问职工：市级",
        "B2": "慰问职工：县级",
        "B3": "慰问职工：合计",
        "C1": "农民工：市级",
        "C2": "农民工：县级",
        "C3": "农民工：合计",
        "D1": "女农民工：市级",
        "D2": "女农民工：县级",
        "D3": "女农民工：合计",
        "E1": "慰问金额：市级",
        "E3": "慰问金额：合计",
    }
    assert [units(found)[code] for code in ("A1", "B1", "C2", "D3", "E1")] == ["家", "人次", "人次", "人次", "万元"]


def test_a_two_way_table_has_其中_at_two_depths_and_totals_across():
    found = proposed(TWO_WAY)
    down = ["C1<B1", "C2<B2", "C3<B3", "D1<C1", "D2<C2", "D3<C3"]
    across = [f"{row}{col}={row}3" for row in "ABCD" for col in (1, 2)]
    assert (parts(found), formulas(found)) == (sorted(down + across), {f"{row}3": f"{row}1+{row}2" for row in "ABCD"})
    assert len(load_spec(merged(found)).items) == 14


def test_heads_in_two_lines_and_a_total_line():
    found = proposed(
        "类别\t在职\t\t退休\t\n\t人数(人)\t金额(万元)\t人数(人)\t金额(万元)\n困难职工\t\t\t\t\n劳模\t\t\t\t\n合计\t\t\t\t"
    )
    assert labels(found)["B4"] == "劳模：退休，金额"
    assert formulas(found) == {f"C{col}": f"A{col}+B{col}" for col in (1, 2, 3, 4)}
    heads = [[(c["col"], c.get("colspan", 1), c.get("rowspan", 1)) for c in row["cells"]] for row in found.rows[:2]]
    assert heads == [[(0, 1, 2), (1, 2, 1), (3, 2, 1)], [(1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1)]]
    assert len(load_spec(merged(found)).items) == 12


def test_a_line_typed_under_a_form_finds_its_whole_there():
    form = merged(proposed("职工总数(人)\n企业(家)"))
    found = proposed("其中：女职工（人）", form)
    assert (labels(found), parts(found)) == ({"A1": "女职工"}, ["A1<A"])


def test_a_code_that_is_taken_is_changed_and_said():
    form = merged(proposed("A 走访(家)"))
    found = proposed("A 慰问(人)", form)
    assert (labels(found), found.notes[1]) == ({"A_2": "慰问"}, "代码 A 已用过，这里改为 A_2。")


def test_the_same_text_gives_the_same_codes():
    assert proposed(printed.LABELS) == proposed(printed.LABELS)


@pytest.mark.parametrize("width", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("text", [printed.LABELS, printed.SENTENCES])
def test_rows_fill_whatever_columns_the_form_has(text, width):
    form = blank_form("new", "新表")
    form["layout"] = {**form["layout"], "columns": [{"width": 20}] * width, "rows": []}
    found = recognise(text, form)
    assert len(load_spec(merged(found, form)).items) == len(found.items)


@pytest.mark.parametrize("text", ["", "   \n\t\t\n", "附件\n填报单位：", "只是一句话。"])
def test_text_without_blanks_proposes_none_and_says_what_to_do(text):
    found = proposed(text)
    assert (found.items, found.notes[0]) == ([], "没有认出空格。请写上单位，例如“走访企业（家）”，或用 ____ 表示空格。")


@pytest.mark.parametrize(
    "text",
    [
        "=SUM(A1:A2)\t<script>\t{A}\n",
        '"未合上的引号\t走访(家)\n慰问(人)',
        "A(家)" * 3000,
        "其中：甲(人)\n其中：乙(人)",
        "{" * 500 + "A" + "}" * 500,
        "____" * 400,
        "项目\t甲\t乙\n\t\t\n",
        "A=A+B+(((\n=(=)=",
        "１２、走访（家）\n①其中\n②农民工(人)",
        "\x00\ud800走访(家)",
        ("困" + " " * 3000 + "人") * 18,
        "　" * 50_000 + "名",
        "走访企业(家)\n" * 1000,
        ("A=A" + "1" * 990 + "\n") * 60,
        ("（" + " 　" * 490 + "\n") * 60,
        ("困" + " 　" * 490 + "人x\n") * 60,
        "{A1}人" * 10_000,
        "²\tA1\t走访(家)\n" * 2,
    ],
)
def test_odd_text_breaks_nothing(text):
    found = proposed(text)
    codes = [item["code"] for item in found.items]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_]{1,16}", code)] == []


def test_words_to_the_left_of_a_code_name_its_block():
    found = proposed("机构\tP01\t帮扶中心数\t个\t\n\tP02\t工作人员\t人\t\n服务\tP23\t法律援助\t人次\t")
    assert (labels(found), units(found)) == (
        {"P01": "帮扶中心数", "P02": "工作人员", "P23": "法律援助"},
        {"P01": "个", "P02": "人", "P23": "人次"},
    )
    assert [block["no"] for block in found.blocks] == ["机构", "服务"]
    assert len(load_spec(merged(found)).items) == 3


def test_another_cut_through_a_total_with_a_formula_is_a_part_and_opens_no_list():
    found = proposed(
        "P3 在档(户) P3=P4+P5\nP4 其中：深度困难(户)\nP5 相对困难(户)\nP7 其中：农民工(户)\nP8 本年新建档(户)"
    )
    assert parts(found) == ["P4=P3", "P5=P3", "P7<P3"]


def test_heads_alone_give_one_blank_per_column():
    found = proposed('地区\t受助人数\t"帮困金额\n（万元）"\t走访人数\t汇款日期\t备注')
    assert [(item["label"], item["unit"], item["kind"]) for item in found.items] == [
        ("受助人数", "人", "number"),
        ("帮困金额", "万元", "money"),
        ("走访人数", "人", "number"),
        ("汇款日期", "", "date"),
    ]
    assert found.notes[1] == "只有表头：按表头每列一个空；要每个单位一行，请把版面改为清单。"
    assert len(load_spec(merged(found)).items) == 4


LIST_HEADS = "序号\t2019年春节送温暖帮困受助人数\t帮困金额（万元）\t一日捐筹措资金\t慰问走访人数\t2018年度帮困总金额"


@pytest.mark.parametrize("below", ["", "\n1\t\t\t\t\t\n2\t\t\t\t\t\n合计\t\t\t\t\t"])
def test_numbered_heads_alone_make_a_list_with_one_line_per_union(below):
    found = proposed(LIST_HEADS + below)
    assert [(item["unit"], item["over_children"]) for item in found.items] == [
        ("人", "sum"),
        ("万元", "sum"),
        ("万元", "sum"),
        ("人", "sum"),
        ("万元", "sum"),
    ]
    assert [[cell["content"][0] for cell in row["cells"]] for row in found.rows] == [LIST_HEADS.split("\t")]
    assert [cell["content"] for cell in found.line["cells"]] == [
        [{"field": "no"}],
        *([{"blank": f"A{number}"}] for number in range(1, 6)),
    ]
    assert (found.total, found.notes[1]) == ({"label": "合计"}, "只有表头：做成清单，每个单位一行，最后一行合计。")
    spec = load_spec(merged(found))
    assert (spec.layout.kind, len(spec.items)) == ("list", 5)


def test_a_list_may_name_the_union_and_have_heads_in_two_lines():
    found = proposed("序号\t单位\t在职\t\t退休\t\n\t\t人数(人)\t金额(万元)\t人数(人)\t金额(万元)")
    assert [cell["content"] for cell in found.line["cells"][:2]] == [[{"field": "no"}], [{"field": "union"}]]
    spans = [[(c["col"], c.get("colspan", 1), c.get("rowspan", 1)) for c in row["cells"]] for row in found.rows]
    assert spans == [[(0, 1, 2), (1, 1, 2), (2, 2, 1), (4, 2, 1)], [(2, 1, 1), (3, 1, 1), (4, 1, 1), (5, 1, 1)]]
    assert len(load_spec(merged(found)).items) == 4


@pytest.mark.parametrize(
    ("printed_rule", "expression", "passing", "failing"),
    [
        ("A>=B", "A >= B", {"A": 10, "B": 10}, {"A": 9, "B": 10}),
        ("（A≥B+C）", "A >= B+C", {"A": 20, "B": 10, "C": 10}, {"A": 19, "B": 10, "C": 10}),
        ("$B<A$", "B < A", {"B": 9, "A": 10}, {"B": 10, "A": 10}),
        ("≥ C", "A >= C", {"A": 10, "C": 10}, {"A": 9, "C": 10}),
    ],
)
def test_a_printed_comparison_becomes_a_check(printed_rule, expression, passing, failing):
    found = proposed(f"A\t走访企业（家） {printed_rule}\nB\t困难企业（家）\nC\t停产企业（家）\nD\t发放款物（万元）")
    (check,) = found.checks
    assert (check["key"], check["kind"], check["severity"], check["expression"]) == ("P01", "within", "ask", expression)
    assert (check["passing"], check["failing"]) == ([passing], [failing])
    assert found.items[0]["label"] == "走访企业"
    spec = load_spec(merged(found))
    assert [result.holds for result in example_results(spec)] == [True, False]


def test_a_comparison_may_name_a_blank_that_the_form_has_already():
    """A label typed by itself is read with the form around it."""
    form = merged(proposed("A\t走访企业（家）"))
    (check,) = proposed("B\t困难企业（家） B<=A", form).checks
    assert (check["expression"], check["items"]) == ("B <= A", ["B", "A"])


def test_a_comparison_of_unlike_things_is_left_out_and_told():
    found = proposed("A\t走访企业（家） A>=D\nD\t发放款物（万元） A>=Z")
    assert found.checks == []
    assert found.notes[1:3] == [f"印的规则“{text}”没有采用：里面的代码或单位对不上。" for text in ("A>=D", "A>=Z")]
