"""Marks (估值): what a holding is worth on one day, how that was found, and when it was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.text import Text


class MarkMethod(StrEnum):
    """How a holding is valued, after the International Private Equity and Venture Capital Valuation Guidelines."""

    COST = "COST"
    LAST_ROUND = "LAST_ROUND"
    MULTIPLES = "MULTIPLES"
    DISCOUNTED_CASH_FLOW = "DISCOUNTED_CASH_FLOW"
    NET_ASSETS = "NET_ASSETS"
    QUOTED_PRICE = "QUOTED_PRICE"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _METHODS[self]


_METHODS = {
    MarkMethod.COST: Text("成本法", "cost"),
    MarkMethod.LAST_ROUND: Text("最近融资价格", "price of the latest round"),
    MarkMethod.MULTIPLES: Text("可比公司乘数", "multiples"),
    MarkMethod.DISCOUNTED_CASH_FLOW: Text("现金流折现", "discounted cash flow"),
    MarkMethod.NET_ASSETS: Text("净资产法", "net assets"),
    MarkMethod.QUOTED_PRICE: Text("市场报价", "quoted price"),
}


@dataclass(frozen=True)
class Mark:
    """The value in fen, of what is held on the day `as_of`."""

    fen: int
    as_of: date
    method: MarkMethod
    note: str = ""


@dataclass(frozen=True)
class KnownMark:
    """A mark with when and by whom it was recorded, and whether a later record is of the same day."""

    mark: Mark
    at: datetime
    actor: str
    superseded: bool


def examine_mark(mark: Mark | None, closed: date, today: date, findings: Findings) -> None:
    """Find what cannot be true of a mark; None is no mark."""
    if mark is None:
        findings.add("mark", "REQUIRED", "请填写估值", "a valuation is required")
        return
    findings.amount("mark.value", mark.fen)
    findings.text("mark.note", mark.note, most=2000)
    findings.not_after("mark.as_of_date", mark.as_of, today)
    if mark.as_of < closed:
        findings.add(
            "mark.as_of_date",
            "BEFORE_CLOSING",
            f"估值日期 {mark.as_of} 早于出资日 {closed}",
            f"the valuation is of {mark.as_of}, before the closing on {closed}",
        )


def known_marks(records: Iterable[tuple[Mark, datetime, str]], known: datetime | None) -> list[KnownMark]:
    """Marks in the order of their days, then of their recording; `known`: only what was recorded by then."""
    seen = [each for each in records if known is None or each[1] <= known]
    last = {mark.as_of: number for number, (mark, _, _) in enumerate(seen)}
    found = [
        KnownMark(mark, at, actor, last[mark.as_of] != number)
        for number, (mark, at, actor) in enumerate(seen)
    ]
    return sorted(found, key=lambda each: each.mark.as_of)
