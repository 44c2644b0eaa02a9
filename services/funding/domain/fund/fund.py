"""A fund (基金): its size, its calendar, and the balances of its accounts in integer fen.

Reserved → committed → invested → recycled; at all times 0 <= each and their sum <= investable = size - fee reserve +
recycled.
The balances are what the journals of the fund add up to (`ledger`); they change by nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.civil import add_months
from services.funding.domain.findings import Findings
from services.funding.domain.firm.firm import EARLIEST_FOUNDING
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.acts import without_zeros
from services.funding.domain.ledger.balances import Balances
from services.funding.domain.ledger.journal import Act, Journal
from services.kernel.clock import civil_date
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

    `life_years` and `investment_years` run from `established`; `version` counts changes of the balances too;
    `invested_fen` is what was ever paid and not recycled, `cost_fen` what is still held; `recycled_fen` came back and
    may be invested again.
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
    uncalled_fen: int = 0
    cash_fen: int = 0
    cost_fen: int = 0
    fees_fen: int = 0
    written_off_fen: int = 0
    distributed_fen: int = 0
    returned_fen: int = 0
    gain_fen: int = 0
    journal_count: int = 0
    recycled_fen: int = 0

    @property
    def investable_fen(self) -> int:
        """What may ever be invested: the size without the reserve for fees, and what is recycled."""
        return self.size_fen - self.fee_reserve_fen + self.recycled_fen

    @property
    def ever_invested_fen(self) -> int:
        """What was ever paid, recycled or not."""
        return self.invested_fen + self.recycled_fen

    @property
    def headroom_fen(self) -> int:
        """What is still free to reserve."""
        return self.investable_fen - self.reserved_fen - self.committed_fen - self.ever_invested_fen

    @property
    def ends(self) -> date:
        """The first day after the fund's life."""
        return add_months(self.established, 12 * self.life_years)

    @property
    def investment_ends(self) -> date:
        """The first day on which it may no longer invest."""
        return add_months(self.established, 12 * self.investment_years)

    @property
    def balances(self) -> Balances:
        """Its accounts as they stand."""
        return Balances(
            self.id,
            {
                Account.SUBSCRIBED: -self.size_fen,
                Account.UNCALLED: self.uncalled_fen,
                Account.CASH: self.cash_fen,
                Account.COST: self.cost_fen,
                Account.FEES: self.fees_fen,
                Account.WRITTEN_OFF: self.written_off_fen,
                Account.DISTRIBUTED: self.distributed_fen,
                Account.RETURNED_TO_LP: self.returned_fen,
                Account.GAIN: self.gain_fen,
                Account.INVESTABLE: -self.investable_fen,
                Account.FREE: self.headroom_fen,
                Account.RESERVED: self.reserved_fen,
                Account.COMMITTED_UNPAID: self.committed_fen,
                Account.DEPLOYED: self.invested_fen,
                Account.RECYCLED: self.recycled_fen,
            },
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
    received = max(paid_in_fen or 0, invested_fen)
    fund.uncalled_fen = size_fen - received
    fund.cash_fen = received - invested_fen
    fund.cost_fen = invested_fen
    fund.journal_count = 1
    return fund


def opening(fund: Fund, *, actor: str, at: datetime) -> Journal:
    """The first journal of a fund: what it brings along."""
    return Journal(fund.id, Act.OPEN, without_zeros(fund.balances.fen), actor, at, f"funds/{fund.id}")


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
