"""What the first page says of donations sent on by bank."""

from campaigns import actions
from reporting.todos.money import remittances
from tests.campaigns.drive import confirm, remit


def said(person):
    return [todo.title for todo in remittances(person)]


def test_who_confirms_is_told_and_who_sent_it_when_it_comes_back(cast):
    row = remit(cast, None)
    assert (said(cast.county_cashier), said(cast.clerk), said(cast.county_reviewer)) == (
        ["募捐汇款待确认 1 笔"],
        [],
        [],
    )
    confirm(cast, row)
    assert said(cast.county_cashier) == []
    actions.return_remittance(by=cast.county_cashier, remittance=row.__class__.objects.get(), version=2, reason="错")
    assert (said(cast.county_cashier), said(cast.clerk)) == ([], ["募捐汇款被退回 1 笔"])
