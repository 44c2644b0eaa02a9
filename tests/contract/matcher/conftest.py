"""The matcher level with all that other tests have changed, and what its tests ask for most."""

from collections.abc import Iterator
from typing import Any

import pytest

from bole.matcher.v1 import matching_service_pb2_grpc
from bole.talent.v1 import (
    position_service_pb2,
    position_service_pb2_grpc,
)
from tests.contract.installation import MANAGER, OFFICER, Installation
from tests.contract.matcher.asking import SECONDS


@pytest.fixture(scope="module")
def level(whole: Installation) -> None:
    """What other tests have changed has arrived: two questions in a row are answered from the same index."""
    whole.wait_level()


@pytest.fixture
def stub(whole: Installation, level: None) -> Iterator[Any]:
    """The service, asked by somebody of both sides."""
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        yield matching_service_pb2_grpc.MatchingServiceStub(channel)


@pytest.fixture
def position(whole: Installation) -> str:
    """An open position of the sample."""
    with whole.channel("talent", OFFICER) as channel:
        answer = position_service_pb2_grpc.PositionServiceStub(channel).ListPositions(
            position_service_pb2.ListPositionsRequest(filter="state = OPEN", page_size=1), timeout=SECONDS
        )
    return str(answer.positions[0].name)


@pytest.fixture(scope="module")
def partner_key(whole: Installation, level: None, request: pytest.FixtureRequest) -> str:
    """The key of a partner of the module's own."""
    made = whole.tool("matcher", "add-partner", f"契约测试合作方 {request.module.__name__}")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()
