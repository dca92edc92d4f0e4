"""Layouts as data: the shipped ones are whole, and what is wrong with a layout is said at once."""

from dataclasses import replace

import pytest

from beneficiaries.banking import Column, Layout, from_json, layout_faults, shipped, to_json

THREE = (Column("账号", "account"), Column("户名", "name"), Column("金额", "amount"))


def layout(**more) -> Layout:
    return Layout(**{"key": "own", "title": "自己的方案", "kind": "xlsx", "columns": THREE, **more})


def test_the_layouts_of_the_domain_guide_are_shipped():
    assert list(shipped()) == [
        "generic",
        "icbc",
        "icbc_short",
        "boc_salary",
        "bocom",
        "abc",
        "city_bank",
        "union_sheet",
    ]


def test_the_icbc_columns_stand_in_their_order():
    assert [column.head for column in shipped()["icbc"].columns] == [
        "付款账号开户行",
        "付款账号",
        "付款账号名称",
        "收款账号开户行",
        "收款账号省份",
        "收款账号城市",
        "收款账号",
        "收款账号名称",
        "金额",
        "汇款用途",
        "备注",
        "短信通知手机号",
    ]
    assert shipped()["icbc"].columns[9].choices == ("工资及退休金", "拨款", "上缴款", "差旅费")


def test_the_city_bank_takes_fifty_lines_of_its_own():
    city = shipped()["city_bank"]
    assert (city.max_lines, city.own_bank_only, city.encoding) == (50, True, "gb18030")


def test_shipped_layouts_want_only_what_the_union_alone_knows():
    assert {key: layout_faults(each) for key, each in shipped().items() if layout_faults(each)} == {
        "icbc": [
            "第 1 列“付款账号开户行”要填固定值，例如本单位的付款账号。",
            "第 2 列“付款账号”要填固定值，例如本单位的付款账号。",
            "第 3 列“付款账号名称”要填固定值，例如本单位的付款账号。",
        ],
        "city_bank": ["只收本行账户的方案须写明本行名称，例如：工商银行、工行。"],
    }


def test_a_layout_is_kept_and_read_again():
    assert {key: from_json(to_json(each)) for key, each in shipped().items()} == shipped()


def test_every_fault_of_a_layout_is_said_at_once():
    bad = layout(
        title=" ",
        kind="xls",
        encoding="big5",
        separator="/",
        max_lines=501,
        longest_name=1,
        own_bank_only=True,
        columns=(
            Column("", "account"),
            Column("金额", "amount"),
            Column("金额", "amount"),
            Column("证件", "id_number"),
        ),
    )
    assert layout_faults(bad) == [
        "方案还没有名称。",
        "文件类型不在可选范围，请选 xlsx、csv 或 txt。",
        "文字编码不在可选范围，请选 UTF-8 或 GB18030。",
        "分隔符不在可选范围，请从下拉选择。",
        "每个文件的笔数须在 1 至 500 之间。",
        "户名最多字数须在 2 至 60 之间。",
        "只收本行账户的方案须写明本行名称，例如：工商银行、工行。",
        "第 1 列没有表头。",
        "第 4 列的内容不在可选范围，请从下拉选择。",
        "有 2 列的表头都是“金额”，请改成不同的。",
        "有 2 列都填金额，请只留一列。",
        "还缺一列户名。",
    ]


def test_an_identity_number_is_no_column():
    """A bank needs account, name and amount: what it does not need does not leave the house."""
    columns = (*THREE, Column("身份证号", "id_number"))
    assert layout_faults(layout(columns=columns)) == ["第 4 列的内容不在可选范围，请从下拉选择。"]


def test_a_workbook_has_a_head():
    assert layout_faults(layout(headed=False)) == ["Excel 文件须有表头。"]
    assert layout_faults(replace(layout(headed=False), kind="txt")) == []


@pytest.mark.parametrize("head", ["收款人账号", "卡号", "收款账号名称", "收款人姓名", "金额（元）"])
def test_no_fixed_value_stands_where_the_bank_pays_by(head):
    """One fixed account under such a head would turn every payment of the file to one person."""
    columns = (*layout().columns, Column(head, fixed="6222020000000000028"))
    assert layout_faults(layout(columns=columns)) == [
        f"第 4 列“{head}”是收款人的账号、户名或金额，只能取自发放记录，不能填固定值。"
    ]


def test_the_payers_account_may_be_fixed():
    columns = (*layout().columns, Column("付款账号", fixed="1234567890"), Column("收款账号省份", fixed="云岭省"))
    assert layout_faults(layout(columns=columns)) == []
