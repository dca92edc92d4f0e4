"""The oracle is worth nothing when it borrows from what it judges; and its own tables are checked against the notice."""

import ast
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from tests.oracle import oracle
from tests.oracle.forms_by_hand import SHAANXI_2024, Blank
from tests.oracle.random_worlds import random_world

HERE = Path(__file__).parent
APART = (
    "forms_by_hand.py",
    "ledger.py",
    "oracle.py",
    "random_facts.py",
    "random_filings.py",
    "random_worlds.py",
    "six_forms.py",
)
ALLOWED = {f"tests.oracle.{name.removesuffix('.py')}" for name in APART} | {"tests.oracle"}


def imported(path: Path) -> set[str]:
    """Every module that the file imports, by any statement or by name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        if isinstance(node, ast.Name) and node.id in ("__import__", "exec", "eval"):
            found.add(node.id)
    return found


def test_the_oracle_imports_the_standard_library_and_itself_only():
    foreign = {
        (name, module)
        for name in APART
        for module in imported(HERE / name)
        if module not in ALLOWED and (module.split(".")[0] not in sys.stdlib_module_names or module == "importlib")
    }
    assert foreign == set()


def test_no_module_of_the_oracle_is_left_out_of_this_check():
    others = {path.name for path in HERE.glob("*.py")} - {"__init__.py", "test_apart.py", "test_oracle.py"}
    assert others == set(APART)


def test_the_table_of_2024_has_the_49_blanks_of_the_notice():
    assert len({blank.code for blank in SHAANXI_2024}) == len(SHAANXI_2024) == 49
    assert Counter(blank.unit for blank in SHAANXI_2024) == {"家": 1, "万元": 22, "人次": 26}
    assert [blank.code for blank in SHAANXI_2024 if blank.parts] == ["B", "C", "D", "E", "F"]


def test_print_rounds_half_up_once():
    wan = Blank("B", "万元", 2)
    shown = [oracle.printed(wan, fen) for fen in (5_007_481_499, 1_234_999, 5_000, 4_999, -5_000, 0)]
    assert shown == [Decimal(n) for n in ("5007.48", "1.23", "0.01", "0.00", "-0.01", "0.00")]
    assert [oracle.printed(wan, value) for value in (None, oracle.NA)] == [None, None]


def test_sums_skip_what_is_not_filled_and_what_does_not_apply():
    na = oracle.NA
    cases = [[1, None, na], [None, na], [na, na], [0, None]]
    assert [oracle.add(parts, 0) for parts in cases] == [1, None, na, 0]


def test_the_same_seed_gives_the_same_world():
    assert random_world(7) == random_world(7)
    assert random_world(7) != random_world(8)


def test_the_20_worlds_hold_what_they_are_meant_to_try():
    worlds = [random_world(seed) for seed in range(1, 21)]
    seen: Counter[str] = Counter()
    for world in worlds:
        filings = oracle.compute(world)
        seen["reversals"] += sum("reversal" in payout for payout in world["payouts"])
        seen["paid by a superior"] += sum(p["paid_from"] != p["union"] for p in world["payouts"])
        seen["moves"] += sum(e["event"] == "transfer" for h in world["households"] for e in h["history"])
        seen["without a number"] += sum("id_number" not in p["recipient"] for p in world["payouts"] if "recipient" in p)
        seen["splits"] += sum(len({line["source"] for line in p["lines"]}) > 1 for p in world["payouts"])
        seen["typed"] += sum(bool(filing.typed) for filing in filings.values())
        seen["dashes"] += sum(oracle.NA in filing.own.values() for filing in filings.values())
        seen["second rounds"] += sum(len(filing.rounds) > 1 for filing in filings.values())
        seen["never handed in"] += sum(not filing.rounds for filing in filings.values())
        seen["taken in late"] += sum(_changed_since(filing) for filing in filings.values() if filing.children)
        seen["counted once of two"] += sum(_met_twice(filing) for filing in filings.values() if filing.children)
        for act in ("nil", "adjust", "withdraw", "return", "finalise"):
            seen[act] += sum(filing["act"] == act for filing in world["filings"])
    assert [what for what, times in seen.items() if times < 5] == []
    assert {len(world["unions"]) for world in worlds} <= set(range(6, 15))


def _changed_since(filing: oracle.Filing) -> bool:
    return bool(filing.rounds) and filing.rounds[-1].consolidated != filing.consolidated


def _met_twice(filing: oracle.Filing) -> bool:
    """Whether the last round counted somebody once whom two unions below had counted."""
    if not filing.rounds:
        return False
    last = filing.rounds[-1]
    keys = [row.keys for row in (last, *oracle._all_below(last.pins))]
    return any(sum(len(k[code]) for k in keys) > len(set().union(*(k[code] for k in keys))) for code in last.keys)
