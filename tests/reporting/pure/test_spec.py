import pytest

from reporting.spec import SpecFault, load_spec
from tests.reporting.pure.conftest import read_form


def faults(raw):
    with pytest.raises(SpecFault) as caught:
        load_spec(raw)
    return list(caught.value.faults)


def test_leaves_formulas_and_parts(mini):
    assert mini.leaves == ("01A", "01A1", "02A", "02B", "02C", "02D", "05", "05_1")
    assert [item.code for item in mini.formula_items] == ["02"]
    assert mini.parts("02") == ("02A", "02B")
    assert mini.item("02C").over_children == "none"


def test_formulas_of_formulas_come_after_their_parts(mini_raw):
    mini_raw["items"][0] |= {"formula": "05 + 05_1", "source": None}
    mini_raw["items"][7] |= {"formula": "05_1 * 2", "source": None}
    assert [item.code for item in load_spec(mini_raw).formula_items] == ["05", "01A", "02"]


def test_the_digest_does_not_depend_on_how_the_file_was_laid_out(mini_raw):
    digest = load_spec(mini_raw).digest()
    assert load_spec(dict(reversed(mini_raw.items()))).digest() == digest
    assert load_spec(mini_raw | {"title": "别的表"}).digest() != digest


def test_all_faults_are_told_at_once(mini_raw):
    mini_raw["items"][2]["formula"] = "02A + 09"
    mini_raw["items"][0]["unit"] = ""
    assert faults(mini_raw) == ["项目“01A”的单位没有写。"]
    mini_raw["items"][0]["unit"] = "户"
    mini_raw["items"].append(mini_raw["items"][7] | {"label": "又一次"})
    mini_raw["relations"].append({"child": "02C", "parent": "X", "kind": "subset"})
    assert faults(mini_raw) == [
        "项目代码“05”重复。",
        "项目“02”的公式里的“09”不是本表的项目。",
        "关系里的“X”不是本表的项目。",
    ]


@pytest.mark.parametrize(
    ("item", "change", "sentence"),
    [
        (2, {"formula": "02A + 02C"}, "项目“02”的公式里的“02C”是文字或日期，不能计算。"),
        (2, {"formula": "02A +"}, "项目“02”的公式有误：公式“02A +”写得不完整，请检查括号和运算符。"),
        (2, {"formula": "02A > 02B"}, "项目“02”的公式算出来的是“对错”，不是数。"),
        (2, {"formula": "02A + 02B + 05"}, "项目“02”的公式把金额和数量加在了一起。"),
        (2, {"formula": "02A"}, "“02B”写成“02”的组成部分，却不在它的公式里。"),
        (2, {"formula": "02A + 02B + 02"}, "公式绕成了圈：02 → 02。"),
        (5, {"formula": "02A"}, "项目“02C”的公式没有意义：文字和日期不能计算。"),
        (1, {"label": "募捐总额"}, "项目“01A1”的名称“募捐总额”和别的项目相同，分不清。"),
        (1, {"block": "99"}, "项目“01A1”的编号“99”不在编号表里。"),
        (3, {"unit": "美元"}, "项目“02A”的单位“美元”不是金额单位，只能是万元或元。"),
        (3, {"places": 3}, "项目“02A”的小数位数只能是 0 到 2。"),
        (5, {"over_children": "sum"}, "项目“02C”的汇总方式只能是 none，文字和日期不能相加。"),
        (7, {"kind": "figure"}, "项目“05”的类型“figure”只能是 date、money、number、text 之一。"),
        (7, {"source": {"terms": [{"measure": "funds.raised"}]}}, "项目“05”的取数口径“funds.raised”不在目录里。"),
        (
            7,
            {"source": {"terms": [{"measure": "funds.amount"}]}},
            "项目“05”的单位是人次，和取数口径“funds.amount”不是一类。",
        ),
        (
            7,
            {"source": {"terms": [{"measure": "activities.contacts", "where": {"group": ["seconded"]}}]}},
            "项目“05”的取数口径“activities.contacts”不能按“group”筛选。",
        ),
        (
            7,
            {"source": {"terms": [{"measure": "activities.contacts", "where": {"kind": ["dancing"]}}]}},
            "项目“05”的筛选“kind”里有不认识的值：dancing。",
        ),
        (2, {"source": {"terms": [{"measure": "funds.amount"}]}}, "项目“02”有公式，就不能再从台账取数。"),
    ],
)
def test_a_faulty_item_is_refused_with_a_sentence(mini_raw, item, change, sentence):
    mini_raw["items"][item] |= change
    assert sentence in faults(mini_raw)


def test_a_chain_of_formulas_may_be_any_length(mini_raw):
    plain = {"label": "", "unit": "人", "kind": "number", "over_children": "sum"}
    chain = [{"code": f"Z{n}", **plain, "label": f"第{n}", "formula": f"Z{n + 1}"} for n in range(1500)]
    mini_raw["items"] += [*chain, {"code": "Z1500", **plain, "label": "末"}]
    rest = faults(mini_raw)
    assert (len(rest), rest[0]) == (1501, "项目“Z0”在版面里没有空格。")


def test_a_circle_through_two_formulas_is_named(mini_raw):
    mini_raw["items"][7] |= {"formula": "05_1 + 1", "source": None}
    mini_raw["items"][8] |= {"formula": "05 - 1"}
    assert faults(mini_raw) == ["公式绕成了圈：05 → 05_1 → 05。"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expression": "05 + 05_1"}, "校验“served_per_event”的算式要能判断对错，例如 A >= B。"),
        ({"expression": "05 >= X"}, "校验“served_per_event”里的“X”不是本表的项目。"),
        ({"message": "{Y} 不对"}, "校验“served_per_event”里的“Y”不是本表的项目。"),
        ({"passing": []}, "校验“served_per_event”至少要有一个通过的例子和一个不通过的例子。"),
        ({"passing": [{"05": 1, "05_1": 2}]}, "校验“served_per_event”第 1 个通过的例子实际上没有通过。"),
        ({"failing": [{"05": 3, "05_1": 2}]}, "校验“served_per_event”第 1 个不通过的例子实际上通过了。"),
        ({"failing": [{"05": 3}]}, "校验“served_per_event”第 1 个不通过的例子没有给全数字，校验没有运行。"),
        ({"severity": "loud"}, "“served_per_event”的严重程度“loud”只能是 ask、hint、refuse 之一。"),
    ],
)
def test_a_faulty_check_is_refused_with_a_sentence(mini_raw, change, sentence):
    mini_raw["checks"][0] |= change
    assert faults(mini_raw) == [sentence]


def test_layout_faults_name_row_and_column(mini_raw):
    rows = mini_raw["layout"]["rows"]
    rows[1]["cells"][2]["content"] = ["建立档案 ", {"blank": "01A"}, {"blank": "99"}, {"blank": "05"}]
    rows[2]["cells"][0]["rowspan"] = 6
    rows[3]["cells"].pop(0)
    assert faults(mini_raw) == [
        "版面第 3 行第 1 列的单元格伸到了表格外面。",
        "版面第 3 行第 1 列没有单元格。",
        "版面第 4 行第 1、2 列没有单元格。",
        "版面第 5 行第 1 列没有单元格。",
        "版面第 6 行第 1 列没有单元格。",
        "版面里的空格“99”不是本表的项目。",
        "项目“05”在版面里出现了 2 次，只能出现一次。",
        "项目“01A1”在版面里没有空格。",
    ]


def test_overlapping_cells_are_refused(mini_raw):
    mini_raw["layout"]["rows"][3]["cells"][0] |= {"col": 0, "colspan": 2}
    assert faults(mini_raw) == ["版面第 4 行第 1 列的单元格和别的单元格重叠。"]


@pytest.mark.parametrize("change", [{"items": [3]}, {"layout": {"rows": 3}}, {"head": 3}, {"version": "x"}])
def test_a_form_that_is_no_form_is_refused_and_does_not_crash(mini_raw, change):
    assert faults(mini_raw | change)


LABELS = {
    "A": "走访企业(家)",
    "B": "筹集慰问款物总额(万元)",
    "B1": "其中:中央财政(万元)",
    "B2": "地方财政(万元)",
    "B3": "工会经费(万元)",
    "B4": "社会捐助(万元)",
    "B5": "行政拨付(万元)",
    "B6": "其他收入(万元)",
    "C": "慰问对象总计(人次)",
    "D": "发放款物总计(万元)",
    "E": "为困难职工提供各项帮扶救助(人次)",
    "E1": "其中:落实民生政策(人次)",
    "E2": "提供生活救助(人次)",
    "E3": "提供医疗救助(人次)",
    "E4": "提供子女助学救助(人次)",
    "E5": "提供其他帮扶救助(人次)",
    "F": "为职工提供各项服务(人次)",
    "F1": "其中:提供心理健康服务(人次)",
    "F2": "提供文化服务(人次)",
    "F3": "提供其他生活保障服务(人次)",
    "G": "元旦春节期间共帮助农民工平安返乡(人次)",
    "H": "帮助农民工追讨欠薪(人次)",
    "I": "帮助农民工追讨欠薪金额(万元)",
}
GROUPS = [
    "因非个人意愿下岗失业、家庭收入水平明显偏低、子女教育费用负担过重等原因造成家庭生活困难的职工",
    "本人或家庭成员因患大病、遭受各类灾害或突发意外等情况造成生活困难的职工",
    "关停并转等困难企业中,因停发、减发工资而导致生活相对困难的职工",
    "工伤与职业病致残的职工和因公牺牲职工的家属;因重大疾病手术、住院的职工",
    "长期在高(低)温、高空、有毒有害等环境中和苦脏累险艰苦行业岗位上工作的一线职工",
    "重大灾害期间坚守抗灾一线的职工",
    "春节期间坚守在生产一线和交通运输、电力、环卫以及直接面向群众服务的基层岗位干部职工",
    "因组织需要长期异地工作或者服从组织需要赴外地、基层工作的派驻挂职干部职工",
    "在重大项目和重大工程中作出突出贡献的职工",
    "生产一线涌现出来的先进模范人物",
    "各级工会建档的困难职工",
]
PAIRS = [(f"C{n}", f"D{n}", group) for n, group in enumerate(GROUPS, 1)]
PAIRS += [("J1", "J2", "慰问新就业形态劳动者"), ("K1", "K2", "慰问残疾职工")]
LABELS |= {contacts: f"{group} / 慰问对象(人次)" for contacts, _, group in PAIRS}
LABELS |= {amount: f"{group} / 发放款物(万元)" for _, amount, group in PAIRS}


def test_the_2024_sheet_has_its_49_blanks_with_the_printed_labels(shaanxi):
    assert {item.code: item.paper_label for item in shaanxi.items} == LABELS
    units = [item.unit for item in shaanxi.items]
    assert (units.count("家"), units.count("万元"), units.count("人次"), len(units)) == (1, 22, 26, 49)


def test_the_2024_sheet_has_its_blocks_formulas_and_relations(shaanxi):
    assert [len(shaanxi.block_codes(block.no)) for block in shaanxi.blocks] == [1, 7, 24, 6, 4, 3, 2, 2]
    assert {item.code: item.printed_formula for item in shaanxi.formula_items} == {
        "B": "B=B1+B2+B3+B4+B5+B6",
        "C": "C=C1+C2+C3+C4+C5+C6+C7+C8+C9+C10+C11",
        "D": "D=D1+D2+D3+D4+D5+D6+D7+D8+D9+D10+D11",
        "E": "E=E1+E2+E3+E4+E5",
        "F": "F=F1+F2+F3",
    }
    kinds = [edge.kind for edge in shaanxi.relations]
    assert (kinds.count("partition"), kinds.count("memo"), kinds.count("subset")) == (36, 4, 0)


def test_every_leaf_of_the_2024_sheet_is_filled_from_records(shaanxi):
    assert [code for code in shaanxi.leaves if shaanxi.item(code).source is None] == []
    assert shaanxi.item("E5").source.terms[0].filters["not_purpose"] == ("relief_visit", "living", "medical", "study")


def test_changing_a_shipped_form_changes_its_digest():
    raw = read_form("fixtures/forms/shaanxi-2024.json")
    assert load_spec(raw).digest() == load_spec(raw).digest()


def test_a_row_with_more_cells_than_columns_is_refused_without_looking_at_each(mini_raw):
    mini_raw["layout"]["rows"][0]["cells"] += [{"col": 0, "colspan": 3, "rowspan": 7, "content": []}] * 9000
    assert faults(mini_raw) == ["版面第 1 行有 9002 个单元格，最多 3 个。", "版面第 1 行第 1、2、3 列没有单元格。"]
