"""What a fund holds in all, tied to its ledger."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.fund.fund import Fund
from services.funding.domain.investment.investment import Investment
from services.funding.domain.investment.states import ENDED, InvestmentState
from services.funding.store.funds import investments


@dataclass(frozen=True)
class HeldPortfolio:
    """Every holding of a fund. `brought_fen`: the cost on its ledger that no holding explains."""

    fund: Fund
    holdings: tuple[Investment, ...]
    brought_fen: int
    ledger_fen: int
    agrees: bool

    @property
    def live(self) -> tuple[Investment, ...]:
        """The holdings that are not at an end."""
        return tuple(each for each in self.holdings if each.state not in ENDED)

    def total(self, figure: str) -> int:
        """One figure of all holdings, fen."""
        return sum(getattr(each, figure) for each in self.holdings)

    def by_state(self) -> Mapping[InvestmentState, list[Investment]]:
        """The holdings by where they stand, in the order of the states."""
        found = defaultdict[InvestmentState, list[Investment]](list)
        for each in self.holdings:
            found[each.state].append(each)
        return {state: found[state] for state in InvestmentState if state in found}


def portfolio(session: Session, fund: Fund, within: Collection[str] | None = None) -> HeldPortfolio:
    """What a fund holds; `within`: only these holdings, and then nothing about the ledger beside them."""
    holdings = tuple(investments.of_fund(session, fund.id))
    if within is not None:
        return _part(fund, tuple(each for each in holdings if each.id in within))
    brought = fund.cost_fen - sum(each.cost_fen for each in holdings)
    agrees = not any(investments.differences(session, fund.id))
    return HeldPortfolio(fund, holdings, brought, fund.cost_fen, agrees)


def _part(fund: Fund, holdings: tuple[Investment, ...]) -> HeldPortfolio:
    return HeldPortfolio(fund, holdings, 0, sum(each.cost_fen for each in holdings), True)
