"""A step that is refused leaves the deal as it was."""

import pytest

from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.machine import perform
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, DealContext, Step
from services.kernel.errors import BoleError
from tests.unit.funding.deals import GOOD

S, A = DealState, Action


def refused(error: type[BoleError], deal: Deal, wanted: Step, context: DealContext = GOOD) -> BoleError:
    before = (deal.state, deal.version, len(deal.transitions), deal.approved_fen)
    with pytest.raises(error) as caught:
        perform(deal, wanted, context)
    assert (deal.state, deal.version, len(deal.transitions), deal.approved_fen) == before
    return caught.value


SECRETARY = Actor("s", frozenset({Role.COMMITTEE_SECRETARY, Role.EXTERNAL_COMMITTEE}))
