"""What if: a deal at other terms, and the largest ticket that the rules would bear."""

from dataclasses import replace

from services.funding.domain.checks.check import blocks
from services.funding.domain.checks.run import run_checks
from services.funding.domain.fund.portfolio import Portfolio, Position
from services.funding.domain.outcomes import Outcome
from services.funding.domain.screening.case import Case

# Checks that a smaller ticket may satisfy.
BY_TICKET = frozenset(
    {
        "TICKET_TOO_LARGE",
        "NOT_SMALL",
        "INSUFFICIENT_FUND_CAPITAL",
        "SINGLE_PROJECT_CONCENTRATION",
        "OWNERSHIP_CAP",
        "EARLY_SHARE_BELOW_FLOOR",
    }
)


def blocking(case: Case) -> tuple[str, ...]:
    """Codes that stop or hold the case."""
    return tuple(each.code for each in run_checks(case) if blocks(each))


def at_ticket(case: Case, ask_fen: int) -> Case:
    """The case with another ticket; the round is at least as large."""
    total = case.terms.round_total_fen
    return replace(
        case,
        terms=replace(
            case.terms, ask_fen=ask_fen, round_total_fen=None if total is None else max(total, ask_fen)
        ),
    )


def largest_ticket(case: Case) -> int | None:
    """The most, up to the ticket of the case, at which no rule of size stops it any more; None if none does.

    The limits are ceilings, each worked out exactly; whether they leave the deal free is for the checks to say.
    """
    most = min(case.terms.ask_fen, *_ceilings(case))
    if most < 1:
        return None
    return most if not BY_TICKET & set(blocking(at_ticket(case, most))) else None


def with_deal(portfolio: Portfolio, case: Case, early: Outcome, outside: str) -> Portfolio:
    """The portfolio once the case is paid."""
    added = Position(case.firm.id, case.terms.ask_fen, early, case.firm.city, case.firm.city != outside)
    return Portfolio((*portfolio.positions, added))


def _ceilings(case: Case) -> list[int]:
    mandate, fund, terms = case.mandate, case.fund, case.terms
    found = [fund.headroom_fen + case.held_fen]
    found += [each for each in (mandate.ticket_max_fen, case.rules.small.ticket_max_fen) if each is not None]
    if mandate.concentration_max is not None and fund.paid_in_fen:
        share = mandate.concentration_max
        cap = share.num * fund.paid_in_fen // share.den
        found.append(cap - case.portfolio.in_firm_fen(case.firm.id))
    own, before = mandate.ownership_below, terms.pre_money_fen
    if own is not None and before is not None and own.num < own.den:
        # Strictly below the share of post-money, which holds our ticket unless the round is known.
        top, over = (
            (own.num * before, own.den - own.num)
            if terms.round_total_fen is None
            else (own.num * (before + terms.round_total_fen), own.den)
        )
        found.append((top - 1) // over)
    return found
