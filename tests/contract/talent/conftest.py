from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bole.talent.v1 import library_service_pb2_grpc, position_service_pb2_grpc
from tests.contract.installation import OFFICER, Installation, installation
from tests.servers import nursery


@pytest.fixture(scope="package")
def talent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The talent service as a process, with an empty library."""
    yield from _alone(tmp_path_factory.mktemp("talent"))


@pytest.fixture(scope="package")
def files_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The same, for imports alone."""
    yield from _alone(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="package")
def doubles_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The same, for duplicates alone."""
    yield from _alone(tmp_path_factory.mktemp("doubles"))


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        yield library_service_pb2_grpc.LibraryServiceStub(channel)


@pytest.fixture
def positions(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield position_service_pb2_grpc.PositionServiceStub(channel)


def _alone(directory: Path) -> Iterator[Installation]:
    made = installation(directory, nursery.spawn)
    made.start("talent")
    yield made
    assert set(made.stop().values()) == {0}
