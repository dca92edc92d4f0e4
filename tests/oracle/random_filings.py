"""Random filings of a random world: in any order a real year may bring, but never one that the rules refuse."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle import oracle
from tests.oracle.oracle import Filing, Place

STEP = 130  # minutes between two acts
FIRST = 25 * 24 * 60


def fill(world: dict[str, Any], random: Random) -> None:
    """Append the filings of every form of the world's campaign."""
    for deliverable in world["campaigns"][0]["deliverables"]:
        _Year(world, random, deliverable).run()


class _Year:
    def __init__(self, world: dict[str, Any], random: Random, deliverable: dict[str, Any]) -> None:
        self.world, self.random, self.deliverable = world, random, deliverable
        self.line = oracle.reports_to(world, world["campaigns"][0])
        self.state = dict.fromkeys(self.line, "draft")
        self.now: dict[Place, Filing] = oracle.compute(world)

    def run(self) -> None:
        late = [union for union in self.line if union != "P" and self.random.random() < 0.2]
        missing = [union for union in self.line if union != "P" and union not in late and self.random.random() < 0.12]
        order = sorted(self.line, key=lambda union: (-self._depth(union), self.random.random()))
        for union in order:
            if union in missing:
                self._missing(union)
            elif union not in late:
                self._file(union)
        for union in sorted(late, key=lambda union: -self._depth(union)):
            self._file(union)
        self._again()

    def _depth(self, union: str) -> int:
        above = self.line[union]
        return 0 if above is None else 1 + self._depth(above)

    def _has_children(self, union: str) -> bool:
        return union in self.line.values()

    def _act(self, union: str, act: str, **more: Any) -> None:
        minutes = max(FIRST - STEP * len(self.world["filings"]), 1)
        row = {"at": f"-{minutes}m", "act": act, "campaign": "sx-2024", "deliverable": self.deliverable["key"]}
        self.world["filings"].append({**row, "union": union, **more})
        self.state[union] = oracle.STATES.get(act, self.state[union])

    def _submit(self, union: str, **more: Any) -> None:
        self._act(union, "submit", explain=self._explained(), missing_note="节后补报", **more)

    def _explained(self) -> dict[str, str]:
        keys = {"shaanxi-2024": ["paid_within_raised"], "mini": ["served_per_event"], "helped": []}
        return dict.fromkeys(keys[self.deliverable["form"]], "有上年结转")

    def _missing(self, union: str) -> None:
        """Nothing, or a draft that was never handed in."""
        if self.random.random() < 0.5:
            self._act(union, "save", typed=self._typed(union))

    def _file(self, union: str) -> None:
        filing = self.now["sx-2024", self.deliverable["key"], union]
        silent = not any(filing.counted.values()) and self.deliverable["form"] == "shaanxi-2024"
        if silent and not self._has_children(union):
            self._act(union, "nil", reason="本期没有发生")
        else:
            if self._has_children(union) and self.random.random() < 0.5:
                self._adjust(union, filing)
            if self.random.random() < 0.25:
                self._act(union, "save", typed=self._typed(union), explain=self._explained())
            self._submit(union, typed=self._typed(union))
        self._review(union, silent)

    def _review(self, union: str, silent: bool) -> None:
        roll = self.random.random()
        if union == "P":
            if roll < 0.6:
                self._act(union, "finalise")
        elif roll < 0.1:
            pass
        elif roll < 0.18:
            self._act(union, "open")
        elif roll < 0.26:
            self._return(union)
        elif roll < 0.34 and not silent:
            self._withdraw(union, again=roll < 0.31)
        elif roll < 0.55 and not silent:
            self._return(union)
            self._submit(union, typed=self._typed(union))
            self._act(union, "accept")
        else:
            self._act(union, "accept")

    def _return(self, union: str) -> None:
        self._act(union, "open")
        self._act(union, "return", reason="请核对", pins={self._codes()[0]: "是否漏报"})

    def _withdraw(self, union: str, again: bool) -> None:
        self._act(union, "withdraw")
        self.state[union] = "draft"
        if again:
            self._submit(union, typed=self._typed(union))
            self._act(union, "accept")

    def _again(self) -> None:
        """Some superiors that still can take in what came late hand in once more."""
        for union in sorted(self.line, key=lambda union: -self._depth(union)):
            if not self._has_children(union) or self.random.random() < 0.4:
                continue
            if self.state[union] == "in_review":
                self._act(union, "return", reason="下级有补报")
                self._submit(union)
                self._act(union, "accept")
            elif self.state[union] == "returned":
                self._submit(union)

    def _codes(self) -> list[str]:
        return [blank.code for blank in self._filing_of("P").blanks if not blank.parts]

    def _filing_of(self, union: str) -> Filing:
        return self.now["sx-2024", self.deliverable["key"], union]

    # What is typed

    def _adjust(self, union: str, filing: Filing) -> None:
        own = filing.counted
        choices = {
            "shaanxi-2024": [("B4", "0.0123"), ("G", "2"), ("E1", "1"), *((c, "-1") for c in "AG" if own.get(c))],
            "mini": [("02B", "12.34"), ("01A", "1")],
            "helped": [("P1", "1"), ("P3", "0.000001"), ("P7", "-1" if own.get("P7") else "3")],
        }
        code, value = self.random.choice(choices[self.deliverable["form"]])
        self._act(union, "adjust", code=code, value=value, title="电话更正", reason="与上级核对")

    def _typed(self, union: str) -> dict[str, dict[str, str]]:
        filing = self._filing_of(union)
        make = {"shaanxi-2024": self._shaanxi, "mini": self._mini, "helped": self._helped}[self.deliverable["form"]]
        return {code: _entry(*entry) for code, entry in make(filing).items()}

    def _shaanxi(self, filing: Filing) -> dict[str, tuple[str, ...]]:
        """Counts above the records with a note, a pair, money finer than print, a dash, or back to the records."""
        pick, own = self.random, filing.counted
        found: dict[str, tuple[str, ...]] = {}
        for code in pick.sample(("A", "E1", "F1", "F2", "G"), pick.choice((0, 0, 1, 2))):
            more = (str(own[code] + pick.randint(1, 9)), "台账外另有")
            found[code] = pick.choice([more, ("",), *([("—", "不涉及")] if not own[code] else [])])
        if pick.random() < 0.3:
            found["B5"] = (f"{pick.randint(0, 9)}.{pick.randint(1, 999999):06d}", "行政直接拨付")
        if pick.random() < 0.3:
            more = str(own["C5"] + pick.randint(1, 3))
            found |= {"C5": (more, "另有联合慰问"), "D5": (f"{own['D5'] // 1000000 + 1}.2", "另有联合慰问")}
        if pick.random() < 0.3 and not own["C6"]:
            found |= {"C6": ("—", "不涉及"), "D6": ("—", "不涉及")}
        return found

    def _mini(self, filing: Filing) -> dict[str, tuple[str, ...]]:
        pick, own = self.random, filing.counted
        found: dict[str, tuple[str, ...]] = {
            "02B": (f"{pick.randint(0, 900)}.{pick.randint(0, 99):02d}", ""),
            "02C": (pick.choice((f"银付-{pick.randint(1, 99)}", "—")), ""),
            "05_1": (str(pick.randint(0, 4)), ""),
        }
        if pick.random() < 0.5:
            found["02D"] = (f"2024-01-{pick.randint(10, 28)}", "")
        if pick.random() < 0.4:
            found["01A"] = (str(own["01A"] + pick.randint(1, 4)), "另有正在建档的")
        return found

    def _helped(self, filing: Filing) -> dict[str, tuple[str, ...]]:
        pick, own = self.random, filing.counted
        found: dict[str, tuple[str, ...]] = {}
        for code in pick.sample(("P1", "P2", "P4", "P5", "P9"), pick.choice((0, 1, 2))):
            found[code] = (str(own[code] + pick.randint(1, 3)), "台账外另有")
        if pick.random() < 0.2 and own["P5"]:
            found["P5"] = (str(own["P5"] - 1), "一人重复")
        return found


def _entry(value: str, note: str = "") -> dict[str, str]:
    return {"value": value, "note": note} if note else {"value": value}
