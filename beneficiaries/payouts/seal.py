"""The seal of an approved payout: a MAC over the facts that the approver saw (R-20, D22)."""

from __future__ import annotations

from typing import Any

from beneficiaries.enums import Trait
from beneficiaries.models import Payout
from relief.lib import crypto
from relief.lib.money import to_fen


def sealed_facts(payout: Payout) -> dict[str, Any]:
    """What may not change between approval and payment: who, from whom, what for, how much, to which account at which bank."""
    # always there, empty or not: a bank that is filled in later must not look like a seal of before
    return {**_first_facts(payout), "seal": 2, "bank": crypto.blind_index(payout.bank, "bank")}


def _first_facts(payout: Payout) -> dict[str, Any]:
    """What seals covered before they covered the bank's name."""
    facts: dict[str, Any] = {
        "row_key": payout.row_key,
        "union": payout.union_id,
        "paid_from": payout.paid_from_id,
        "campaign": payout.campaign_id,
        "recipient": payout.recipient,
        "id_index": payout.id_index,
        "card": crypto.blind_index(payout.card_number, "card"),
        "group": payout.relief_group,
        "purpose": payout.purpose,
        "traits": [trait for trait in Trait.values if getattr(payout, trait)],
        "lines": sorted([line.source, line.route, to_fen(line.amount), line.item] for line in payout.lines.all()),
    }
    # only where it is asked for, so that what was sealed before holds
    return {**facts, "second": True} if payout.second_needed else facts


def seal(payout: Payout) -> str:
    """The proof to keep in `approved_mac`."""
    return crypto.mac(sealed_facts(payout))


def is_sealed(payout: Payout) -> bool:
    """Whether the payout is still what was approved.

    A seal of before the bank's name was covered holds for what it covered. Nobody makes such a seal any more, and
    without the key a new one cannot be turned into an old one.
    """
    proof = payout.approved_mac
    return crypto.mac_ok(sealed_facts(payout), proof) or crypto.mac_ok(_first_facts(payout), proof)
