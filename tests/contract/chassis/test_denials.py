"""Calls that are denied while the audit, which must know of it, cannot be written."""

import errno

import grpc
import pytest

from services.chassis.identity.identity import Grant
from services.chassis.rpc.failures import read_failure
from services.kernel.errors import Unavailable
from services.kernel.text import Text
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract


@pytest.mark.parametrize(
    ("fails", "code", "reason"),
    [
        (
            Unavailable(Text("无", "away"), reason="DATABASE_UNAVAILABLE"),
            "UNAVAILABLE",
            "DATABASE_UNAVAILABLE",
        ),
        (OSError(errno.EMFILE, "secret path"), "UNAVAILABLE", "OUT_OF_RESOURCES"),
        (RuntimeError("secret path"), "INTERNAL", "INTERNAL"),
    ],
)
def test_a_denial_that_cannot_be_entered_in_the_audit_says_why(
    house: House, fails: Exception, code: str, reason: str
) -> None:
    house.refusal_fails = fails
    with house.stub(house.token(Grant("auditor"))) as stub, pytest.raises(grpc.RpcError) as caught:
        stub.SaveRecord(contract()[0].SaveRecordRequest(), timeout=10)
    told = read_failure(caught.value)
    assert (told.code, told.reason) == (code, reason)
    assert "secret" not in str(caught.value)
