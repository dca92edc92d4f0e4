"""The yearly look at active files (年度复核), and the drawn check of those looks (抽查)."""

from __future__ import annotations

import datetime
import secrets

from django.db import transaction
from django.db.models import F, QuerySet

from beneficiaries.actions.chain import year_after
from beneficiaries.actions.claims import words_fault
from beneficiaries.actions.leaving import close_dossier
from beneficiaries.dossiers import drawing
from beneficiaries.enums import CheckResult, ClosingReason, HardshipClass, ReviewOutcome
from beneficiaries.models import (
    Assessment,
    Dossier,
    DossierPeriod,
    FieldChange,
    SpotCheck,
    SpotCheckItem,
    YearlyReview,
)
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

MOST = 400
"""Characters of what a review found."""


@transaction.atomic
def record_review(
    *, by: Person, dossier: Dossier, version: int, outcome: str, text: str, on: datetime.date | None = None
) -> YearlyReview:
    """Write down this year's look; the next is due a year later, a file out of hardship is closed at once.

    A second look in the same year is only for a file whose drawn check found something.
    """
    act, today = "review.record", clock.today()
    require(by, act, dossier)
    day = on or today
    _check(dossier, outcome, text, day, today)
    earlier = YearlyReview.objects.filter(dossier=dossier, year=day.year).first()
    if earlier is not None and not _was_faulted(earlier):
        raise Refused(f"{day.year} 年已经复核过这份档案。", "不用再办；情况变了请修改档案。", act=act, obj=dossier)
    values = {
        "union": dossier.union,
        "outcome": outcome,
        "class_before": _class_before(dossier) if outcome == ReviewOutcome.CHANGED else dossier.hardship_class,
        "class_after": dossier.hardship_class,
        "text": text.strip(),
        "reviewed_on": day,
        "due_before": dossier.review_due_on,
        "by": by,
        "at": clock.db_now(),
    }
    review, _ = YearlyReview.objects.update_or_create(dossier=dossier, year=day.year, defaults=values)
    _move_on(by, dossier, version, review)
    audit.record(
        act=act,
        by=by,
        union=dossier.union,
        obj=review,
        fields=["outcome", "review_due_on"],
        after={"outcome": outcome, "text": review.text},
        detail={"year": day.year, "dossier": dossier.number},
    )
    if outcome == ReviewOutcome.OUT:
        close_dossier(
            by=by,
            dossier=Dossier.objects.select_related("union").get(pk=dossier.pk),
            version=version + 1,
            reason=ClosingReason.OUT_OF_HARDSHIP,
            text=review.text,
            on=day,
        )
    return review


@transaction.atomic
def draw_check(*, by: Person, union: Union, year: int, share: int | None = None, asked: int | None = None) -> SpotCheck:
    """Draw a share (per cent) or a number of the year's reviews that this union decides, with a stored seed."""
    act = "check.draw"
    check = SpotCheck(union=union, year=year, share=share, asked=asked, drawn_by=by)
    require(by, act, check)
    if (
        (share is None) == (asked is None)
        or share not in (None, *range(1, 101))
        or asked not in (None, *range(1, 1001))
    ):
        raise Refused("比例（1 至 100）和户数（1 至 1000）填一个。", "改好以后再抽。", status=422, act=act)
    reviews = {review.dossier.number: review for review in population(union, year).select_related("dossier")}
    if not reviews:
        raise Refused(
            f"{year} 年没有可以抽的复核。", "等建档工会登记年度复核以后再抽；已经抽过的不再抽。", status=422, act=act
        )
    check.population, check.population_digest = len(reviews), drawing.digest_of(list(reviews))
    check.seed, check.drawn_at = secrets.token_hex(8), clock.db_now()
    check.save(force_insert=True)
    count = drawing.how_many(len(reviews), share=share, asked=asked)
    numbers = drawing.drawn(check.seed, reviews, count)
    SpotCheckItem.objects.bulk_create(
        SpotCheckItem(check_list=check, place=place, review=reviews[number]) for place, number in enumerate(numbers, 1)
    )
    detail = {"year": year, "population": check.population, "drawn": count, "seed": check.seed}
    audit.record(act=act, by=by, union=union, obj=check, fields=["seed"], detail=detail)
    return check


def population(union: Union, year: int) -> QuerySet[YearlyReview]:
    """The reviews of the year whose files this union reviews, those drawn before left out."""
    rows = YearlyReview.objects.filter(year=year, dossier__review_union=union, dossier__restricted=False)
    return rows.exclude(pk__in=SpotCheckItem.objects.filter(check_list__union=union).values("review"))


@transaction.atomic
def record_check(
    *, by: Person, item: SpotCheckItem, version: int, result: str, note: str, on: datetime.date | None = None
) -> SpotCheckItem:
    """Write down what the check of one drawn review found; a wrong one makes the file due again at once."""
    act, today = "check.record", clock.today()
    require(by, act, item)
    if result not in CheckResult.values:
        raise Refused("请选择抽查结果。", "选好以后再登记。", status=422, act=act, obj=item)
    fault = words_fault(note, "抽查") if result != CheckResult.RIGHT or note.strip() else ""
    if fault:
        raise Refused(fault, "写好情况后再登记。", status=422, act=act, obj=item)
    if (on or today) > today:
        raise Refused("抽查日期在今天之后。", "请填写已经抽查的日期。", status=422, act=act, obj=item)
    if item.review.by_id == by.pk:
        raise Refused("您自己复核的，要由别人抽查。", "请交给同岗位的另一位同事。", status=403, act=act, obj=item)
    moved = SpotCheckItem.objects.filter(pk=item.pk, version=version).update(
        result=result,
        note=note.strip(),
        checked_on=on or today,
        by=by,
        at=clock.db_now(),
        version=F("version") + 1,
    )
    if moved != 1:
        raise Stale(act=act, obj=item)
    if result != CheckResult.RIGHT:
        _due_again(by, item, result, note)
    detail = {"result": result, "dossier": item.review.dossier.number}
    audit.record(act=act, by=by, union=item.check_list.union, obj=item, fields=["result"], detail=detail)
    return SpotCheckItem.objects.get(pk=item.pk)


def _check(dossier: Dossier, outcome: str, text: str, day: datetime.date, today: datetime.date) -> None:
    act, fault, todo = "review.record", "", "改好以后再登记。"
    if outcome not in ReviewOutcome.values:
        fault = "请选择复核结论。"
    elif day > today or day.year < today.year - 1:
        fault = "复核日期应在今天以前、去年一月一日以后。"
    elif len(text) > MOST:
        fault = f"情况最多 {MOST} 个字，请缩短。"
    else:
        fault = words_fault(text[:200], "复核")
    if not fault and outcome == ReviewOutcome.CHANGED:
        since = clock.start_of_day(datetime.date(day.year, 1, 1))
        if not Assessment.objects.filter(dossier=dossier, assessed_at__gte=since).exists():
            fault, todo = "类别有变，要先重新评估。", "请在档案页“困难评估”里重新评估，按新类别审批下来以后再登记复核。"
        elif dossier.hardship_class in ("", HardshipClass.NONE):
            fault, todo = "新的评估结果是“不符合”。", "请选“不再困难”，或写明理由人工认定。"
    if fault:
        raise Refused(fault, todo, status=422, act=act, obj=dossier)


def _was_faulted(review: YearlyReview) -> bool:
    found = SpotCheckItem.objects.filter(review=review, result__in=(CheckResult.FLAWED, CheckResult.WRONG))
    return found.exists()


def _class_before(dossier: Dossier) -> str:
    """The class that the file had before the present one."""
    rows = DossierPeriod.objects.filter(dossier=dossier).exclude(hardship_class=dossier.hardship_class)
    last = rows.order_by("-valid_from", "-pk").values_list("hardship_class", flat=True).first()
    return last or dossier.hardship_class


def _move_on(by: Person, dossier: Dossier, version: int, review: YearlyReview) -> None:
    due = year_after(review.reviewed_on)
    rows = Dossier.objects.filter(pk=dossier.pk, state=dossier.state, version=version)
    if rows.update(review_due_on=due, version=F("version") + 1, changed_at=review.at) != 1:
        raise Stale(act="review.record", obj=dossier)
    FieldChange.objects.create(
        dossier=dossier,
        field="年度复核",
        old=str(dossier.review_due_on or ""),
        new=f"{review.get_outcome_display()}，下次 {due}",
        reason=review.text[:200],
        by=by,
        at=review.at,
    )


def _due_again(by: Person, item: SpotCheckItem, result: str, note: str) -> None:
    """The keeper sees the file among those whose review is due, with the reason in its history."""
    now = clock.db_now()
    Dossier.objects.filter(pk=item.review.dossier_id).update(
        review_due_on=clock.today(), version=F("version") + 1, changed_at=now
    )
    FieldChange.objects.create(
        dossier=item.review.dossier,
        field="复核抽查",
        new=str(CheckResult(result).label),
        reason=note[:200],
        by=by,
        at=now,
    )
