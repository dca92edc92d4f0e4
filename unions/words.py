"""Words that stand in the clear: reasons, opinions, notes."""

from __future__ import annotations

from django.db.models import Model

from relief.lib import idnumber
from unions.policy import Refused


def refuse_numbers(text: str, what: str, instead: str, *, act: str = "", obj: Model | None = None) -> None:
    """Refuse words that carry an ID or card number: they are read by many, some stay in the audit record for good (R-13).

    `what` names the words (原因), `instead` what a record can be named by (发放编号).
    """
    if idnumber.contains_number(text):
        raise Refused(
            f"{what}里有证件号或卡号一类的号码。", f"请去掉号码，用{instead}说明。", status=422, act=act, obj=obj
        )
