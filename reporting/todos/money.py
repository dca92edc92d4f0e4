"""What waits for a person around donations sent on by bank; joins the other todos."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from campaigns.enums import RemittanceState
from campaigns.models import Remittance
from campaigns.workflow import CONFIRMERS
from reporting.todos import Todo
from unions.enums import Role
from unions.models import Person


def remittances(person: Person) -> Iterator[Todo]:
    """Remittances that wait for the person's confirmation, and own ones that came back. One query."""
    confirms, enters = person.union_ids(CONFIRMERS), person.union_ids({Role.ENTER})
    if not confirms:
        return
    waiting = Q(state=RemittanceState.WAITING, confirms_at__in=confirms) & ~Q(entered_by=person)
    returned = Q(state=RemittanceState.RETURNED, union__in=enters)
    taken_back = Exists(Remittance.objects.filter(reverses=OuterRef("pk")))
    rows = Remittance.objects.visible_to(person).filter(waiting | returned).exclude(taken_back)
    found = rows.aggregate(waiting=Count("pk", filter=waiting), returned=Count("pk", filter=returned))
    url = reverse("remittances")
    if found["waiting"]:
        title = f"募捐汇款待确认 {found['waiting']} 笔"
        yield Todo(title, "核对银行进账后确认", f"{url}?code=waiting", "去确认", "banknotes", "warn")
    if found["returned"]:
        title = f"募捐汇款被退回 {found['returned']} 笔"
        yield Todo(title, "看退回原因，补充单据后重新报送", f"{url}?code=returned", "去处理", "banknotes", "bad")
