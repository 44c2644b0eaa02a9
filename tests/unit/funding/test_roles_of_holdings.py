"""Who the contract admits to a step of a holding, and whom the state machine lets take it, are the same."""

from typing import Any

import pytest

from bole.common.v1 import policy_pb2
from bole.funding.v1 import investment_service_pb2
from services.funding.domain.investment.actions import EDGES, InvestmentAction
from services.funding.service.deals.deals import ROLES

_ACCESS: Any = policy_pb2.access
_SERVICE = investment_service_pb2.DESCRIPTOR.services_by_name["InvestmentService"]
A = InvestmentAction
STEPS = {
    "PayTranche": {A.PREPARE_TRANCHE, A.PAY_TRANCHE},
    "AmendTranche": {A.AMEND_TRANCHE},
    "CancelTranche": {A.CANCEL_TRANCHE},
    "MarkInvestment": {A.MARK},
    "FlagInvestment": {A.FLAG},
    "ImpairInvestment": {A.IMPAIR},
    "RestoreInvestment": {A.RESTORE},
    "StartExit": {A.START_EXIT},
    "StopExit": {A.STOP_EXIT},
    "RecordExit": {A.RECORD_EXIT},
    "WriteOffInvestment": {A.PREPARE_WRITE_OFF, A.WRITE_OFF},
}


@pytest.mark.parametrize("method", sorted(STEPS))
def test_the_contract_admits_exactly_who_may_take_the_step(method: str) -> None:
    admitted = set(_SERVICE.methods_by_name[method].GetOptions().Extensions[_ACCESS].roles)
    able = {role for (action, _), edge in EDGES.items() if action in STEPS[method] for role in edge.roles}
    assert admitted == {name for name, roles in ROLES.items() if roles & able}


def test_every_step_is_looked_at() -> None:
    changing = {each.name for each in _SERVICE.methods if each.GetOptions().Extensions[_ACCESS].mutates}
    assert changing == {*STEPS, "SetTranchePlan"}
    assert set().union(*STEPS.values()) == set(A) - {A.OPEN}
