"""A second person's word for acts on people."""

from typing import Any
from uuid import uuid4

from bole.talent.v1 import act_application_service_pb2 as asking
from bole.talent.v1 import act_application_service_pb2_grpc, act_approval_service_pb2_grpc
from bole.talent.v1 import act_approval_service_pb2 as wire
from tests.contract.installation import OFFICER, Installation


def let_erase(house: Installation, *names: str, account: str = "tester") -> None:
    """Somebody else approves that `account` erases these persons."""
    for name in names:
        approve(house, account=account, act=wire.PERSON_ACT_ERASE, person=name)


def ask_to_erase(house: Installation, name: str, word: str, account: str = "tester") -> None:
    """`account` asks for the erasure of a person, and somebody else approves it; both reasons say `word`."""
    wanted = asking.CreateActApplicationRequest(
        act=wire.PERSON_ACT_ERASE, person=name, reason=f"{word}本人来函", request_id=str(uuid4())
    )
    with house.channel("talent", OFFICER, subject=account) as channel:
        asked = _stub(channel).CreateActApplication(wanted)
    answer = asking.AnswerActApplicationRequest(
        name=asked.name,
        verdict=asking.ACT_VERDICT_APPROVE,
        reason=f"已与{word}核对",
        request_id=str(uuid4()),
    )
    with house.channel("talent", OFFICER, subject="second") as channel:
        _stub(channel).AnswerActApplication(answer)


def approve(house: Installation, *, approver: str = "second", **given: Any) -> wire.ActApproval:
    """Another officer's word."""
    request = wire.ApproveActRequest(**{"reason": "已核对申请", "request_id": str(uuid4()), **given})
    with house.channel("talent", OFFICER, subject=approver) as channel:
        stub = act_approval_service_pb2_grpc.ActApprovalServiceStub(channel)
        made: wire.ActApproval = stub.ApproveAct(request)
    return made


def _stub(channel: Any) -> act_application_service_pb2_grpc.ActApplicationServiceStub:
    return act_application_service_pb2_grpc.ActApplicationServiceStub(channel)
