"""Pages of dossiers: what each person sees, what never leaves masked, what a wrong entry is told."""

import base64
import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.actions import households
from beneficiaries.models import Dossier, DossierMove, DossierPeriod, SubsistenceStandard
from beneficiaries.verifiers import dossiers
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.cast import log_in
from unions import attachments
from unions.models import AuditEvent

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
MARKERS = [
    made.HOLDER_ID,
    made.WIFE_ID,
    made.number(2019, 4),
    made.PHONE,
    made.ADDRESS,
    made.CARD,
    made.BANK,
    made.HEALTH,
    made.OTHER_CONTACT,
    made.CAUSE_NOTE,
    made.PLACE,
    made.CHILD,
    made.WIFE,
    "唐志远",
]


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def dossier(cast, clerk, mill):
    return made.draft(clerk, mill)


def shown(client: Client, person, name: str, *args) -> str:
    """The page as the person gets it."""
    answer = log_in(client, person).get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "page", ["dossier_list", "dossier_detail", "dossier_edit", "dossier_assess", "visit_household"]
)
def test_no_marker_leaves_a_masked_page(client, clerk, dossier, page):
    made.assess(clerk, dossier)
    args = [] if page in ("dossier_list", "visit_household") else [dossier.pk]
    text = shown(client, clerk, page, *args)
    # the edit form shows the name (class L3) and lists every illness to choose from, none of them chosen
    allowed = {"唐志远", made.HEALTH} if page == "dossier_edit" else set()
    assert [marker for marker in MARKERS if marker in text and marker not in allowed] == []
    assert f'value="{made.HEALTH}" selected' not in text


def test_the_saved_number_lies_sealed_in_the_database(cast, dossier):
    made.assess(cast.clerk, dossier)
    with connection.cursor() as cursor:
        text = ""
        for table in (
            "beneficiaries_dossier",
            "beneficiaries_member",
            "beneficiaries_fieldchange",
            "unions_auditevent",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            text += str(cursor.fetchall())
    # the name of the householder is of class L3 and clear by decision D4
    assert [marker for marker in MARKERS if marker in text] == ["唐志远"]


@pytest.mark.parametrize(
    ("name", "state", "status"),
    [
        ("second_clerk", "posted", 200),
        ("reviewer", "posted", 200),
        ("county_reviewer", "posted", 404),
        ("city_reviewer", "posted", 404),
        ("school_clerk", "posted", 404),
        ("stranger", "posted", 404),
    ],
)
def test_a_file_is_seen_by_its_keeper_and_the_levels_that_decide(client, cast, dossier, name, state, status):
    made.walk(cast, dossier, until=state)
    assert log_in(client, getattr(cast, name)).get(reverse("dossier_detail", args=[dossier.pk])).status_code == status


def test_the_deciding_level_above_sees_the_file_from_the_application_on(client, cast, museum, museum_clerk, city):
    SubsistenceStandard.objects.create(union=city, year=clock.today().year, monthly=Decimal("780"))
    dossier = made.draft(museum_clerk, museum)
    url = reverse("dossier_detail", args=[dossier.pk])
    assert log_in(client, cast.city_reviewer).get(url).status_code == 404
    made.assess(museum_clerk, dossier)
    actions.apply_dossier(by=museum_clerk, dossier=dossier, version=dossier.version)
    assert client.get(url).status_code == 200
    assert log_in(client, cast.province_reviewer).get(url).status_code == 404


def test_out_of_reach_and_unknown_answer_alike(client, stranger, dossier):
    log_in(client, stranger)
    answers = [client.get(reverse("dossier_detail", args=[pk])) for pk in (dossier.pk, 999999)]
    bodies = {answer.content.replace(answer["X-Request-Id"].encode(), b"") for answer in answers}
    assert ({answer.status_code for answer in answers}, len(bodies)) == ({404}, 1)


def test_a_transferred_file_is_seen_at_its_new_keeper(client, cast, dossier):
    active = made.walk(cast, dossier)
    url = reverse("dossier_detail", args=[dossier.pk])
    assert log_in(client, cast.school_clerk).get(url).status_code == 404
    typed = {"version": active.version, "to": cast.school.pk, "text": "调入实验小学工作"}
    answer = log_in(client, cast.clerk).post(reverse("dossier_transfer", args=[dossier.pk]), typed)
    assert answer.status_code == 302
    assert client.get(url).status_code == 200
    move = DossierMove.objects.get()
    accept = reverse("move_answer", args=[move.pk])
    agreed = {"version": move.version, "decision": "yes", "answer": ""}
    page = log_in(client, cast.school_clerk).post(accept, agreed, follow=True)
    keeper = cast.school.called
    assert [str(each) for each in page.context["messages"]] == [f"档案已转到{keeper}，从今天起由{keeper}保管。"]
    assert client.get(url).status_code == 200
    assert log_in(client, cast.clerk).get(url).status_code == 404


def unmask(client, person, dossier, **typed):
    given = {"purpose": "contact", "reason": "通知补材料"} | typed
    return log_in(client, person).post(reverse("household_unmask", args=[dossier.pk]), given)


def test_looking_in_full_writes_one_row_and_shows_once(client, clerk, dossier):
    answer = unmask(client, clerk, dossier)
    text = answer.content.decode()
    assert [marker for marker in MARKERS if marker not in text] == []
    assert answer["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.get(act="household.unmask")
    assert event.detail == {"purpose": "contact", "reason": "通知补材料"}
    assert event.fields == sorted(households.FIELDS)
    assert made.HOLDER_ID not in shown(client, clerk, "dossier_detail", dossier.pk)


def test_looking_in_full_needs_purpose_and_reason(client, clerk, dossier):
    answer = unmask(client, clerk, dossier, purpose="", reason="")
    assert answer.status_code == 422
    assert [marker for marker in MARKERS if marker in answer.content.decode()] == []
    assert not AuditEvent.objects.filter(act="household.unmask").exists()


def test_a_reason_with_a_number_of_somebody_is_refused(client, clerk, dossier):
    answer = unmask(client, clerk, dossier, purpose="contact", reason=f"核对 {made.HOLDER_ID}")
    assert answer.status_code == 422
    assert not AuditEvent.objects.filter(act="household.unmask", outcome="done").exists()


def test_looking_in_full_has_an_hourly_limit(client, clerk, dossier, settings):
    settings.RELIEF_UNMASK_PER_HOUR = 2
    assert [unmask(client, clerk, dossier).status_code for _ in range(3)] == [200, 200, 429]
    assert AuditEvent.objects.filter(act="household.unmask", outcome="done").count() == 2


def test_the_cashier_of_the_union_sees_no_household_in_full(client, cashier, dossier):
    assert unmask(client, cashier, dossier).status_code == 403


def test_opening_a_case_routed_to_oneself_shows_it_with_one_row(client, cast, dossier):
    made.walk(cast, dossier, until="posted")
    assert made.HOLDER_ID in shown(client, cast.reviewer, "dossier_detail", dossier.pk)
    event = AuditEvent.objects.get(act="household.unmask")
    assert (event.person, event.detail) == (cast.reviewer, {"purpose": "decide"})
    assert made.HOLDER_ID not in shown(client, cast.approver, "dossier_detail", dossier.pk)
    assert made.HOLDER_ID not in shown(client, cast.clerk, "dossier_detail", dossier.pk)


def test_a_child_is_one_locked_line(client, clerk, dossier):
    text = shown(client, clerk, "dossier_detail", dossier.pk)
    assert text.count("未满14周岁成员 1 人，信息全部遮蔽") == 1
    assert "女儿" not in text


def typed_form(members: int = 0, **changed) -> dict:
    """What the browser sends for a new file."""
    form = {
        "name": "韩冬生",
        "id_number": made.number(1980, 5),
        "work_status": "on_post",
        "level": "county",
        "cause": "schooling",
        "request_key": "k1",
        "members-TOTAL_FORMS": str(members),
        "members-INITIAL_FORMS": "0",
    }
    for place in range(members):
        form |= {f"members-{place}-relation": "son", f"members-{place}-name": f"成员{place}"}
    return form | changed


def test_a_file_is_opened_over_the_form_and_only_once(client, clerk, mill):
    log_in(client, clerk)
    answers = [client.post(reverse("dossier_new"), typed_form()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Dossier.objects.get().union == mill
    assert {answer.url for answer in answers} == {reverse("dossier_detail", args=[Dossier.objects.get().pk])}


def test_the_same_key_with_other_content_is_refused(client, clerk):
    log_in(client, clerk)
    client.post(reverse("dossier_new"), typed_form())
    assert client.post(reverse("dossier_new"), typed_form(name="别人")).status_code == 422
    assert Dossier.objects.count() == 1


def test_ninety_members_are_refused_in_words(client, clerk):
    answer = log_in(client, clerk).post(reverse("dossier_new"), typed_form(members=90))
    assert answer.status_code == 422
    assert "一份档案最多登记 50 位家庭成员，多出的没有保存；请核对是否把几户填在了一起。" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_fifty_members_are_kept(client, clerk):
    assert log_in(client, clerk).post(reverse("dossier_new"), typed_form(members=50)).status_code == 302
    assert Dossier.objects.get().members.count() == 50


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"id_number": made.number(1980, 5)[:-1] + "0"}, "户主的身份证号的最后一位（校验码）不对"),
        ({"sex": "female"}, "户主的性别与身份证号不一致（号码对应“男”），请核对两项。"),
        ({"card_number": "6221260000000001"}, "银行卡号最后一位校验不符，请与卡面核对。"),
        ({"cause": ""}, "请选择主要致困原因。"),
        ({"phone": "call me"}, "电话应是 7 至 20 位数字"),
        (
            {"members-0-id_number": "123", "members-0-name": "甲", "members-0-relation": "son"},
            "第 1 位成员的身份证号应是 18 位",
        ),
        (
            {"members-0-id_number": made.number(1980, 5), "members-0-name": "甲", "members-0-relation": "son"},
            "第 1 位成员与户主的身份证号相同，请核对。",
        ),
    ],
)
def test_a_wrong_entry_is_named_and_what_was_typed_stays(client, clerk, typed, sentence):
    answer = log_in(client, clerk).post(reverse("dossier_new"), typed_form(members=1) | typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'value="韩冬生"' in text
    assert not Dossier.objects.exists()


def test_another_file_is_named_by_its_union_only(client, cast, dossier):
    made.walk(cast, dossier, until="applied")
    answer = log_in(client, cast.school_clerk).post(reverse("dossier_new"), typed_form(id_number=made.HOLDER_ID))
    text = answer.content.decode()
    assert (
        "户主的身份证号已登记在“青岬县第一中学工会”的档案里。一人只能在一份档案里：可以申请转入、写明理由重复登记，或改正号码。"
        in text
    )
    assert dossier.number not in text
    assert "唐*远" not in text
    event = AuditEvent.objects.filter(act="dossier.probe", person=cast.school_clerk).get()
    assert event.detail == {"asked": 1, "found": 1}


def test_a_file_of_the_own_union_is_opened_rather_than_asked_for(client, cast, clerk, dossier):
    made.walk(cast, dossier, until="applied")
    answer = log_in(client, clerk).post(reverse("dossier_new"), typed_form(id_number=made.HOLDER_ID))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "户主的身份证号已登记在本工会的另一份档案里。一人只能在一份档案里：请打开那一份修改，或改正号码。" in text
    link = f'<a href="{reverse("dossier_detail", args=[dossier.pk])}">{dossier.number}</a>'
    assert (link in text, 'name="held" value="ask"' in text, 'name="held" value="claim"' in text) == (True, False, True)


def test_a_member_of_another_file_is_found_too(client, cast, dossier):
    made.walk(cast, dossier, until="applied")
    answer = log_in(client, cast.school_clerk).post(reverse("dossier_new"), typed_form(id_number=made.WIFE_ID))
    assert answer.status_code == 422
    assert "登记在“青岬县第一中学工会”的档案里" in answer.content.decode()


def test_a_draft_of_another_union_is_not_told(client, cast, dossier):
    assert (
        log_in(client, cast.school_clerk).post(reverse("dossier_new"), typed_form(id_number=made.HOLDER_ID)).status_code
        == 302
    )


def test_searching_by_saving_has_a_daily_limit(client, clerk, settings):
    settings.RELIEF_PROBES_PER_DAY = 2
    log_in(client, clerk)
    statuses = [
        client.post(
            reverse("dossier_new"), typed_form(id_number=made.number(1980, 5 + place), request_key=f"k{place}")
        ).status_code
        for place in range(3)
    ]
    assert statuses == [302, 302, 422]
    assert Dossier.objects.count() == 2


def edit_form(dossier, **changed) -> dict:
    members = list(dossier.members.all())
    form = {
        "version": dossier.version,
        "name": "唐志远",
        "sex": "male",
        "employer": "青岬县第一中学",
        "work_status": "on_post",
        "level": "county",
        "members-TOTAL_FORMS": str(len(members)),
        "members-INITIAL_FORMS": str(len(members)),
    }
    form |= {f"members-{place}-id": member.pk for place, member in enumerate(members)}
    return form | changed


def test_empty_boxes_leave_what_is_sealed(client, clerk, dossier):
    before = {
        name: getattr(dossier, name) for name in ("id_number", "phone", "address", "health", "cause", "card_number")
    }
    answer = log_in(client, clerk).post(
        reverse("dossier_edit", args=[dossier.pk]), edit_form(dossier, employer="新单位")
    )
    assert answer.status_code == 302
    saved = Dossier.objects.get(pk=dossier.pk)
    assert {name: getattr(saved, name) for name in before} == before
    assert saved.employer == "新单位"
    assert [member.name for member in saved.members.all()] == [made.WIFE, made.CHILD]


def test_a_dash_clears_and_a_member_can_be_removed(client, clerk, dossier):
    typed = edit_form(dossier, phone="-") | {"members-0-DELETE": "on"}
    assert log_in(client, clerk).post(reverse("dossier_edit", args=[dossier.pk]), typed).status_code == 302
    saved = Dossier.objects.get(pk=dossier.pk)
    assert (saved.phone, [member.name for member in saved.members.all()]) == ("", [made.CHILD])


def test_a_member_of_another_file_cannot_be_smuggled_in(client, cast, dossier):
    other = actions.open_dossier(
        by=cast.school_clerk,
        union=cast.school,
        fields=made.fields(id_number=made.number(1969, 7)),
        members=[{"relation": "son", "name": "外人"}],
    )
    typed = edit_form(dossier, **{"members-0-id": other.members.get().pk})
    answer = log_in(client, cast.clerk).post(reverse("dossier_edit", args=[dossier.pk]), typed)
    assert answer.status_code == 422
    assert "第 1 位成员已经不在这份档案里，请刷新页面后再改。" in answer.content.decode()
    assert other.members.get().name == "外人"


def test_a_stale_save_shows_both_and_keeps_the_typed(client, clerk, second_clerk, dossier):
    typed = edit_form(dossier, employer="我填的单位")
    actions.save_dossier(
        by=second_clerk,
        dossier=dossier,
        version=dossier.version,
        fields={"employer": "别人填的单位"},
        members=[{"id": member.pk} for member in dossier.members.all()],
    )
    log_in(client, clerk)
    answer = client.post(reverse("dossier_edit", args=[dossier.pk]), typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<td>工作单位</td><td>别人填的单位</td><td>我填的单位</td>" in text
    assert 'value="我填的单位"' in text
    assert Dossier.objects.get(pk=dossier.pk).employer == "别人填的单位"
    again = typed | {"version": Dossier.objects.get(pk=dossier.pk).version}
    assert client.post(reverse("dossier_edit", args=[dossier.pk]), again).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).employer == "我填的单位"


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_for_one_and_three(client, clerk, mill, dossier):
    log_in(client, clerk)
    one = queries(client, reverse("dossier_list"))
    for place in range(2):
        made.draft(clerk, mill, id_number=made.number(1970 + place, 9))
    assert queries(client, reverse("dossier_list")) == one


def test_the_list_filters_by_state_class_number_and_name(client, clerk, mill, dossier):
    other = made.draft(clerk, mill, name="陆文秀", id_number=made.number(1972, 8))
    made.assess(clerk, other)
    log_in(client, clerk)

    def numbers(query: str) -> list[str]:
        return [row["number"] for row in client.get(reverse("dossier_list") + query).context["rows"]]

    assert numbers("") == ["G1-0001", "G1-0002"]
    assert numbers("?class=deep") == ["G1-0002"]
    assert numbers("?state=active") == []
    assert numbers("?number=g1-0001") == ["G1-0001"]
    answer = client.post(reverse("dossier_search"), {"name": "陆"})
    assert (answer.status_code, answer.url) == (302, "/dossiers/")
    assert numbers("") == ["G1-0002"]
    client.post(reverse("dossier_search"), {"name": "陆", "clear": "1"})
    assert numbers("") == ["G1-0001", "G1-0002"]


def test_an_empty_list_says_what_to_do(client, clerk, county_reviewer):
    assert "先新建一户，做困难评估，再提交申请。" in shown(client, clerk, "dossier_list")
    assert "轮到您审核、审批时会出现在这里。" in shown(client, county_reviewer, "dossier_list")


def test_the_chain_is_walked_over_the_pages(client, cast, dossier):
    log_in(client, cast.clerk)
    inputs = {"version": dossier.version, "persons": 4, "yearly_income": "109,560", "rigid_expenses": "74480"}
    assert client.post(reverse("dossier_assess", args=[dossier.pk]), inputs).status_code == 302
    today = clock.today()
    steps = [
        ("clerk", "apply", {}),
        ("second_clerk", "visit", {"on": today}),
        ("clerk", "post", {"on": today, "until": today + datetime.timedelta(days=7)}),
        ("reviewer", "review", {}),
        ("approver", "approve", {"opened_on": today, "level": "county"}),
    ]
    for name, step, typed in steps:
        now = Dossier.objects.get(pk=dossier.pk)
        answer = log_in(client, getattr(cast, name)).post(
            reverse("dossier_step", args=[dossier.pk, step]), {"version": now.version, "text": "同意", **typed}
        )
        assert (step, answer.status_code) == (step, 302)
    assert Dossier.objects.get(pk=dossier.pk).state == "active"


def test_who_may_take_the_next_step_is_said(client, cast, dossier):
    made.walk(cast, dossier, until="posted")
    text = shown(client, cast.clerk, "dossier_detail", dossier.pk)
    assert "由 青岬县第一中学工会 的审核岗位办理（姜若水）" in text
    assert "“审核”由青岬县第一中学工会的审核办理，您在该工会没有这个岗位。" in text


def test_evidence_is_kept_sealed_and_given_out_with_a_row(client, clerk, dossier):
    log_in(client, clerk)
    picture = SimpleUploadedFile("户口本.png", PNG, content_type="image/png")
    answer = client.post(reverse("evidence_add", args=[dossier.pk]), {"kind": "户口本", "upload": picture})
    assert answer.status_code == 302
    row = attachments.of(dossier).get()
    url = reverse("evidence_download", args=[dossier.pk, row.pk])
    assert (
        client.post(url).status_code,
        AuditEvent.objects.filter(act="household.unmask", outcome="done").count(),
    ) == (
        409,
        0,
    )
    look = {"purpose": "verify", "reason": "核对户口本"}
    assert client.post(reverse("household_unmask", args=[dossier.pk]), look).status_code == 200
    answer = client.post(url)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert AuditEvent.objects.filter(act="household.unmask", outcome="done").last().fields == ["evidence"]


def test_a_wrong_kind_of_file_is_refused_at_its_field(client, clerk, dossier):
    wrong = SimpleUploadedFile("x.exe", b"MZ", content_type="application/octet-stream")
    answer = log_in(client, clerk).post(reverse("evidence_add", args=[dossier.pk]), {"kind": "户口本", "upload": wrong})
    assert answer.status_code == 422
    assert not attachments.of(dossier).exists()


def test_verify_finds_a_tampered_history_and_a_swapped_seal(cast, dossier):
    made.walk(cast, dossier)
    assert [*dossiers.dossier_periods(), *dossiers.household_seals()] == []
    DossierPeriod.objects.filter(dossier=dossier, valid_to__isnull=True).update(state="closed")
    assert [finding.message for finding in dossiers.dossier_periods()] == ["最后一段与档案当前的状态、类别或工会不符"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE beneficiaries_dossier SET phone = card_number")
    assert [(finding.row, finding.message) for finding in dossiers.household_seals()] == [
        ("G1-0001", "密文打不开：phone")
    ]
