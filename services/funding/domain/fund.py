"""A fund (基金): its size, its calendar, and its money in integer fen.

Reserved → committed → invested; at all times 0 <= each and their sum <= investable = size - fee reserve.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.civil import add_months
from services.funding.domain.findings import Findings
from services.funding.domain.firm import EARLIEST_FOUNDING
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument, Violation
from services.kernel.money import Money
from services.kernel.text import Text


class FundKind(StrEnum):
    """Its place among the province's funds."""

    PROVINCIAL_MOTHER = "PROVINCIAL_MOTHER"
    FUTURE_ANGEL = "FUTURE_ANGEL"
    CITY_SPECIAL = "CITY_SPECIAL"
    SOE_SPECIAL = "SOE_SPECIAL"
    SUB_FUND = "SUB_FUND"
    OTHER = "OTHER"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    FundKind.PROVINCIAL_MOTHER: Text("省级母基金", "provincial fund of funds"),
    FundKind.FUTURE_ANGEL: Text("未来产业天使基金", "future-industry angel fund"),
    FundKind.CITY_SPECIAL: Text("设区市产业专项基金", "city industry fund"),
    FundKind.SOE_SPECIAL: Text("省属企业专项基金", "provincial state-firm fund"),
    FundKind.SUB_FUND: Text("子基金", "sub-fund"),
    FundKind.OTHER: Text("其他基金", "other fund"),
}


@dataclass(eq=False)
class Fund:
    """Aggregate root. Amounts in fen, None unknown; `government_fen` is all governments' part.

    `life_years` and `investment_years` run from `established`; `version` counts changes of the balance too.
    """

    id: str
    name: str
    kind: FundKind
    city: str
    size_fen: int
    paid_in_fen: int | None
    government_fen: int | None
    fee_reserve_fen: int
    established: date
    life_years: int
    investment_years: int
    origin: str
    reserved_fen: int
    committed_fen: int
    invested_fen: int
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def investable_fen(self) -> int:
        """What may ever be invested: the size without the reserve for fees."""
        return self.size_fen - self.fee_reserve_fen

    @property
    def headroom_fen(self) -> int:
        """What is still free to reserve."""
        return self.investable_fen - self.reserved_fen - self.committed_fen - self.invested_fen

    @property
    def ends(self) -> date:
        """The first day after the fund's life."""
        return add_months(self.established, 12 * self.life_years)

    @property
    def investment_ends(self) -> date:
        """The first day on which it may no longer invest."""
        return add_months(self.established, 12 * self.investment_years)

    def reserve(self, fen: int, *, at: datetime) -> None:
        """Set money aside for an approved deal. Raises FailedPrecondition INSUFFICIENT_FUND_CAPITAL."""
        if fen > self.headroom_fen:
            raise insufficient_capital(self.id, fen, self.headroom_fen)
        self._move(fen, self.headroom_fen, "reserved_fen", at)

    def release(self, fen: int, *, at: datetime) -> None:
        """Free a reservation, or its part that was not signed."""
        self._require(fen, self.reserved_fen)
        self.reserved_fen -= fen
        self._touch(at)

    def commit(self, fen: int, *, at: datetime) -> None:
        """Turn a reservation into a signed commitment."""
        self._require(fen, self.reserved_fen)
        self.reserved_fen -= fen
        self._move(fen, fen, "committed_fen", at)

    def uncommit(self, fen: int, *, at: datetime) -> None:
        """Free a commitment that will not be paid (the contract fell)."""
        self._require(fen, self.committed_fen)
        self.committed_fen -= fen
        self._touch(at)

    def pay(self, fen: int, *, at: datetime) -> None:
        """Turn a commitment into an investment."""
        self._require(fen, self.committed_fen)
        self.committed_fen -= fen
        self._move(fen, fen, "invested_fen", at)

    def _move(self, fen: int, available: int, account: str, at: datetime) -> None:
        self._require(fen, available)
        setattr(self, account, getattr(self, account) + fen)
        self._touch(at)

    def _require(self, fen: int, available: int) -> None:
        if not isinstance(fen, int) or isinstance(fen, bool) or fen <= 0:
            raise InvalidArgument.field(
                "amount_fen",
                "AMOUNT_TOO_SMALL",
                "金额必须是大于0的整数分",
                "the amount must be whole fen above 0",
            )
        if fen > available:
            raise FailedPrecondition(
                Text(
                    f"金额{Money(fen).display_zh()}超过账上的{Money(available).display_zh()}",
                    f"{Money(fen).display_en()} is over the {Money(available).display_en()} on the account",
                ),
                reason="AMOUNT_EXCEEDS_BALANCE",
                metadata={"fund": self.id, "availableFen": str(available)},
            )

    def _touch(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


def insufficient_capital(fund: str, asked_fen: int, available_fen: int) -> FailedPrecondition:
    """The error for an amount over what a fund has available; tells what is available now."""
    asked, available = Money(asked_fen), Money(available_fen)
    text = Text(
        f"基金可用额度不足：需要{asked.display_zh()}，现有{available.display_zh()}；请减少金额或分期",
        f"the fund has {available.display_en()} free and {asked.display_en()} is needed; lower it",
    )
    return FailedPrecondition(
        text,
        reason="INSUFFICIENT_FUND_CAPITAL",
        violations=(Violation("amount_fen", "INSUFFICIENT_FUND_CAPITAL", text),),
        metadata={"fund": fund, "askedFen": str(asked_fen), "availableFen": str(available_fen)},
    )


def establish(
    *,
    id: str,
    name: str,
    kind: FundKind,
    city: str,
    size_fen: int,
    established: date,
    life_years: int,
    investment_years: int,
    origin: str,
    at: datetime,
    paid_in_fen: int | None = None,
    government_fen: int | None = None,
    fee_reserve_fen: int = 0,
    committed_fen: int = 0,
    invested_fen: int = 0,
) -> Fund:
    """A new fund, version 1; `committed_fen` and `invested_fen` are brought along. Raises
    InvalidArgument, all at once.
    """
    fund = Fund(
        id=id,
        name=name,
        kind=kind,
        city=city,
        size_fen=size_fen,
        paid_in_fen=paid_in_fen,
        government_fen=government_fen,
        fee_reserve_fen=fee_reserve_fen,
        established=established,
        life_years=life_years,
        investment_years=investment_years,
        origin=origin,
        reserved_fen=0,
        committed_fen=committed_fen,
        invested_fen=invested_fen,
        version=1,
        created_at=at,
        updated_at=at,
    )
    examine_fund(fund, civil_date(at))
    return fund


def examine_fund(fund: Fund, today: date) -> None:
    """Normalise a fund's texts and raise InvalidArgument with everything that is wrong with it."""
    findings = Findings()
    fund.name = findings.text("name", fund.name, most=100, required=True)
    fund.origin = findings.text("origin", fund.origin, most=100, required=True)
    findings.amount("size_fen", fund.size_fen, least=1)
    for field in ("paid_in_fen", "government_fen", "fee_reserve_fen", "committed_fen", "invested_fen"):
        findings.amount(field, getattr(fund, field))
    findings.count("life_years", fund.life_years, least=1, most=50)
    findings.count("investment_years", fund.investment_years, least=1, most=50)
    findings.not_after("established", fund.established, today)
    if fund.established < EARLIEST_FOUNDING:
        findings.add(
            "established", "FOUNDED_TOO_EARLY", "设立日期早于1949-10-01", "established before 1949-10-01"
        )
    if findings.violations:
        findings.finish()
    for field in ("paid_in_fen", "government_fen", "fee_reserve_fen"):
        if (getattr(fund, field) or 0) > fund.size_fen:
            findings.add(
                field, "PART_OVER_WHOLE", f"{field} 大于基金规模", f"{field} is over the fund's size"
            )
    if fund.headroom_fen < 0:
        findings.add(
            "invested_fen", "PART_OVER_WHOLE", "已承诺和已投金额大于可投规模", "more is used than investable"
        )
    if fund.investment_years > fund.life_years:
        findings.add(
            "investment_years",
            "PERIOD_OVER_LIFE",
            "投资期长于存续期",
            "the investment period is over the life",
        )
    findings.finish()
