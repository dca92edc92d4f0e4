"""A bank file at hand held against what was made: told and on record, nothing kept."""

from __future__ import annotations

from django.db import transaction

from beneficiaries.bankfiles.facts import content_digest, lines_of, transfers_of
from beneficiaries.banking import differences, from_json
from beneficiaries.models import BankFile
from relief.lib.tables import Fault
from unions import audit
from unions.models import Person
from unions.policy import Refused, require


@transaction.atomic
def check_bank_file(*, by: Person, bank_file: BankFile, data: bytes) -> list[Fault]:
    """Every place where the file differs from what was made; empty when it is the same. `BadWorkbook` when unreadable."""
    require(by, "bank.check", bank_file)
    layout, transfers = from_json(bank_file.layout), transfers_of(line.payout for line in lines_of(bank_file))
    if content_digest(layout, transfers) != bank_file.digest:
        raise Refused(
            "做好这份文件以后，里面有的发放退回改过，不能再逐格核对。",
            "请核对后来做的那一份；没有退回过的，请联系系统管理员做完整性检查。",
            act="bank.check",
            obj=bank_file,
        )
    found = differences(layout, transfers, data)
    audit.record(
        act="bank.check", by=by, union=bank_file.union, obj=bank_file, fields=["card_number", "recipient"], money=True,
        detail={"number": bank_file.number, "count": bank_file.count, "differences": len(found)},
    )  # fmt: skip
    return found
