"""Facts that hold whatever the table of acts says, written by hand (security.md 2.3): it is never read here."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from beneficiaries import actions as household_actions
from beneficiaries.models import Assessment, Dossier, Member, Payout, PayoutLine, PayoutReversal, Visit
from campaigns import actions as campaign_actions
from campaigns.models import Activity, Allocation, Campaign, Donation, Drive, FundsRaised, Notice, Remittance
from reporting import actions
from reporting.models import Figure, Round, RoundFigure, Submission
from tests.beneficiaries import households
from tests.campaigns import stage
from tests.guards import world
from unions.actions import create_person, grant_post
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import Person, Post
from unions.policy import Refused

HOUSEHOLD = (Dossier, Member, Assessment, Payout, PayoutLine, PayoutReversal, Visit)
NUMBERS = (
    Submission,
    Figure,
    Round,
    RoundFigure,
    FundsRaised,
    Allocation,
    Donation,
    Drive,
    Remittance,
    Activity,
    Campaign,
    Notice,
)
ADMINS = ("system_admin", "security_admin", "audit_admin")
ELSEWHERE = (
    "school_clerk museum_clerk stranger organiser county_clerk county_reviewer county_approver county_cashier city_clerk"
    " city_reviewer city_approver province_clerk province_reviewer province_approver auditor"
).split()


@pytest.fixture
def here(cast):
    return world.build(cast)


def seen(models, person: Person) -> list[str]:
    """The tables of which the person sees a row of the mill, or a row of any union where rows name none."""
    return [model._meta.label for model in models if _of_the_mill(model).visible_to(person).exists()]


def _of_the_mill(model):
    """The school keeps a file of its own, which its clerk may see."""
    return model.objects.filter(union__code="G1") if model is Dossier else model.objects.all()


def again(person: Person) -> Person:
    """The person with the posts of this moment."""
    return Person.objects.get(pk=person.pk)


def test_administrators_never_see_a_household_or_a_figure(here):
    assert {name: seen((*HOUSEHOLD, *NUMBERS), getattr(here.cast, name)) for name in ADMINS} == {
        name: [] for name in ADMINS
    }


def test_nobody_elsewhere_sees_the_household_of_the_mill(here):
    """The mill decides its own cases: neither the line above it nor a neighbour sees who they are (R-11)."""
    assert {name: seen(HOUSEHOLD, getattr(here.cast, name)) for name in ELSEWHERE} == {name: [] for name in ELSEWHERE}


def test_a_person_without_a_post_sees_nothing(here):
    nobody = create_person(by=None, name="路过")
    assert seen((*HOUSEHOLD, *NUMBERS), nobody) == []


def test_a_person_whose_posts_ended_sees_nothing(here, clerk):
    Post.objects.filter(person=clerk).update(until="2024-01-01T00:00:00Z")
    assert seen((*HOUSEHOLD, *NUMBERS), again(clerk)) == []


def test_a_restricted_household_is_gone_for_everybody(here, clerk, reviewer, approver):
    """R-27: out of every list, for its keeper, too."""
    Dossier.objects.update(restricted=True)
    assert [Dossier.objects.visible_to(person).count() for person in (clerk, reviewer, approver)] == [0, 0, 0]


@pytest.mark.parametrize("role", [Role.REVIEW, Role.APPROVE, Role.PAY])
def test_nobody_decides_a_payout_they_entered(here, clerk, mill, role):
    """By person, across posts: a second post does not make a second person (R-09)."""
    grant_post(by=None, person=clerk, union=mill, role=role)
    payout = here.rows["draft_payout"]
    household_actions.plan_payouts(by=again(clerk), payouts=[(payout, payout.version)], key=new_key())
    step = {
        Role.REVIEW: household_actions.review_payouts,
        Role.APPROVE: household_actions.approve_payouts,
        Role.PAY: household_actions.release_payouts,
    }[role]
    if role != Role.REVIEW:
        _by_others(here, until=role)
    now = Payout.objects.get(pk=payout.pk)
    with pytest.raises(Refused):
        step(by=again(clerk), payouts=[(now, now.version)], key=new_key())
    assert Payout.objects.values_list("state", "version").get(pk=payout.pk) == (now.state, now.version)


def _by_others(here, until: str) -> None:
    for role, step, by in (
        (Role.APPROVE, household_actions.review_payouts, here.cast.reviewer),
        (Role.PAY, household_actions.approve_payouts, here.cast.approver),
    ):
        now = Payout.objects.get(pk=here.rows["draft_payout"].pk)
        step(by=by, payouts=[(now, now.version)], key=new_key())
        if role == until:
            return


@pytest.mark.parametrize("column", ["reviewed_by", "approved_by", "released_by"])
def test_the_database_keeps_the_hands_apart(here, clerk, column):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=here.rows["payout"].pk).update(**{column: clerk})


def test_nobody_reviews_or_approves_a_household_they_entered(here, clerk, mill):
    for role in (Role.REVIEW, Role.APPROVE):
        grant_post(by=None, person=clerk, union=mill, role=role)
    dossier = households.walk(here.cast, here.rows["draft_dossier"], until="posted")
    with pytest.raises(Refused):
        household_actions.review_dossier(by=again(clerk), dossier=dossier, version=dossier.version, text="同意")
    dossier = household_actions.review_dossier(
        by=here.cast.reviewer, dossier=dossier, version=dossier.version, text="同意"
    )
    with pytest.raises(Refused):
        household_actions.approve_dossier(
            by=again(clerk), dossier=dossier, version=dossier.version, text="同意", opened_on=None
        )


def test_the_reviewer_of_a_household_does_not_approve_it(here, reviewer, mill):
    grant_post(by=None, person=reviewer, union=mill, role=Role.APPROVE)
    dossier = households.walk(here.cast, here.rows["draft_dossier"], until="reviewed")
    with pytest.raises(Refused):
        household_actions.approve_dossier(
            by=again(reviewer), dossier=dossier, version=dossier.version, text="同意", opened_on=None
        )


def test_nobody_accepts_what_they_handed_in(here, clerk, county):
    grant_post(by=None, person=clerk, union=county, role=Role.REVIEW)
    submission = here.rows["submission"]
    actions.hand_in(by=clerk, submission=submission, version=submission.version, key=new_key())
    submission = Submission.objects.get(pk=submission.pk)
    with pytest.raises(Refused):
        actions.open_review(by=again(clerk), submission=submission, version=submission.version)
    submission = actions.open_review(by=here.cast.county_reviewer, submission=submission, version=submission.version)
    with pytest.raises(Refused):
        actions.accept(by=again(clerk), submission=submission, version=submission.version)


def test_the_filer_does_not_accept_and_the_next_level_does_not_reach_over(here):
    """Only the direct superior reviews: not the filing union, not the city over the county's head."""
    submission = here.rows["submission"]
    actions.hand_in(by=here.cast.clerk, submission=submission, version=submission.version, key=new_key())
    for name in ("reviewer", "city_reviewer", "province_reviewer", "stranger"):
        now = Submission.objects.get(pk=submission.pk)
        with pytest.raises(Refused):
            actions.open_review(by=getattr(here.cast, name), submission=now, version=now.version)


def test_nobody_above_writes_in_a_childs_form(here):
    submission = here.rows["submission"]
    for name in ("reviewer", "county_clerk", "city_clerk", "organiser", "system_admin"):
        with pytest.raises(Refused):
            actions.save_figures(
                by=getattr(here.cast, name), submission=submission, version=submission.version, typed={}
            )


def test_the_proposer_of_a_notice_does_not_publish_it(cast):
    notice = stage.make_draft(cast)
    campaign_actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    with pytest.raises(Refused):
        campaign_actions.publish_notice(by=cast.organiser, notice=notice, version=notice.version)
    assert Notice.objects.get(pk=notice.pk).published_at is None


def test_security_never_grants_to_themselves(security_admin, mill):
    with pytest.raises(Refused):
        grant_post(by=security_admin, person=security_admin, union=mill, role=Role.SECURITY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(person=security_admin).update(granted_by=security_admin)


def test_only_security_grants(cast, mill):
    newcomer = create_person(by=None, name="新来的")
    for name in ("system_admin", "audit_admin", "clerk", "approver", "organiser", "province_approver"):
        with pytest.raises(Refused):
            grant_post(by=getattr(cast, name), person=newcomer, union=mill, role=Role.ENTER)
    assert grant_post(by=cast.security_admin, person=newcomer, union=mill, role=Role.ENTER).role == Role.ENTER


@pytest.mark.parametrize("holder", ["system_admin", "security_admin", "audit_admin", "clerk"])
@pytest.mark.parametrize("role", [Role.SYSTEM, Role.SECURITY, Role.AUDIT_ADMIN, Role.ENTER, Role.AUDIT])
def test_three_administrators_are_three_people_and_do_no_business(cast, mill, holder, role):
    """R-08: none of the three holds another of the three, or a business role; and the other way round."""
    person = getattr(cast, holder)
    business = {Role.ENTER, Role.AUDIT}
    own = {"system_admin": Role.SYSTEM, "security_admin": Role.SECURITY, "audit_admin": Role.AUDIT_ADMIN}.get(holder)
    fits = role == own if own else role in business
    if holder == "clerk" and role == Role.ENTER:
        return
    if fits:
        assert grant_post(by=None, person=person, union=mill, role=role).role == role
    else:
        with pytest.raises(Refused):
            grant_post(by=None, person=person, union=mill, role=role)


def test_the_cashier_and_the_auditor_never_unmask(here):
    for name in ("cashier", "auditor", "county_cashier", "organiser"):
        with pytest.raises(Refused):
            household_actions.unmask(
                by=getattr(here.cast, name), dossier=here.rows["dossier"], purpose="visit", reason="看看"
            )


def test_a_published_notice_never_changes(here):
    notice = here.rows["notice"]
    with pytest.raises(Refused):
        campaign_actions.save_notice(
            by=here.cast.organiser,
            campaign=here.rows["campaign"],
            version=notice.version,
            fields={"title": "另一个标题"},
        )
    assert Notice.objects.get(pk=notice.pk).title == notice.title
