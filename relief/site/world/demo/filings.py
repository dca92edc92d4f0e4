"""How far the filings are: not started, draft, handed in, in review, returned, accepted, late, nil, second round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from relief.site.world.demo.notice import CODE, PERIOD
from relief.site.world.demo.tree import PARENT, holder

REPORT = """{name}认真落实通知要求，两节期间走访慰问困难职工和一线职工，帮扶款物全部实名发放，未发生违规情形。

一、组织领导到位。成立工作小组，逐户核对职工档案，制定走访路线。

二、精准帮扶到位。对患病职工重点开展医疗救助，对有子女上学的家庭开展助学，款项通过银行卡发放。

三、服务保障到位。开展心理健康、文化和便民服务，协助外来务工人员平安返乡。

下一步，将把送温暖做在平时，做到常态化。"""


def filings(payouts: list[dict[str, Any]], funds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Past hand-ins of the campaign of 2024."""
    made = _Steps(payouts, funds)
    _first_line(made)
    _second_line(made)
    _others(made)
    _reports(made)
    return made.steps


def in_time(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps in the order in which they happened; those of one hour as they are given."""
    return sorted(steps, key=lambda step: _hours(step["at"]))


def _hours(at: str) -> int:
    return int(at[:-1]) * (24 if at.endswith("d") else 1)


class _Steps:
    """Collects steps; knows which unions paid more than they raised, which wants an explanation."""

    def __init__(self, payouts: list[dict[str, Any]], funds: list[dict[str, Any]]) -> None:
        self.steps: list[dict[str, Any]] = []
        self.balance: dict[str, Decimal] = {}
        for row in funds:
            if PERIOD[0] <= row["received_on"] <= PERIOD[1] and not row.get("reversed"):
                self._add(row["union"], Decimal(row["amount"]))
        for payout in payouts:
            if payout["state"] == "paid" and not payout.get("reversed_on"):
                for line in payout["lines"]:
                    self._add(payout["union"], -Decimal(line["amount"]))

    def _add(self, union: str, amount: Decimal) -> None:
        self.balance[union] = self.balance.get(union, Decimal(0)) + amount

    def act(self, at: str, act: str, union: str, **more: Any) -> None:
        """One step by whoever does it: filers hand in, the superior's reviewer decides."""
        by = more.pop("by", "") or self._who(act, union)
        step = {"at": at, "act": act, "campaign": CODE, "deliverable": more.pop("deliverable", "form"), "union": union}
        self.steps.append({**step, "by": by, **more})

    def submit(self, at: str, union: str, below: tuple[str, ...] = (), **more: Any) -> None:
        """A hand-in, with the explanation that the check of money wants where it fails."""
        total = sum((self.balance.get(code, Decimal(0)) for code in (union, *below)), Decimal(0))
        own = self.balance.get(union, Decimal(0))
        explain = {"paid_within_raised": "上级拨入资金在上级筹集，本级发放。"} if min(total, own) < 0 else {}
        self.act(at, "submit", union, explain=explain, **more)

    def reviewed(self, union: str, opened: str, accepted: str = "", **more: Any) -> None:
        """The superior opens the review and, perhaps, accepts."""
        self.act(opened, "open", union, **more)
        if accepted:
            self.act(accepted, "accept", union, **more)

    @staticmethod
    def _who(act: str, union: str) -> str:
        if act in ("open", "accept", "return"):
            return holder(PARENT[union] or union, "review")
        return holder(union, "enter")


def _first_line(made: _Steps) -> None:
    """澜川市: one county waits with the city, the other is still collecting."""
    typed = {"F2": {"value": "96", "note": "校内联欢另有家属参加，按签到表补计"}}
    made.act("-9d", "save", "G01", typed=typed)
    made.submit("-8d", "G01")
    made.reviewed("G01", "-7d", "-6d")
    made.submit("-8d", "G02")
    made.act("-7d", "open", "G02")
    made.act(
        "-52h",
        "return",
        "G02",
        reason="两处与发放清册对不上，请核对后重报。",
        pins={"C5": "食堂和锅炉房职工应计入本项，清册上有3人未计。", "F2": "联欢活动人次与报道不一致，请说明。"},
    )
    made.submit("-50h", "G03")
    made.act("-3d", "save", "C1A")
    made.submit("-12d", "G04")
    made.act("-11d", "open", "G04")
    made.act("-10d", "return", "G04", reason="漏报实物折价，请补充。", pins={"D11": "米面油的折价没有计入。"})
    made.act("-9d", "save", "G04", typed={"A": {"value": "1", "note": "与县教育局联合走访，由我校牵头"}})
    made.submit("-9d", "G04")
    made.reviewed("G04", "-8d", "-7d")
    made.submit("-10h", "G05")
    made.reviewed("G05", "-9h", "-8h")
    made.submit("-6h", "C1B", ("G04", "G05"))
    made.reviewed("C1B", "-3h")
    made.submit("-6d", "G06")
    made.reviewed("G06", "-5d", "-4d")
    made.act("-2h", "save", "C1")


def _second_line(made: _Steps) -> None:
    """青浔市: handed in twice and accepted, one school missing and explained, one nil return."""
    made.submit("-14d", "G07")
    made.reviewed("G07", "-13d", "-12d")
    made.act("-13d", "nil", "G08", reason="本教学点11名职工，两节期间无走访慰问和发放。")
    made.reviewed("G08", "-12d", "-11d")
    made.submit("-13d", "G09")
    made.reviewed("G09", "-12d", "-11d")
    made.submit("-10d", "C2A", ("G07", "G08"))
    made.reviewed("C2A", "-9d", "-8d")
    made.act("-30h", "save", "G10")
    missing = "青浔市体育运动学校正在核对发放清册，预计两日内补报。"
    below = ("C2A", "G07", "G08", "G09")
    made.submit("-7d", "C2", below, missing_note=missing)
    made.act("-6d", "open", "C2")
    made.act(
        "-5d",
        "return",
        "C2",
        reason="一线职工慰问与市总工会联合开展部分有重复，请核减后重报。",
        pins={"C5": "与市总工会联合慰问的2人次应由市总工会统计。"},
    )
    made.act(
        "-4d",
        "adjust",
        "C2",
        code="C5",
        value="-2",
        title="联合走访重复",
        reason="与市总工会联合慰问2人次，由牵头的市总工会统计",
        confirmed_by=holder("C2", "review"),
    )
    made.submit("-4d", "C2", below, missing_note=missing)
    made.reviewed("C2", "-3d", "-2d")


def _others(made: _Steps) -> None:
    """雁沙市 is late; of the direct unions one is accepted, one in review, one waits."""
    made.act("-26h", "save", "G12")
    # due at the last midnight: a minute after it, hours ago would still have been in time
    made.submit("-0h", "G13")
    typed = {"F1": {"value": "410", "note": "含心理援助热线接听人次"}}
    made.act("-10d", "save", "D1", typed=typed)
    made.submit("-10d", "D1")
    made.reviewed("D1", "-9d", "-8d")
    made.submit("-3d", "D2")
    made.act("-2d", "open", "D2")
    made.submit("-1d", "D3")
    made.act("-1h", "save", "P")


def _reports(made: _Steps) -> None:
    names = {"G01": "临澜区实验小学工会", "G04": "石浔县第一高级中学工会", "G07": "禾沣县职业教育中心工会"}
    names |= {"G09": "青浔市第二人民医院工会", "D1": "云岭省人民医院工会", "C2": "青浔市教科文卫体工会"}
    for place, (union, name) in enumerate(names.items()):
        made.act(f"-{8 - place // 2}d", "report", union, deliverable="report", text=REPORT.format(name=name))
    for union in ("G01", "G07", "D1"):
        made.reviewed(union, "-5d", "-4d", deliverable="report")
