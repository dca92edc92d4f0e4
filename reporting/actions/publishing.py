"""Publishing a notice with everything that hangs on it: addressees, form versions, one submission per addressee (D21)."""

from __future__ import annotations

from django.db import transaction

from campaigns.actions import publish_notice
from campaigns.enums import DeliverableKind
from campaigns.models import Addressee, Campaign, Deliverable, Notice
from relief.lib import clock
from reporting.formstore import spec_of
from reporting.models import DeliverableForm, FormVersion, Submission
from unions import audit
from unions.models import Person
from unions.policy import Refused, require


@transaction.atomic
def choose_form(*, by: Person, deliverable: Deliverable, form_version: FormVersion) -> DeliverableForm:
    """Tie a deliverable of a campaign that is still a draft to a form version."""
    campaign = deliverable.campaign
    require(by, "form.choose", campaign)
    if deliverable.kind != DeliverableKind.FORM:
        raise Refused(
            f"“{deliverable.title}”不是统计表，不用选表样。",
            "请选择统计表类的材料。",
            status=422,
            act="form.choose",
            obj=campaign,
        )
    if campaign.published_at is not None and DeliverableForm.objects.filter(deliverable=deliverable).exists():
        raise Refused("通知已发布，表样不能直接换。", "更正表样请重新发布一版通知。", act="form.choose", obj=campaign)
    link, _ = DeliverableForm.objects.update_or_create(deliverable=deliverable, defaults={"form_version": form_version})
    audit.record(act="form.choose", by=by, union=campaign.issuer, obj=link, detail={"form": form_version.form_id})
    return link


@transaction.atomic
def publish(*, by: Person, notice: Notice, version: int) -> Notice:
    """Publish the notice, freeze its addressees, freeze the form versions in use, open one submission per addressee."""
    campaign = notice.campaign
    refuse_forms_missing(campaign)
    refuse_periods_missing(campaign)
    addressees = publish_notice(by=by, notice=notice, version=version)
    FormVersion.objects.filter(deliverable_links__deliverable__campaign=campaign, used_at__isnull=True).update(
        used_at=clock.db_now()
    )
    open_submissions(addressees)
    notice.refresh_from_db()
    return notice


def refuse_forms_missing(campaign: Campaign) -> None:
    """A deliverable of kind form needs its form before anybody can be asked to fill it in."""
    without = campaign.deliverables.filter(kind=DeliverableKind.FORM, form_link__isnull=True)
    titles = "、".join(without.values_list("title", flat=True))
    if titles:
        raise Refused(
            f"“{titles}”还没有选统计表样，不能发布。",
            "请到第 3 步“统计表”选好表样。",
            act="notice.publish",
            obj=campaign,
        )


def refuse_periods_missing(campaign: Campaign) -> None:
    """A form that counts over a second period needs its days: without them no filing of it could be opened."""
    links = DeliverableForm.objects.filter(deliverable__campaign=campaign, deliverable__second_from=None)
    for link in links.select_related("deliverable", "form_version").order_by("deliverable__order"):
        terms = [term for item in spec_of(link.form_version).items for term in item.terms]
        if any(term.period == "second" for term in terms):
            raise Refused(
                f"“{link.deliverable.title}”的表样要按第二期间取数，还没有填第二期间，不能发布。",
                "请到第 2 步，在这份材料里填上第二期间。",
                act="notice.publish",
                obj=campaign,
            )


def open_submissions(addressees: list[Addressee]) -> None:
    """One empty draft per addressee that has none yet."""
    have = set(Submission.objects.filter(addressee__in=addressees).values_list("addressee_id", flat=True))
    Submission.objects.bulk_create(
        [
            Submission(deliverable_id=a.deliverable_id, union_id=a.union_id, addressee=a)
            for a in addressees
            if a.pk not in have
        ]
    )
