"""A second person's word for acts on people."""

from typing import Any
from uuid import uuid4

from bole.talent.v1 import act_approval_service_pb2 as wire
from bole.talent.v1 import act_approval_service_pb2_grpc
from tests.contract.installation import OFFICER, Installation


def let_erase(house: Installation, *names: str, account: str = "tester") -> None:
    """Somebody else approves that `account` erases these persons."""
    for name in names:
        approve(house, account=account, act=wire.PERSON_ACT_ERASE, person=name)


def approve(house: Installation, *, approver: str = "second", **given: Any) -> wire.ActApproval:
    """Another officer's word."""
    request = wire.ApproveActRequest(**{"reason": "已核对申请", "request_id": str(uuid4()), **given})
    with house.channel("talent", OFFICER, subject=approver) as channel:
        stub = act_approval_service_pb2_grpc.ActApprovalServiceStub(channel)
        made: wire.ActApproval = stub.ApproveAct(request)
    return made
