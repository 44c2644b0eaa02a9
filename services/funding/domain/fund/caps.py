"""Sanity caps on amounts (金额上限核对): above them, a wrong unit is likelier than money; a second person confirms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_YI = 10_000_000_000


@dataclass(frozen=True)
class AmountCaps:
    """Proposals, and so configuration: the largest plausible amounts in fen, and how long an approval holds."""

    ticket_fen: int = 5 * _YI
    pre_money_fen: int = 500 * _YI
    round_total_fen: int = 100 * _YI
    follow_on_fen: int = 10 * _YI
    size_fen: int = 1000 * _YI
    figures_fen: int = 100 * _YI
    approval_holds: timedelta = timedelta(days=30)

    def of(self, field: str) -> int:
        """The cap of an amount by its column; figures of firms and parts of a fund have one each."""
        own: int | None = getattr(self, f"{field}_fen", None)
        if own is not None:
            return own
        in_fund = field in ("paid_in", "government", "committed", "ticket_max", "valuation_max")
        return self.size_fen if in_fund else self.figures_fen

    def over(self, amounts: Mapping[str, int | None]) -> dict[str, int]:
        """The amounts above their caps, by column."""
        return {field: fen for field, fen in amounts.items() if fen is not None and abs(fen) > self.of(field)}


@dataclass(frozen=True)
class AmountApproval:
    """One person's word that an amount is meant: of which record (its own key), which column, how much."""

    id: str
    subject: str
    field: str
    fen: int
    reason: str
    approved_by: str
    approved_at: datetime
