"""Two people at the same moment, real threads and connections: exactly one wins, the other is told who was faster."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from campaigns import actions as campaign_actions
from campaigns.models import Addressee
from reporting import actions, formstore
from reporting.enums import SubmissionState
from reporting.models import FormVersion, Move, Round, Submission
from tests import cast as named_cast
from tests.campaigns import stage
from tests.reporting.conftest import publish
from unions.actions import create_person, grant_post
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import AuditEvent, Person
from unions.policy import Refused
from unions.verifiers import audit_chain

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MANY = 20


def at_once(*acts) -> tuple[list, list[Refused]]:
    """Run the acts in threads that start together; their answers and their refusals. Anything else fails the test."""
    answers, refusals, broken = [], [], []
    start = threading.Barrier(len(acts))

    def run(act) -> None:
        start.wait()
        try:
            answers.append(act())
        except Refused as refusal:
            refusals.append(refusal)
        except Exception as fault:
            broken.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return answers, refusals


@pytest.fixture
def people():
    return named_cast.build()


@pytest.fixture
def running(people):
    """A published campaign on the cast."""
    formstore.load_forms()
    form = FormVersion.objects.get(form_id="shaanxi-2024")
    return publish(people, form_version=form, unions=[people.city, people.county, people.mill])


def second_reviewer(people) -> Person:
    person = create_person(by=None, name="楚云开")
    grant_post(by=None, person=person, union=people.county, role=Role.REVIEW)
    return Person.objects.get(pk=person.pk)


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def handed_in(people, running) -> Submission:
    submission = running.submission(people.mill)
    actions.hand_in(by=people.clerk, submission=submission, version=submission.version, key=new_key())
    return fresh(submission)


def test_two_reviewers_decide_at_once(people, running):
    submission = handed_in(people, running)
    opened = actions.open_review(by=people.county_reviewer, submission=submission, version=submission.version)
    other, seen = second_reviewer(people), opened.version
    answers, refusals = at_once(
        lambda: actions.accept(by=people.county_reviewer, submission=fresh(opened), version=seen),
        lambda: actions.return_submission(by=other, submission=fresh(opened), version=seen, reason="请核对"),
    )
    moves = Move.objects.filter(submission=submission, before=SubmissionState.IN_REVIEW).select_related("by")
    assert (len(answers), len(refusals), moves.count()) == (1, 1, 1)
    assert refusals[0].status == 409
    assert fresh(submission).state == moves.get().after


def test_the_slower_reviewer_is_told_who_was_faster(people, running):
    """Both have read the row before either writes: the sentence names the person and the new state."""
    submission = handed_in(people, running)
    opened = actions.open_review(by=people.county_reviewer, submission=submission, version=submission.version)
    slow = fresh(opened)
    actions.accept(by=people.county_reviewer, submission=fresh(opened), version=opened.version)
    with pytest.raises(Refused) as refusal:
        actions.return_submission(by=second_reviewer(people), submission=slow, version=slow.version, reason="请核对")
    assert refusal.value.status == 409
    assert refusal.value.reason.startswith(people.county_reviewer.name)


def test_twenty_hand_ins_with_one_key_are_one_round(people, running):
    submission = running.submission(people.mill)
    seen, key = submission.version, new_key()
    answers, refusals = at_once(
        *[
            lambda: (
                actions.hand_in(
                    by=people.clerk, submission=running.submission(people.mill), version=seen, key=key
                ).receipt
            )
        ]
        * MANY
    )
    assert (len(answers), len(set(answers)), refusals) == (MANY, 1, [])
    assert Round.objects.count() == 1
    assert AuditEvent.objects.filter(act="submission.submit", outcome="done").count() == 1


def test_twenty_hand_ins_with_twenty_keys_are_one_round(people, running):
    seen = running.submission(people.mill).version
    answers, refusals = at_once(
        *[
            lambda: actions.hand_in(
                by=people.clerk, submission=running.submission(people.mill), version=seen, key=new_key()
            )
        ]
        * MANY
    )
    assert (len(answers), len(refusals), Round.objects.count()) == (1, MANY - 1, 1)
    assert {refusal.status for refusal in refusals} == {409}


def test_a_withdrawal_and_an_opening_at_once(people, running):
    """Either the clerk gets the filing back or the review begins: never both."""
    submission = handed_in(people, running)
    seen = submission.version
    answers, refusals = at_once(
        lambda: actions.withdraw(by=people.clerk, submission=fresh(submission), version=seen),
        lambda: actions.open_review(by=people.county_reviewer, submission=fresh(submission), version=seen),
    )
    assert (len(answers), len(refusals)) == (1, 1)
    assert fresh(submission).version == seen + 1


def test_two_confirmations_of_one_notice_are_one(people):
    notice = stage.make_draft(people)
    notice = campaign_actions.propose_notice(by=people.organiser, notice=notice, version=notice.version) or notice
    notice.refresh_from_db()
    seen = notice.version

    def confirm(by):
        return lambda: campaign_actions.publish_notice(
            by=by, notice=type(notice).objects.get(pk=notice.pk), version=seen
        )

    answers, refusals = at_once(confirm(people.second_organiser), confirm(people.province_approver))
    assert (len(answers), len(refusals)) == (1, 1)
    assert Addressee.objects.count() == len(answers[0])
    assert AuditEvent.objects.filter(act="notice.publish", outcome="done").count() == 1


def test_the_chains_stay_whole_under_load(people):
    """Twenty acts at once: every event has its place, no gap and no fork (NL4)."""
    at_once(
        *[
            lambda: grant_post(
                by=people.security_admin,
                person=create_person(by=None, name="新来的"),
                union=people.mill,
                role=Role.ENTER,
            )
        ]
        * MANY
    )
    assert AuditEvent.objects.filter(act="post.grant", person=people.security_admin).count() == MANY
    assert list(audit_chain()) == []
