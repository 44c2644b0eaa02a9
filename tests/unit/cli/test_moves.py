"""Steps of a deal: every RPC that moves one has a code, and bad input says what to write."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from bole.funding.v1 import deal_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.cli.funding import moves
from services.kernel.errors import InvalidArgument
from services.wording.steps import Move, verbs


def test_every_step_of_the_deal_service_has_a_code_and_a_request() -> None:
    steps = {
        each.name
        for each in service.DESCRIPTOR.services_by_name["DealService"].methods
        if "command" in each.input_type.fields_by_name
    }
    assert set(verbs().values()) == steps
    assert len(steps) == 16


@pytest.mark.parametrize(
    ("code", "rpc"),
    [
        ("SUBMIT", "SubmitDeal"),
        ("START_SCREENING", "StartScreening"),
        ("START_DUE_DILIGENCE", "StartDueDiligence"),
        ("submit_to_committee", "SubmitToCommittee"),
        ("PREPARE_SIGNING", "SignDeal"),
        ("PREPARE_CLOSING", "CloseDeal"),
    ],
)
def test_a_code_names_its_rpc(code: str, rpc: str) -> None:
    assert moves.parse_move(code) == Move(rpc, "")


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        ("PASS_INTERNAL", service.DecideInternalRequest.DECISION_APPROVE),
        ("RETURN_TO_DUE_DILIGENCE", service.DecideInternalRequest.DECISION_RETURN),
        ("APPROVE", service.DecideExternalRequest.DECISION_APPROVE),
        ("RETURN_TO_INTERNAL", service.DecideExternalRequest.DECISION_RETURN),
        ("DECIDE_EXTERNAL=DECLINE", service.DecideExternalRequest.DECISION_DECLINE),
    ],
)
def test_a_committee_code_carries_the_decision(code: str, decision: int) -> None:
    request = moves.request_of(moves.parse_move(code), "deals/1", "7", "", [], check_only=False)
    assert request.decision == decision
    assert request.command.etag == "7"


def test_a_hold_carries_its_date_and_a_decline_its_reason() -> None:
    hold = moves.request_of(moves.parse_move("HOLD=2027-01-31"), "deals/1", "1", "", [], check_only=True)
    decline = moves.request_of(moves.parse_move("DECLINE=TEAM"), "deals/1", "1", "", [], check_only=False)
    assert date_from_wire(hold.review_date) == date(2027, 1, 31)
    assert hold.command.validate_only
    assert decline.reason_code == "TEAM"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("LAUNCH", "UNKNOWN_ACTION"),
        ("DECIDE_INTERNAL", "UNKNOWN_DECISION"),
        ("DECIDE_INTERNAL=PERHAPS", "UNKNOWN_DECISION"),
        ("HOLD", "BAD_DATE"),
        ("HOLD=soon", "BAD_DATE"),
    ],
)
def test_a_wrong_code_is_refused_with_what_is_known(code: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        moves.request_of(moves.parse_move(code), "deals/1", "1", "", [], check_only=False)
    [violation] = refused.value.violations
    assert violation.reason == reason
    assert violation.text.zh
    assert violation.text.en


def test_evidence_is_the_digest_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(b"plan")
    found = moves.document(f"BUSINESS_PLAN={file}")
    assert (found.kind, found.title) == ("BUSINESS_PLAN", "plan.pdf")
    assert found.sha256 == hashlib.sha256(b"plan").hexdigest()
    with pytest.raises(InvalidArgument):
        moves.document(f"BUSINESS_PLAN={tmp_path / 'absent.pdf'}")
    with pytest.raises(InvalidArgument):
        moves.document(str(file))
