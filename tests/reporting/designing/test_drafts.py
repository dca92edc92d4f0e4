"""Drafts of forms over actions and pages: nothing lost, faults told, versions frozen, rights kept."""

import copy
import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reporting import actions, designing, formstore
from reporting.actions.designing import Faulty
from reporting.models import FormDraft, FormVersion
from tests.cast import Cast, log_in
from tests.reporting.conftest import publish
from unions.actions import grant_post
from unions.enums import Role
from unions.models import AuditEvent
from unions.policy import Refused, Stale

ROOT = Path(__file__).resolve().parents[3]
MINI = json.loads((ROOT / "tests" / "fixtures" / "forms" / "mini.json").read_text(encoding="utf-8"))


@pytest.fixture
def mini():
    return copy.deepcopy(MINI)


@pytest.fixture
def draft(cast, mini) -> FormDraft:
    """The small form as a draft of the province."""
    return actions.create_draft(by=cast.organiser, union=cast.province, raw=mini)


@pytest.fixture
def organiser_elsewhere(cast):
    """`stranger` organises campaigns of another city's clinic."""
    grant_post(by=None, person=cast.stranger, union=cast.clinic, role=Role.ORGANISE)
    return cast.stranger


def url(draft, name=""):
    return f"/forms/designer/{draft.pk}/{name}"


def send(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


@pytest.fixture
def browser(cast) -> Client:
    return log_in(Client(), cast.organiser)


# Actions


def test_a_draft_is_saved_with_its_faults_and_leaves_one_audit_row_each_time(cast, draft, mini):
    mini["title"], mini["items"][2]["formula"] = "改了名", "02A+"
    saved = actions.save_draft(by=cast.organiser, draft=draft, version=1, raw=mini)
    assert (saved.version, saved.title, saved.spec) == (2, "改了名", mini)
    assert list(AuditEvent.objects.filter(act="form.design").values_list("detail", flat=True)) == [
        {"created": "mini"},
        {"version": 2},
    ]


def test_a_second_save_from_the_same_page_is_stale_and_changes_nothing(cast, draft, mini):
    seen = FormDraft.objects.get(pk=draft.pk)
    actions.save_draft(by=cast.organiser, draft=draft, version=1, raw=mini | {"title": "先到"})
    with pytest.raises(Stale):
        actions.save_draft(by=cast.second_organiser, draft=seen, version=1, raw=mini | {"title": "后到"})
    now = FormDraft.objects.get(pk=draft.pk)
    assert (now.title, now.changed_by, now.version) == ("先到", cast.organiser, 2)


def test_an_unusable_form_id_stays_in_the_draft_only(cast, draft, mini):
    saved = actions.save_draft(by=cast.organiser, draft=draft, version=1, raw=mini | {"id": "不行 id"})
    assert (saved.form_id, saved.spec["id"]) == ("mini", "不行 id")


def test_what_cannot_be_stored_is_refused(cast, draft, mini):
    with pytest.raises(Refused) as refusal:
        actions.save_draft(by=cast.organiser, draft=draft, version=1, raw=mini | {"script": 1})
    assert (refusal.value.status, refusal.value.reason) == (
        422,
        "表样没有保存：表样里有不认识的内容“script”。",
    )


def test_enabling_makes_the_next_version_and_freezes_the_draft(cast, draft, mini):
    first = actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    assert (first.form_id, first.version, first.spec["version"], draft.enabled_as) == ("mini", 1, 1, first)
    again = actions.create_draft(
        by=cast.organiser, union=cast.province, raw=designing.as_new_version(first.spec, 2), based_on=first
    )
    second = actions.enable_draft(by=cast.second_organiser, draft=again, version=1)
    assert (second.version, formstore.spec_of(second).item("02A").last_year) == (2, "02A")
    for act in (
        lambda: actions.save_draft(by=cast.organiser, draft=draft, version=2, raw=mini),
        lambda: actions.enable_draft(by=cast.organiser, draft=draft, version=2),
        lambda: actions.abandon_draft(by=cast.organiser, draft=draft, version=2),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == "这份草稿已启用为第 1 版，不能再改。"
    assert FormVersion.objects.filter(form_id="mini").count() == 2
    assert AuditEvent.objects.filter(act="form.enable").count() == 2


def test_a_version_that_is_there_is_never_written_again(cast, draft):
    """Used or not: enabling makes a new row, the old one keeps its digest."""
    old = formstore.store(MINI)
    created = actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    old.refresh_from_db()
    assert (old.version, created.version, old.spec) == (1, 2, MINI)


def test_a_form_with_faults_is_not_enabled_and_all_of_them_are_told(cast, mini):
    mini["items"][2]["formula"] = "02A+02Z"
    mini["items"][4]["unit"] = "人"
    mini["relations"].append({"child": "99", "parent": "02", "kind": "subset"})
    draft = actions.create_draft(by=cast.organiser, union=cast.province, raw=mini)
    with pytest.raises(Faulty) as refusal:
        actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    assert [fault["message"] for fault in refusal.value.faults] == [
        "项目“02B”的单位“人”不是金额单位，只能是万元或元。",
    ]
    mini["items"][4]["unit"] = "元"
    actions.save_draft(by=cast.organiser, draft=draft, version=1, raw=mini)
    with pytest.raises(Faulty) as refusal:
        actions.enable_draft(by=cast.organiser, draft=draft, version=2)
    told = [fault["message"] for fault in refusal.value.faults]
    assert [told[0], told[-1]] == ["项目“02”的公式里的“02Z”不是本表的项目。", "关系里的“99”不是本表的项目。"]
    assert FormVersion.objects.count() == 0


def test_a_counter_example_that_slips_through_blocks_enabling(cast, mini):
    mini["checks"][0]["expression"] = "05 >= 0"
    draft = actions.create_draft(by=cast.organiser, union=cast.province, raw=mini)
    with pytest.raises(Faulty) as refusal:
        actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    assert {fault["check"] for fault in refusal.value.faults} == {"served_per_event"}


def test_a_form_of_another_union_needs_a_code_of_ones_own(cast, draft, mini, organiser_elsewhere):
    actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    theirs = actions.create_draft(by=organiser_elsewhere, union=cast.clinic, raw=mini)
    with pytest.raises(Refused) as refusal:
        actions.enable_draft(by=organiser_elsewhere, draft=theirs, version=1)
    assert refusal.value.reason == "表样代码“mini”属于云岭省教科文卫体工会委员会，不能在这里出新版。"


def test_a_form_that_came_with_the_system_goes_on_at_the_top_alone(cast, mini, organiser_elsewhere):
    formstore.store(mini)
    theirs = actions.create_draft(by=organiser_elsewhere, union=cast.clinic, raw=mini | {"title": "仿制"})
    with pytest.raises(Refused) as refusal:
        actions.enable_draft(by=organiser_elsewhere, draft=theirs, version=1)
    assert refusal.value.reason == "表样代码“mini”是随系统提供的，新版只能由最上级工会启用。"
    ours = actions.create_draft(by=cast.organiser, union=cast.province, raw=mini | {"title": "新版"})
    assert actions.enable_draft(by=cast.organiser, draft=ours, version=1).version == 2


def test_only_organisers_of_the_union_design_and_enable(cast, draft, mini, organiser_elsewhere):
    for person in (cast.province_clerk, cast.province_approver, organiser_elsewhere):
        for act in (
            lambda person=person: actions.create_draft(by=person, union=cast.province, raw=mini),
            lambda person=person: actions.save_draft(by=person, draft=draft, version=1, raw=mini),
            lambda person=person: actions.enable_draft(by=person, draft=draft, version=1),
            lambda person=person: actions.abandon_draft(by=person, draft=draft, version=1),
        ):
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.status == 403
    assert list(FormDraft.objects.visible_to(organiser_elsewhere)) == []
    assert list(FormDraft.objects.visible_to(cast.second_organiser)) == [draft]


def test_a_draft_is_deleted_only_as_it_was_seen(cast, draft):
    with pytest.raises(Stale):
        actions.abandon_draft(by=cast.organiser, draft=draft, version=9)
    actions.abandon_draft(by=cast.organiser, draft=draft, version=1)
    assert FormDraft.objects.count() == 0


# Pages


def test_the_page_carries_form_lists_and_state(browser, draft):
    formstore.store(MINI | {"id": "another", "title": "另一张表"})
    page = browser.get(url(draft))
    state, lists = page.context["state"], page.context["catalogue"]
    assert (page.status_code, state["version"], state["faults"], state["previous"]) == (200, 1, [], None)
    assert state["urls"]["preview_pdf"] == url(draft, "form.pdf")
    assert [form["id"] for form in lists["forms"]] == ["another"]
    assert lists["forms"][0]["codes"][0] == {"code": "01A", "label": "建立档案的困难职工家庭"}
    assert 'id="form-spec"' in page.content.decode()


def test_saving_from_two_browsers_returns_both_versions(browser, cast, draft, mini):
    first = send(browser, url(draft, "save/"), {"version": 1, "spec": mini | {"title": "甲的"}})
    assert (first.status_code, first.json()["version"], first.json()["faults"]) == (200, 2, [])
    second = send(log_in(Client(), cast.second_organiser), url(draft, "save/"), {"version": 1, "spec": mini})
    told = second.json()
    assert (second.status_code, told["stale"], told["by"], told["version"], told["spec"]["title"]) == (
        409,
        True,
        cast.organiser.name,
        2,
        "甲的",
    )


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"not json", 422, "请求的内容不是 JSON 对象，没有收下。"),
        (b"[]", 422, "请求的内容不是 JSON 对象，没有收下。"),
        (b"{}", 422, "没有说是哪一次打开的草稿，没有保存。"),
        (b'{"version": 1}', 422, "表样数据不是一个对象。"),
        (
            b'{"version": 1, "spec": {"x": 1}}',
            422,
            "表样没有版面（layout）；表样没有项目表（items）；表样里有不认识的内容“x”。",
        ),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', 413, "内容超过 1024 KB，没有收下。"),
    ],
)
def test_a_body_that_is_no_form_is_refused_in_words(browser, draft, body, status, words):
    answer = browser.post(url(draft, "save/"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["refused"]) == (status, words)
    assert FormDraft.objects.get().version == 1


@pytest.mark.parametrize("name", ["save/", "check/", "recognise/", "preview/page/", "enable/"])
def test_a_posted_form_is_no_json(browser, draft, name):
    answer = browser.post(url(draft, name), {"version": "1"})
    assert (answer.status_code, answer.json()["refused"]) == (422, "请求的内容不是 JSON 对象，没有收下。")


def test_whoever_has_no_role_is_refused_in_json_and_out_of_reach_is_not_there(cast, draft, organiser_elsewhere):
    refused = send(log_in(Client(), cast.clerk), url(draft, "check/"), {"spec": {}})
    assert (refused.status_code, refused.json()["refused"]) == (
        403,
        "这一页供活动管理岗位使用，您现在没有这个岗位。",
    )
    outside = log_in(Client(), organiser_elsewhere)
    assert outside.get(url(draft)).status_code == 404
    for name in ("save/", "check/", "recognise/", "enable/", "preview/page/"):
        assert send(outside, url(draft, name), {"version": 1, "spec": MINI}).status_code == 404


def test_checking_and_recognising_keep_nothing(browser, draft, mini):
    mini["items"][2]["formula"] = "02A+02Z"
    checked = send(browser, url(draft, "check/"), {"spec": mini}).json()
    assert checked["formulas"] == {"02": {"ok": False, "message": "“02Z”不是本表的项目。"}}
    found = send(
        browser, url(draft, "recognise/"), {"text": "走访企业（家）\n其中：困难企业（家）", "spec": MINI}
    ).json()
    assert [(item["code"], item["unit"]) for item in found["items"]] == [("A", "家"), ("A1", "家")]
    assert found["relations"] == [{"child": "A1", "parent": "A", "kind": "subset"}]
    assert FormDraft.objects.get().version == 1


def test_previews_come_from_the_one_layout(browser, draft, mini):
    """Entry page and workbook; the PDF worker has tests of its own."""
    shown = send(browser, url(draft, "preview/page/"), {"spec": mini}).content.decode()
    assert shown.count("<input") == 8
    grid = send(browser, url(draft, "preview/excel/"), {"spec": mini}).json()["html"]
    assert all(f'<th scope="col">{letter}</th>' in grid for letter in "ABC")
    mini["layout"]["rows"].pop()
    faulty = send(browser, url(draft, "preview/page/"), {"spec": mini})
    assert (faulty.status_code, [fault["message"] for fault in faulty.json()["faults"]]) == (
        422,
        ["项目“05”在版面里没有空格。", "项目“05_1”在版面里没有空格。"],
    )
    assert send(browser, url(draft, "preview/word/"), {"spec": mini}).status_code == 404


def test_the_saved_draft_is_a_pdf_that_only_our_own_pages_may_frame(browser, cast, draft, mini):
    page = browser.get(url(draft))
    assert directives(page) & FRAMING == {"frame-src 'self'", "frame-ancestors 'none'"}
    assert page["X-Frame-Options"] == "DENY"
    shown = browser.get(page.context["state"]["urls"]["preview_pdf"], {"v": 1})
    assert (shown.status_code, shown["Content-Type"], shown.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert shown["Content-Disposition"] == f'inline; filename="{draft.form_id}.pdf"'
    assert (directives(shown) & FRAMING, shown["X-Frame-Options"]) == ({"frame-ancestors 'self'"}, "SAMEORIGIN")
    mini["layout"]["rows"].pop()
    actions.save_draft(by=cast.organiser, draft=draft, version=1, raw=mini)
    faulty = browser.get(url(draft, "form.pdf"))
    assert (faulty.status_code, faulty["X-Frame-Options"]) == (422, "SAMEORIGIN")
    assert "<li>项目“05”在版面里没有空格。</li>" in faulty.content.decode()


FRAMING = {f"{name} '{word}'" for name in ("frame-src", "frame-ancestors") for word in ("self", "none")}


def directives(answer) -> set[str]:
    return {part.strip() for part in answer["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize("form_id", ["shanghai-2019", "jinshan-2020-donation"])
def test_a_list_with_one_line_per_union_is_previewed_too(browser, draft, form_id):
    raw = json.loads((ROOT / "fixtures" / "forms" / f"{form_id}.json").read_text(encoding="utf-8"))
    shown = send(browser, url(draft, "preview/page/"), {"spec": raw})
    assert (shown.status_code, shown.content.decode().count("示例工会委员会") > 0) == (200, True)
    assert send(browser, url(draft, "preview/excel/"), {"spec": raw}).status_code == 200


def test_what_a_label_says_is_text_in_every_preview(browser, draft, mini):
    attack = "<script>alert(1)</script>"
    mini["layout"]["rows"][1]["cells"][2]["content"][0] = attack
    mini["title"] = attack
    page = send(browser, url(draft, "preview/page/"), {"spec": mini}).content.decode()
    grid = send(browser, url(draft, "preview/excel/"), {"spec": mini}).json()["html"]
    assert [text.count("<script") for text in (page, grid)] == [0, 0]
    assert [text.count("&lt;script&gt;") for text in (page, grid)] == [3, 3]


def test_a_preview_does_not_wait_for_right_checks(browser, draft, mini):
    mini["checks"][0]["expression"] = "05 <="
    assert send(browser, url(draft, "preview/page/"), {"spec": mini}).status_code == 200


def test_enabling_over_the_page_answers_with_the_version_or_the_faults(browser, draft, mini):
    assert send(browser, url(draft, "enable/"), {"version": 7}).status_code == 409
    answer = send(browser, url(draft, "enable/"), {"version": 1})
    version = FormVersion.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"url": f"/forms/{version.pk}/"})
    assert browser.get(url(draft))["Location"] == f"/forms/{version.pk}/"
    other = actions.create_draft(by=draft.created_by, union=draft.union, raw=mini | {"items": [], "relations": []})
    refused = send(browser, url(other, "enable/"), {"version": 1})
    assert (refused.status_code, refused.json()["faults"][0]["message"]) == (422, "表样没有项目。")


def new(browser, **data):
    return browser.post("/forms/designer/", data)


def test_a_draft_begins_blank_from_a_version_or_from_a_file(browser, cast, draft):
    version = actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    new(browser, source="blank", title="全新的表", form_id="brand-new", year="2027")
    new(browser, source="version", form_version=version.pk, year="2025")
    new(browser, source="version", form_version=version.pk, form_id="mini-b", title="乙表")
    exported = browser.get(f"/forms/{version.pk}/form.json")
    new(browser, source="file", file=SimpleUploadedFile("mini.json", exported.content))
    made = FormDraft.objects.filter(enabled_as=None).order_by("pk")
    assert [(d.form_id, d.title, d.spec["version"], d.based_on) for d in made] == [
        ("brand-new", "全新的表", 1, None),
        ("mini", "2025年送温暖小样表", 2, version),
        ("mini-b", "乙表", 1, version),
        ("mini", "2024年送温暖小样表", 1, None),
    ]
    assert made[3].spec == version.spec


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"source": "blank"}, "请填写表名。"),
        ({"source": "blank", "title": "表", "form_id": "大写"}, "代码只用小写字母、数字和连字符，例如 xianqu-2027。"),
        ({"source": "version"}, "请选择要复制的表样。"),
        ({"source": "file"}, "请选择从本系统“导出”的表样文件。"),
    ],
)
def test_a_draft_that_cannot_begin_says_why(browser, cast, sent, words):
    answer = new(browser, **sent)
    assert (answer.status_code, FormDraft.objects.count()) == (422, 0)
    assert [error for errors in answer.context["starts"][sent["source"]].errors.values() for error in errors][
        0
    ] == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "文件不是表样数据（JSON），请选择从本系统“导出”的表样文件。"),
        (b"[" * 100_000, "文件不是表样数据（JSON），请选择从本系统“导出”的表样文件。"),
        (
            b'{"id": "x", "__proto__": {}}',
            "表样没有版面（layout）；表样没有项目表（items）；表样里有不认识的内容“__proto__”。",
        ),
        (
            json.dumps(MINI | {"id": "../x"}).encode(),
            "表样代码“../x”不合要求。代码只用小写字母、数字和连字符，最多 60 个，例如 xianqu-2027。",
        ),
        (json.dumps(MINI | {"title": "a\x00b"}).encode(), "“a�b”里有不能保存的控制字符。"),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(browser, content, words):
    answer = new(browser, source="file", file=io.BytesIO(content))
    assert (answer.status_code, FormDraft.objects.count()) == (422, 0)
    assert answer.context["starts"]["file"].non_field_errors() == [words]


def test_a_file_that_is_too_large_is_not_read(browser):
    answer = new(browser, source="file", file=SimpleUploadedFile("big.json", b" " * 1_100_000))
    assert (answer.status_code, answer.context["starts"]["file"].errors["file"]) == (
        422,
        ["文件超过 1 MB，请选择从本系统“导出”的表样文件。"],
    )


def test_deleting_over_the_page_needs_the_version_that_was_seen(browser, draft):
    assert browser.post(url(draft, "abandon/"), {"version": "5"}).status_code == 409
    assert browser.post(url(draft, "abandon/"), {"version": "1"})["Location"] == "/forms/designer/"
    assert FormDraft.objects.count() == 0


def test_the_export_is_the_draft(browser, draft):
    answer = browser.get(url(draft, "export.json"))
    assert (json.loads(answer.content), answer["Content-Disposition"]) == (
        MINI,
        'attachment; filename="mini-draft.json"',
    )


def drafts_of(cast: Cast, count: int) -> None:
    for number in range(count):
        version = formstore.store(MINI | {"id": f"form-{number}"})
        raw = MINI | {"id": f"draft-{number}"}
        actions.create_draft(by=cast.organiser, union=cast.province, raw=raw, based_on=version)


def test_each_way_to_begin_has_its_own_fields_and_errors_stay_with_it(browser, draft):
    page = browser.get("/forms/designer/")
    assert {name: list(form.fields) for name, form in page.context["starts"].items()} == {
        "blank": ["title", "form_id", "year"],
        "version": ["form_version", "year", "form_id", "title"],
        "file": ["file"],
    }
    text = page.content.decode()
    assert [text.count(f'id="{name}-form_id"') for name in ("blank", "version", "file")] == [1, 1, 0]
    sent = new(browser, source="blank", title="新表", form_id="大写")
    bound = {name: form.is_bound for name, form in sent.context["starts"].items()}
    assert (sent.status_code, bound) == (422, {"blank": True, "version": False, "file": False})
    assert new(browser, source="nowhere").status_code == 422


def test_an_older_version_can_be_copied_too(browser, cast, draft):
    first = actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    second = actions.create_draft(by=cast.organiser, union=cast.province, raw=designing.as_new_version(MINI, 2))
    actions.enable_draft(by=cast.organiser, draft=second, version=1)
    page = browser.get(f"/forms/designer/?source=version:{first.pk}")
    assert page.context["starts"]["version"]["form_version"].initial == str(first.pk)
    new(browser, source="version", form_version=first.pk)
    made = FormDraft.objects.get(enabled_as=None)
    assert (made.based_on, made.spec["version"]) == (first, 3)


@pytest.mark.parametrize("address", ["/forms/designer/", "/forms/", "/forms/designer/%d/"])
def test_the_lists_take_the_same_queries_for_one_and_three(
    browser, cast, address, django_assert_max_num_queries, django_assert_num_queries
):
    drafts_of(cast, 1)
    address = address.replace("%d", str(FormDraft.objects.get().pk))
    browser.get(address)
    with django_assert_max_num_queries(30) as first:
        browser.get(address)
    drafts_of(cast, 3)
    with django_assert_num_queries(len(first.captured_queries)):
        browser.get(address)


def test_the_page_of_a_version_takes_the_same_queries_for_one_and_three_campaigns(
    browser, cast, draft, django_assert_max_num_queries
):
    version = actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    publish(cast, form_version=version, unions=[cast.city])
    browser.get(f"/forms/{version.pk}/")
    with django_assert_max_num_queries(20):
        page = browser.get(f"/forms/{version.pk}/")
    assert [campaign.code for campaign in page.context["campaigns"]] == ["sx-2024"]
    version.refresh_from_db()
    assert version.used_at is not None


def test_the_page_of_a_version_says_what_changed(browser, cast, draft):
    actions.enable_draft(by=cast.organiser, draft=draft, version=1)
    raw = designing.as_new_version(MINI, 2)
    raw["items"][0] |= {"label": "建档户数"}
    second = actions.create_draft(by=cast.organiser, union=cast.province, raw=raw)
    version = actions.enable_draft(by=cast.organiser, draft=second, version=1)
    page = browser.get(f"/forms/{version.pk}/")
    assert page.context["changes"].changed == [("01A", "名称", "建立档案的困难职工家庭", "建档户数")]
    assert [other.version for other in page.context["versions"]] == [2, 1]
