"""The quota of a partner, through a server."""

from pathlib import Path
from typing import Any

import grpc
import pytest

from services.chassis.quotas import Quota, Quotas
from services.chassis.rpc.failures import Failure, read_failure
from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract


def refusal(stub: Any, ask: Any) -> Failure:
    """How a call fails. The second is turned away before it is looked at."""
    with pytest.raises(grpc.RpcError) as caught:
        stub.GetRecord(ask)
    return read_failure(caught.value)


def test_a_partner_over_its_quota_is_told_when_to_come_back_and_staff_are_not(keys: Path) -> None:
    house, ask = House(keys, quotas=Quotas(Quota(0.01, 2))), contract()[0].GetRecordRequest(name="records/1")
    house.start()
    try:
        with house.stub(partner_key=lambda: house.partner_key) as stub:
            told = [dict(stub.GetRecord.with_call(ask)[1].trailing_metadata()) for _ in range(2)]
            refusals = [refusal(stub, ask) for _ in range(3)]
        with house.stub(house.officer()) as stub:
            told += [dict(stub.GetRecord.with_call(ask)[1].trailing_metadata()) for _ in range(4)]
    finally:
        house.stop()
    assert len(house.trial.calls) == 6
    assert [each.get("ratelimit") for each in told] == ['"calls";r=1', '"calls";r=0', None, None, None, None]
    assert {each.get("ratelimit-policy") for each in told} == {'"calls";q=2;w=200', None}
    for failure in refusals:
        assert failure.code == "RESOURCE_EXHAUSTED"
        assert failure.retry_seconds is not None
        assert 2 < failure.retry_seconds <= 100
        assert failure.reason == "QUOTA"
        assert failure.metadata["ratelimit-policy"] == '"calls";q=2;w=200'
        assert "毫秒" in failure.text.zh
