"""Ways around the separation of duties that issue 4 opened: standards, objections, posts, doubled requests (R-08, R-09, R-32)."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.dossiers import intake
from beneficiaries.models import Payout, PublicList, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries.households import HOLDER_ID
from tests.campaigns.importing.desk import checked, confirmed, counts
from tests.cast import log_in
from unions import actions as union_actions
from unions.actions.staff import grant_posts
from unions.enums import JobState, Role
from unions.models import Account, Person, Post
from unions.policy import Refused

YEAR = 2026
POSTS = ["登录名", "工会代码", "岗位"]


def standard(by, union, monthly="99999"):
    return actions.set_standard(by=by, union=union, year=YEAR, monthly=Decimal(monthly))


# ---------------------------------------------------------------- the standard that classes and caps follow from
def test_an_enterer_does_not_set_the_standard_of_the_own_union(client, cast):
    with pytest.raises(Refused) as refusal:
        standard(cast.clerk, cast.mill)
    assert (refusal.value.status, refusal.value.next_step) == (
        403,
        "请县级以上工会登记，或请本工会的审核、审批人登记。",
    )
    answer = log_in(client, cast.clerk).post(reverse("standards"), {"year": YEAR, "monthly": "99999"})
    assert (answer.status_code, SubsistenceStandard.objects.count()) == (403, 0)


def test_nobody_below_the_county_sets_another_than_the_county(cast):
    standard(cast.county_clerk, cast.county, "780")
    with pytest.raises(intake.Faults) as faults:
        standard(cast.approver, cast.mill)
    assert faults.value.errors == {"year": "青岬县教育工会已登记 2026 年的低保标准，青岬县第一中学工会不能另设。"}


# ---------------------------------------------------------------- objections
def test_who_prepared_a_public_list_does_not_dismiss_objections_to_it(cast):
    today = clock.today()
    row = PublicList.objects.create(
        union=cast.mill, kind="payouts", title="公示", starts_on=today, ends_on=today + datetime.timedelta(days=9),
        contact="县总工会", state="published", token="t" * 43, count=0, prepared_by=cast.clerk,
        prepared_at=clock.db_now(), approve_union=cast.mill,
    )  # fmt: skip
    objection = actions.record_objection(by=cast.second_clerk, public_list=row, received_on=today, text="收入不实")
    decided = {"objection": objection, "version": 1, "outcome": "dismissed", "answer": "不属实"}
    with pytest.raises(Refused, match="这份名单是您拟的，异议要由另一个人核查。"):
        actions.decide_objection(by=cast.clerk, **decided)
    assert actions.decide_objection(by=cast.second_clerk, **decided).outcome == "dismissed"


# ---------------------------------------------------------------- posts
def lapsed(cast):
    at = clock.db_now()
    post = Post.objects.create(
        person=cast.clerk, union=cast.mill, role=Role.PAY, granted_at=at - datetime.timedelta(days=9),
        until=at - datetime.timedelta(days=1),
    )  # fmt: skip
    Account.objects.filter(person=cast.clerk).update(union=cast.mill)
    return post


def test_a_post_that_ran_out_is_given_anew_by_file(cast):
    lapsed(cast)
    job = checked(cast.security_admin, cast.province, "posts", POSTS, ["clerk", "G1", "出纳"])
    assert counts(job)["new"] == 1
    assert confirmed(cast.security_admin, job).state == JobState.DONE
    assert Person.objects.get(pk=cast.clerk.pk).holds({Role.PAY}, cast.mill.pk)


def test_a_post_that_ran_out_is_given_anew_by_hand(cast):
    old = lapsed(cast)
    union_actions.grant_post(by=cast.security_admin, person=cast.clerk, union=cast.mill, role=Role.PAY)
    assert Person.objects.get(pk=cast.clerk.pk).holds({Role.PAY}, cast.mill.pk)
    assert Post.objects.get(pk=old.pk).revoked_at == old.until


def test_a_checked_file_does_not_make_somebody_two_of_three(cast):
    """What a file was checked against may have changed when it is written: the write asks once more."""
    row = {"person_id": cast.clerk.pk, "union": cast.mill, "role": Role.SYSTEM, "until": None}
    with pytest.raises(Refused, match="三员会与别的岗位由一人兼任"):
        grant_posts(by=cast.security_admin, union=cast.province, rows=[row])
    assert Post.objects.filter(role=Role.SYSTEM, person=cast.clerk).count() == 0


def test_a_grant_asks_the_database_and_not_what_was_loaded_before(cast):
    stale = Person.objects.get(pk=cast.clerk.pk)
    Post.objects.filter(person=stale).update(revoked_at=clock.db_now())
    assert stale.posts_now() == []
    Post.objects.filter(person=stale).update(revoked_at=None)
    with pytest.raises(Refused, match="三员分立"):
        union_actions.grant_post(by=cast.security_admin, person=stale, union=cast.province, role=Role.SECURITY)


# ---------------------------------------------------------------- words that stay in the audit record
def test_no_number_gets_into_the_audit_record_as_a_reason(cast):
    """The record is append-only: what somebody types there could never be taken out again (R-13)."""
    for run, given in (
        (actions.return_payouts, {"payouts": []}),
        (actions.fail_payout, {"payout": Payout(union=cast.mill)}),
    ):
        with pytest.raises(Refused, match="原因里有证件号或卡号一类的号码。"):
            run(by=cast.reviewer, reason=f"证件号 {HOLDER_ID} 不对", **given)
