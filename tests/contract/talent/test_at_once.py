"""The same sent by several at once, each under a request id of its own, to a service on PostgreSQL: one is done, the
others are told so.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.talent.v1 import (
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    person_pb2,
    position_service_pb2,
    position_service_pb2_grpc,
    team_service_pb2,
    team_service_pb2_grpc,
    training_service_pb2,
    training_service_pb2_grpc,
)
from tests.contract.installation import OFFICER, installation
from tests.contract.talent.people import person
from tests.contract.talent.test_evidence import record
from tests.contract.talent.test_flows import place
from tests.contract.talent.test_positions import position
from tests.contract.talent.test_teams import team
from tests.servers import nursery
from tests.servers.postgres import PostgresServer

AT_ONCE = 6


@pytest.fixture(scope="module")
def channel(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[grpc.Channel]:
    """A service on a database in which writers do not take turns."""
    url = postgres.database_url(postgres.create_database())
    made = installation(tmp_path_factory.mktemp("at-once"), nursery.spawn, talent_database_url=url)
    made.start("talent")
    with made.channel("talent", OFFICER, purpose="talent-service") as opened:
        yield opened
    assert set(made.stop().values()) == {0}


def of_person(channel: grpc.Channel) -> tuple[Callable[..., Any], Any]:
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    return stub.CreatePerson, library_service_pb2.CreatePersonRequest(person=person())


def of_position(channel: grpc.Channel) -> tuple[Callable[..., Any], Any]:
    stub = position_service_pb2_grpc.PositionServiceStub(channel)
    return stub.CreatePosition, position_service_pb2.CreatePositionRequest(position=position())


def of_training_place(channel: grpc.Channel) -> tuple[Callable[..., Any], Any]:
    stub = training_service_pb2_grpc.TrainingServiceStub(channel)
    return stub.CreateTrainingPlace, training_service_pb2.CreateTrainingPlaceRequest(training_place=place())


def of_team(channel: grpc.Channel) -> tuple[Callable[..., Any], Any]:
    library, stub = (
        library_service_pb2_grpc.LibraryServiceStub(channel),
        team_service_pb2_grpc.TeamServiceStub(channel),
    )
    lead: person_pb2.Person = library.CreatePerson(library_service_pb2.CreatePersonRequest(person=person()))
    return stub.CreateTeam, team_service_pb2.CreateTeamRequest(team=team(lead.name))


def of_evidence(channel: grpc.Channel) -> tuple[Callable[..., Any], Any]:
    stub = evidence_service_pb2_grpc.EvidenceServiceStub(channel)
    return (
        stub.CreateEvidenceRecord,
        evidence_service_pb2.CreateEvidenceRecordRequest(evidence_record=record()),
    )


@pytest.mark.parametrize("asked", [of_person, of_position, of_training_place, of_team, of_evidence])
def test_one_is_done_and_the_others_are_told(channel: grpc.Channel, asked: Callable[..., Any]) -> None:
    call, request = asked(channel)
    together = Barrier(AT_ONCE)

    def send(_number: int) -> str:
        mine = type(request)()
        mine.CopyFrom(request)
        mine.request_id = str(uuid4())
        together.wait()
        try:
            call(mine)
        except grpc.RpcError as error:
            return str(error.code().name)
        return "OK"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = Counter(pool.map(send, range(AT_ONCE)))
    assert ended["OK"] == 1
    assert set(ended) <= {"OK", "ABORTED", "ALREADY_EXISTS"}
