"""The fields of a file beyond name, number and account: what they take, what they say when wrong, how they change."""

import datetime
from decimal import Decimal

import pytest

from beneficiaries import actions
from beneficiaries.dossiers import holder_facts, intake
from beneficiaries.models import Dossier, FieldChange
from tests.beneficiaries import households as made

TODAY = datetime.date(2026, 3, 1)
FULL = {
    "ethnicity": "汉",
    "political_status": "党员",
    "marital_status": "离婚",
    "housing": "廉租房",
    "floor_area": "62.5",
    "postcode": "266000",
    "worked_since": "2009.7",
    "contract_signed_on": "20190301",
    "contract_term": "无固定",
    "monthly_income": "6,850",
    "subsistence_amount": "780",
    "other_causes": ["schooling", "下岗失业"],
    "model_worker_rank": "省部劳模",
    "registration_kind": "城镇",
    "industry": "16 教育",
}


def checked(**typed):
    return intake.householder(made.fields(**typed), today=TODAY, new=True)


def test_words_days_and_amounts_are_read_as_people_write_them():
    entry = checked(**{**FULL, "ethnicity": "汉族"})
    assert entry.faults == {}
    assert {name: entry.values[name] for name in FULL} == {
        "ethnicity": "汉族",
        "political_status": "中共党员",
        "marital_status": "离异",
        "housing": "政府廉租房",
        "floor_area": "62.5",
        "postcode": "266000",
        "worked_since": datetime.date(2009, 7, 1),
        "contract_signed_on": datetime.date(2019, 3, 1),
        "contract_term": "无固定期限",
        "monthly_income": Decimal("6850.00"),
        "subsistence_amount": Decimal("780.00"),
        "other_causes": "schooling,laid_off",
        "model_worker_rank": "省部级劳模",
        "registration_kind": "非农业",
        "industry": "教育",
    }
    assert entry.values["model_worker"] is True


@pytest.mark.parametrize(
    ("typed", "name", "sentence"),
    [
        ({"housing": "自购房"}, "housing", "这是旧的说法。现在的住房类型分得更细，请从列表里选择。"),
        ({"postcode": "26600"}, "postcode", "邮政编码是 6 位数字，请核对。"),
        ({"floor_area": "六十"}, "floor_area", "建筑面积请填 0 至 2000 的数字，最多一位小数。"),
        ({"worked_since": "去年"}, "worked_since", "工作时间请写成 2009-07-01 这样。"),
        ({"worked_since": "2099-01-01"}, "worked_since", "工作时间应在 1930 年以后、今天以前，请核对。"),
        ({"monthly_income": "-1"}, "monthly_income", "本人月平均收入不能是负数，没有就填 0。"),
        ({"monthly_income": "六千"}, "monthly_income", "本人月平均收入请只写数字，单位是元，例如 1234.56。"),
        ({"other_causes": ["illness"]}, "other_causes", "次要致困原因里不要再选主要致困原因。"),
        (
            {"other_causes": ["schooling", "accident", "laid_off", "other"]},
            "other_causes",
            "次要致困原因最多选 3 项，现在是 4 项。",
        ),
    ],
)
def test_a_wrong_entry_is_told_what_to_do(typed, name, sentence):
    assert checked(**typed).faults == {name: sentence}


def test_a_member_keeps_its_particulars_under_one_seal(clerk, mill):
    row = {"relation": "妻", "name": "薛腊梅", "id_number": made.WIFE_ID, "education": "大学", "work_status": "下岗"}
    dossier = actions.open_dossier(by=clerk, union=mill, fields=made.fields(), members=[row])
    member = dossier.members.get()
    assert (member.relation, member.particulars) == ("wife", {"education": "本科", "work_status": "laid_off"})


def test_a_wrong_particular_of_a_member_is_named_with_its_place(clerk, mill):
    row = {"relation": "wife", "name": "薛腊梅", "school_year": "1800", "phone": "call"}
    with pytest.raises(intake.Faults) as faults:
        actions.open_dossier(by=clerk, union=mill, fields=made.fields(), members=[row])
    assert faults.value.errors == {
        "members-0-phone": "第 1 位成员的电话应是 7 至 20 位数字，可以带区号和横线，请核对。",
        "members-0-school_year": "第 1 位成员的入学年份请填 1940 至 2027 之间的数。",
    }


def save(clerk, dossier, members=None, **typed):
    known = [{"id": member.pk, **(members or {})} for member in dossier.members.all()]
    return actions.save_dossier(
        by=clerk, dossier=dossier, version=dossier.version, fields=typed, members=known, reason="核对后更正"
    )


def said(dossier) -> list[tuple[str, str, str, str]]:
    return [
        (change.field, change.old, change.new, change.reason)
        for change in FieldChange.objects.filter(dossier=dossier).order_by("pk")
    ]


def test_every_change_is_told_from_what_to_what_and_sealed_ones_only_that_they_changed(clerk, mill):
    dossier = made.draft(clerk, mill, marital_status="已婚")
    save(clerk, dossier, marital_status="离异", monthly_income="3000", disability="肢体残疾二级", cause_note="新的说明")
    assert sorted(said(dossier)) == [
        ("婚姻状况", "已婚", "离异", "核对后更正"),
        ("本人月平均收入（元）", "（空）", "3,000.00", "核对后更正"),
        ("疾病/残疾类别", "（空）", "已登记", "核对后更正"),
        ("致困原因说明", "已登记", "已登记（有改动）", "核对后更正"),
    ]


def test_a_change_of_an_adult_member_names_the_field_and_of_a_child_nothing(clerk, mill):
    dossier = made.draft(clerk, mill)
    save(clerk, dossier, members={"education": "本科", "monthly_income": "2500"})
    assert sorted(said(dossier)) == [
        ("已登记成员（信息遮蔽）", "已登记", "已登记（有改动）", "核对后更正"),
        ("薛*梅（妻子）·当前学历", "（空）", "已登记", "核对后更正"),
        ("薛*梅（妻子）·月收入", "已登记", "已登记（有改动）", "核对后更正"),
    ]


def test_a_dash_clears_a_sealed_field_and_nothing_leaves_it(clerk, mill):
    dossier = made.draft(clerk, mill)
    fresh = save(clerk, dossier, other_contact="-", cause_note="")
    assert (fresh.other_contact, fresh.cause_note) == ("", made.CAUSE_NOTE)


def test_the_page_masks_what_is_sealed_alike_for_everybody(clerk, mill):
    told = holder_facts.by_name(made.draft(clerk, mill), full=False)
    other = holder_facts.by_name(
        made.draft(clerk, mill, name="别人", id_number=made.number(1981, 7), disability="视力残疾一级", cause_note=""),
        full=False,
    )
    hidden = ("disability", "other_causes", "cause_note")
    assert [told[name] for name in hidden] == [other[name] for name in hidden] == ["已遮蔽"] * 3


def test_what_most_forms_ask_for_is_listed_until_it_is_there(clerk, mill):
    dossier = made.draft(clerk, mill)
    before = holder_facts.missing(dossier)
    fresh = save(clerk, dossier, ethnicity="汉族", housing="租房")
    assert set(before) - set(holder_facts.missing(Dossier.objects.get(pk=fresh.pk))) == {"民族", "住房类型"}
