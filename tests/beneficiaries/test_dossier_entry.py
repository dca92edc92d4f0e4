"""The entry form: rows without a script, what was typed kept and offered again, two versions side by side."""

import pytest
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.dossiers.intake import FIELDS, MEMBER_FIELDS
from beneficiaries.forms.dossier_entry import SECTIONS, DossierForm, MemberForm, MemberFormSet
from beneficiaries.models import Dossier, EntryDraft
from tests.beneficiaries import households as made
from tests.beneficiaries.test_dossier_pages import edit_form, typed_form
from tests.cast import log_in
from unions.policy import Refused


@pytest.fixture
def dossier(clerk, mill):
    return made.draft(clerk, mill)


def boxes_of(page) -> dict[str, str]:
    """The value of every named box of the form as the page shows it."""
    form, members = page.context["form"], page.context["members"]
    found = {field.html_name: field.value() for field in form}
    return found | {field.html_name: field.value() for row in members for field in row}


def test_every_field_of_a_file_has_its_box_and_every_box_its_field():
    boxes, rows = set(DossierForm.base_fields), set(MemberForm.base_fields)
    assert boxes - {"version", "request_key", "reason"} == set(FIELDS) - {"birth_date"}
    assert rows == set(MEMBER_FIELDS)


def test_every_box_stands_in_one_section():
    placed = [name for *_, names in SECTIONS for name in names.split()]
    assert sorted(placed) == sorted(set(DossierForm.base_fields) - {"version", "request_key"})


def test_thirty_full_rows_fit_into_one_request():
    """A request carries at most 1,000 boxes (T9): above thirty rows the particulars are left out."""
    for rows in (30, 50):
        members = MemberFormSet(prefix="members", initial=[{}] * (rows - 1))
        assert sum(len(form.fields) for form in members) + len(DossierForm.base_fields) + 6 < 1000


def test_a_row_is_added_without_a_script_and_without_judging(client, clerk):
    typed = typed_form(members=1, name="", phone="call me", add_member="1") | {"members-0-school_year": "18"}
    page = log_in(client, clerk).post(reverse("dossier_new"), typed)
    shown = boxes_of(page)
    assert (page.status_code, page.context["members"].total_form_count()) == (200, 2)
    assert (shown["phone"], shown["members-0-name"], shown["members-0-school_year"]) == ("call me", "成员0", "18")
    assert not page.context["form"].errors
    assert not Dossier.objects.exists()


def test_a_row_is_added_to_a_saved_file(client, clerk, dossier):
    url = reverse("dossier_edit", args=[dossier.pk])
    page = log_in(client, clerk).post(url, edit_form(dossier, add_member="1"))
    ids = [row["id"].value() for row in page.context["members"]]
    assert [str(pk or "") for pk in ids] == [*(str(member.pk) for member in dossier.members.all()), ""]


def test_what_is_typed_is_kept_sealed_and_offered_again(client, clerk, dossier):
    url = reverse("dossier_edit", args=[dossier.pk])
    answer = log_in(client, clerk).post(url, edit_form(dossier, phone="13900009999", note="打到一半", autosave="1"))
    assert (answer.status_code, "已自动存为草稿" in answer.content.decode()) == (200, True)
    page = client.get(url)
    shown = boxes_of(page)
    assert (shown["phone"], shown["note"]) == ("13900009999", "打到一半")
    assert "接着填上次没有保存的内容" in page.content.decode()
    assert "csrfmiddlewaretoken" not in EntryDraft.objects.get().body
    assert Dossier.objects.get().note == ""


def test_a_draft_is_its_persons_alone(client, cast, dossier):
    url = reverse("dossier_edit", args=[dossier.pk])
    log_in(client, cast.clerk).post(url, edit_form(dossier, note="打到一半", autosave="1"))
    page = log_in(client, cast.second_clerk).get(url)
    assert (boxes_of(page)["note"], page.context["kept_at"]) == ("", None)


def test_saving_and_dropping_end_the_draft(client, clerk, dossier):
    url = reverse("dossier_edit", args=[dossier.pk])
    log_in(client, clerk).post(url, edit_form(dossier, note="打到一半", autosave="1"))
    assert client.post(url, {"discard": "1"}).status_code == 302
    assert not EntryDraft.objects.exists()
    client.post(url, edit_form(dossier, note="写完了", autosave="1"))
    assert client.post(url, edit_form(dossier, note="写完了")).status_code == 302
    assert (EntryDraft.objects.count(), Dossier.objects.get().note) == (0, "写完了")


def test_a_draft_of_a_new_file_is_kept_too(client, clerk):
    log_in(client, clerk).post(reverse("dossier_new"), typed_form(members=2, autosave="1"))
    shown = boxes_of(client.get(reverse("dossier_new")))
    assert (shown["name"], shown["members-1-name"], shown["request_key"]) == ("韩冬生", "成员1", "k1")


def test_a_keystroke_that_arrives_after_the_save_is_no_draft(client, clerk):
    log_in(client, clerk).post(reverse("dossier_new"), typed_form())
    client.post(reverse("dossier_new"), typed_form(autosave="1"))
    page = client.get(reverse("dossier_new"))
    assert (page.context["kept_at"], boxes_of(page)["name"]) == (None, None)


def test_a_draft_that_somebody_overtook_is_compared_and_loses_nothing(client, cast, dossier):
    url = reverse("dossier_edit", args=[dossier.pk])
    log_in(client, cast.clerk).post(url, edit_form(dossier, employer="我的单位", autosave="1"))
    actions.save_dossier(
        by=cast.second_clerk,
        dossier=dossier,
        version=dossier.version,
        fields={"employer": "同事的单位"},
        members=[{"id": member.pk} for member in dossier.members.all()],
    )
    typed = {name: "" if value is None else value for name, value in boxes_of(client.get(url)).items()}
    typed |= edit_form(dossier, employer=typed["employer"], version=typed["version"])
    answer = client.post(url, typed)
    assert (answer.status_code, boxes_of(answer)["employer"]) == (409, "我的单位")
    assert ("工作单位", "同事的单位", "我的单位") in answer.context["differences"]
    assert Dossier.objects.get().employer == "同事的单位"


def test_nobody_keeps_a_draft_of_a_file_he_may_not_change(cast, dossier):
    with pytest.raises(Refused):
        actions.keep_draft(by=cast.school_clerk, union=dossier.union, dossier=dossier, typed={"name": ["甲"]})
    with pytest.raises(Refused):
        actions.keep_draft(by=cast.clerk, union=dossier.union, dossier=dossier, typed={"note": ["长" * 100_001]})


def test_a_wrong_particular_keeps_everything_typed_and_opens_its_fold(client, clerk):
    typed = typed_form(members=1, floor_area="六十", ethnicity="汉族") | {"members-0-phone": "call"}
    page = log_in(client, clerk).post(reverse("dossier_new"), typed)
    text, shown = page.content.decode(), boxes_of(page)
    assert page.status_code == 422
    assert "建筑面积请填 0 至 2000 的数字，最多一位小数。" in text
    assert (shown["ethnicity"], shown["floor_area"], shown["members-0-phone"]) == ("汉族", "六十", "call")


def test_all_faults_of_a_changed_file_are_told_at_once(client, clerk, dossier):
    typed = edit_form(dossier, floor_area="六十", name="", phone="call me")
    typed["members-0-id_number"] = made.number(1980, 5)[:-1]
    page = log_in(client, clerk).post(reverse("dossier_edit", args=[dossier.pk]), typed)
    form, members = page.context["form"], page.context["members"]
    assert page.status_code == 422
    assert sorted(form.errors) == ["floor_area", "name", "phone"]
    assert [sorted(row.errors) for row in members][0] == ["id_number"]
