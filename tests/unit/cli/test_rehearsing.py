"""`bole --check`: what can be validated only is asked so, whether it is said in the request or in its command."""

from types import SimpleNamespace
from typing import Any

import pytest

from bole.funding.v1 import (
    deal_action_pb2,
    deal_service_pb2,
    firm_report_service_pb2,
    saved_search_service_pb2,
)
from services.cli.rehearsing import Rehearsing
from services.kernel.errors import FailedPrecondition


def sent(rehearsing: Rehearsing, method: str, request: Any) -> Any:
    details = SimpleNamespace(method=f"/bole.funding.v1.Any/{method}")
    return rehearsing.intercept_unary_unary(lambda _, asked: asked, details, request)


def test_a_step_is_asked_by_its_command_and_a_change_by_itself() -> None:
    rehearsing = Rehearsing()
    step = deal_service_pb2.SubmitDealRequest(name="deals/1", command=deal_action_pb2.DealCommand(etag="x"))
    assert sent(rehearsing, "SubmitDeal", step).command.validate_only
    assert not step.command.validate_only
    confirm = firm_report_service_pb2.ConfirmFirmReportRequest(name="firms/1/reports/1")
    assert sent(rehearsing, "ConfirmFirmReport", confirm).validate_only
    assert rehearsing.rehearsed == ["SubmitDeal", "ConfirmFirmReport"]


def test_what_reads_goes_as_it_is_and_what_cannot_be_tried_does_not_go() -> None:
    look = deal_service_pb2.GetDealRequest(name="deals/1")
    assert sent(Rehearsing(), "GetDeal", look) == look
    ack = saved_search_service_pb2.AcknowledgeScreeningAlertRequest(name="screeningAlerts/1")
    with pytest.raises(FailedPrecondition):
        sent(Rehearsing(), "AcknowledgeScreeningAlert", ack)
