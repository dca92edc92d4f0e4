"""Which versions of the rules about money hold on a day, for a campaign, at a union."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q

from beneficiaries.enums import RuleEffect, RuleState
from beneficiaries.models import FundRule
from beneficiaries.rules import Rule
from unions.models import Union

Place = tuple[str, bool, int | None]
"""Key, whether for one campaign, scope: where versions follow each other."""


def rules_for(campaigns: Collection[int | None], unions: Iterable[Union]) -> list[FundRule]:
    """The rows that may bind a payout of these campaigns at these unions: shipped, of the campaign, of a union of the
    line. One query."""
    line = {union_id for union in unions for union_id in union.line_ids()}
    return list(
        FundRule.objects.filter(Q(campaign=None) | Q(campaign__in=campaigns), Q(scope=None) | Q(scope__in=line))
        .filter(state=RuleState.CONFIRMED)
        .select_related("campaign__issuer")
    )


def in_force(
    rows: Iterable[FundRule], campaign_id: int | None, day: datetime.date, line: Sequence[int] = ()
) -> list[Rule]:
    """The rules that hold for a campaign on a day at a union, whose line is given from the root down."""
    return [
        Rule(row.key, row.effect, row.origin, frozenset(row.sources), row.parameters, row.pk)
        for row in rows_in_force(rows, campaign_id, day, line)
    ]


def rows_in_force(
    rows: Iterable[FundRule], campaign_id: int | None, day: datetime.date, line: Sequence[int] = ()
) -> list[FundRule]:
    """The newest version of every key and place. A campaign's row takes the place of what its issuer and those above
    it have standing, the top union's row that of the shipped one; a row of a union below holds beside them: it makes a
    rule harder and never softer.
    """
    newest: dict[Place, FundRule] = {}
    for row in rows:
        if not _holds(row, campaign_id, day, line):
            continue
        place = (row.key, row.campaign_id is not None, row.scope_id)
        held = newest.get(place)
        if held is None or row.version > held.version:
            newest[place] = row
    chosen = [row for row in newest.values() if not _replaced(row, newest, line) and row.effect != RuleEffect.OFF]
    return sorted(chosen, key=lambda row: (row.key, line.index(row.scope_id) if row.scope_id else -1))


def _holds(row: FundRule, campaign_id: int | None, day: datetime.date, line: Sequence[int]) -> bool:
    in_time = row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    here = row.campaign_id in (None, campaign_id) and (row.scope_id is None or row.scope_id in line)
    return in_time and here and row.state == RuleState.CONFIRMED


def _replaced(row: FundRule, newest: Mapping[Place, FundRule], line: Sequence[int]) -> bool:
    if row.campaign_id is not None:
        return False
    of_campaign = newest.get((row.key, True, None))
    if of_campaign is not None and of_campaign.campaign is not None:
        return row.scope_id is None or row.scope_id in of_campaign.campaign.issuer.line_ids()
    return row.scope_id is None and bool(line) and (row.key, False, line[0]) in newest
