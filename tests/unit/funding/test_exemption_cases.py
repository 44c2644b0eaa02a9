"""Cases of 容错: when they begin, and when they end."""

from datetime import date, timedelta

import pytest

from services.funding.domain.dossier.cases import lost_on, span
from services.funding.domain.dossier.facts import Verdict
from services.funding.domain.investment.actions import InvestmentAction as A
from services.funding.domain.investment.machine import perform
from services.funding.domain.investment.marks import Mark, MarkMethod
from services.funding.domain.investment.states import ExitKind
from services.funding.domain.screening.rulesets import WAN
from services.kernel.clock import civil_date
from tests.unit.funding.cases import AT
from tests.unit.funding.holdings import FINANCE, new_holding, order

LOW = Mark(100 * WAN, date(2026, 6, 30), MarkMethod.LAST_ROUND)
LAST = date(2026, 6, 30)
EARLY, LATE = date(2026, 5, 4), date(2026, 6, 8)


def test_a_loss_is_on_record_from_the_impairment_until_the_holding_is_sound_again() -> None:
    holding = new_holding()
    assert lost_on(holding) is None
    perform(holding, order(A.FLAG))
    perform(holding, order(A.IMPAIR, mark=LOW))
    assert lost_on(holding) == civil_date(AT)
    perform(holding, order(A.RESTORE))
    assert lost_on(holding) is None
    later = AT + timedelta(days=9)
    perform(holding, order(A.FLAG, at=later))
    perform(holding, order(A.IMPAIR, mark=LOW, at=later))
    assert lost_on(holding) == civil_date(later)


@pytest.mark.parametrize(("price", "lost"), [(1, True), (900 * WAN, False)])
def test_what_is_sold_out_below_cost_is_a_loss_from_that_day_on(price: int, lost: bool) -> None:
    holding = new_holding()
    for number in (2, 3):
        perform(holding, order(A.CANCEL_TRANCHE, tranche=number))
    perform(holding, order(A.START_EXIT))
    sale = {"fen": price, "cost_fen": holding.cost_fen, "exit_kind": ExitKind.BUY_BACK}
    perform(holding, order(A.RECORD_EXIT, FINANCE, **sale))
    assert lost_on(holding) == (civil_date(AT) if lost else None)


def test_a_case_goes_from_the_loss_to_the_first_determination() -> None:
    exempt, mitigated = Verdict.EXEMPT, Verdict.MITIGATED
    assert span(None, (), LAST) is None
    assert span(EARLY, (), LAST) == (EARLY, None, None)
    assert span(EARLY, ((LATE, exempt),), LAST) == (EARLY, LATE, exempt)
    assert span(EARLY, ((LATE, exempt), (LAST, mitigated)), LAST) == (EARLY, LATE, mitigated)
    assert span(None, ((LATE, exempt),), LAST) == (LATE, LATE, exempt)
    assert span(LATE, ((EARLY, exempt),), LAST) == (EARLY, EARLY, exempt)
    assert span(EARLY, ((LATE, exempt),), date(2026, 6, 7)) == (EARLY, None, None)
    assert span(LATE, (), EARLY) is None
