"""What of a screening stands by itself: a row per deal, right from the day it was made until `due`.

It leaves out what moves with the other deals of the fund: `Check.live` says which checks that are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.funding.domain.checks.check import blocks
from services.funding.domain.checks.fund_checks import last_third_begins
from services.funding.domain.checks.run import CHECKS, WAIVABLE, run_standing
from services.funding.domain.civil import add_months
from services.funding.domain.outcomes import Outcome
from services.funding.domain.scores.composite import Scores, score_case
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.gates import early_gate, hard_gate, small_gate

LIVE_CODES = frozenset(check.code for check in CHECKS if check.live)
_FAR = 40 * 366


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Scores, gates, the codes that block, and the live checks that are waived; all as of the case's day.

    `due`: the first later day on which any of it may read otherwise.
    """

    scores: Scores
    gates: dict[str, Outcome]
    blocking: tuple[str, ...]
    waived_live: tuple[str, ...]
    due: date


def standing_row(case: Case) -> StandingRow:
    """The row of a case."""
    checks = run_standing(case)
    waived = {each.code for each in case.waivers if case.as_of <= each.until}
    return StandingRow(
        scores=score_case(case),
        gates=gates_of(case),
        blocking=tuple(each.code for each in checks if blocks(each)),
        waived_live=tuple(sorted(LIVE_CODES & WAIVABLE & waived)),
        due=next_change(case),
    )


def gates_of(case: Case) -> dict[str, Outcome]:
    """The gates of the rule set, by the score that each stands beside."""
    return {
        "EARLY": early_gate(case).outcome,
        "SMALL": small_gate(case).outcome,
        "HARD": hard_gate(case).outcome,
    }


def next_change(case: Case) -> date:
    """The first day after the case's on which time alone may change what its row says."""
    later = [day for day in _turns(case) if day > case.as_of]
    return min(later, default=case.as_of + timedelta(days=_FAR))


def _turns(case: Case) -> Iterator[date]:
    """Days on which an age, a rest of life, a period, a year of months, the age of data or a waiver
    passes a limit.
    """
    fund, terms = case.fund, case.terms
    day = timedelta(days=1)
    if case.firm.founded is not None:
        yield add_months(case.firm.founded, (case.age_months or 0) + 1)
    yield _life_shortens(case)
    if case.snapshot.months:
        # The mean of the year before is that of other months from the next one on.
        yield add_months(case.as_of.replace(day=1), 1)
    yield from (fund.established, fund.investment_ends, last_third_begins(fund), fund.ends)
    yield case.snapshot.as_of + day
    yield add_months(case.snapshot.as_of, case.mandate.stale_months) + day
    if terms.holding_months is not None:
        # Months end early in short ones, so that the reach of a holding can be late by up to three days.
        back = add_months(fund.ends, -terms.holding_months - case.mandate.exit_buffer_months)
        yield from (back + timedelta(days=offset) for offset in range(-3, 5))
    if case.rights.expires is not None:
        yield case.rights.expires + day
    yield from (each.until + day for each in case.waivers)


def _life_shortens(case: Case) -> date:
    """The next day on which the fund has a whole month less to live."""
    tomorrow = case.as_of + timedelta(days=1)
    for offset in range(32):
        at = tomorrow + timedelta(days=offset)
        if add_months(at, case.life_left_months) > case.fund.ends:
            return at
    return tomorrow
