"""Who the contract admits to a step of a deal, and whom the state machine lets take it, are the same."""

import re
from typing import Any

import pytest

from bole.common.v1 import policy_pb2
from bole.funding.v1 import deal_service_pb2
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.edges import EDGES
from services.funding.service.deals.deals import ROLES

_ACCESS: Any = policy_pb2.access
_SERVICE = deal_service_pb2.DESCRIPTOR.services_by_name["DealService"]
_SEVERAL = {
    "DecideInternal": {Action.PASS_INTERNAL, Action.RETURN_TO_DUE_DILIGENCE},
    "DecideExternal": {Action.APPROVE, Action.RETURN_TO_INTERNAL},
    "SignDeal": {Action.PREPARE_SIGNING, Action.SIGN},
    "CloseDeal": {Action.PREPARE_CLOSING, Action.CLOSE},
}
_NO_STEP = {"CreateDeal", "SetHiringPlan", "SetDealParties", "SetDealTerms", "ReopenDeal"}
_STEPS = [
    method.name
    for method in _SERVICE.methods
    if method.GetOptions().Extensions[_ACCESS].mutates and method.name not in _NO_STEP
]


def _actions(method: str) -> set[Action]:
    words = re.sub(r"(?<!^)([A-Z])", r"_\1", method).upper()
    return _SEVERAL.get(method) or {Action[words.removesuffix("_DEAL")]}


@pytest.mark.parametrize("method", _STEPS)
def test_the_contract_admits_exactly_who_may_take_the_step(method: str) -> None:
    admitted = set(_SERVICE.methods_by_name[method].GetOptions().Extensions[_ACCESS].roles)
    able = {role for (action, _), edge in EDGES.items() if action in _actions(method) for role in edge.roles}
    assert admitted == {name for name, roles in ROLES.items() if roles & able}


def test_every_step_is_looked_at() -> None:
    assert set().union(*map(_actions, _STEPS)) == set(Action) - {Action.IMPORT}
