"""An embedded installation with the sample, moved to PostgreSQL and Kafka by the command, is the same and goes on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.message import Message

from bole.funding.v1 import deal_service_pb2, deal_service_pb2_grpc, fund_service_pb2, fund_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
)
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.running import moving, processes
from services.cli.session import Session
from services.kernel.errors import FailedPrecondition, Unavailable
from tests.contract.installation import Installation, installation, start_with_sample
from tests.contract.talent import doubles
from tests.servers import nursery
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer


@pytest.fixture
def left(tmp_path: Path) -> Iterator[Installation]:
    """The sample on the embedded engines, running."""
    made = installation(tmp_path / "left", nursery.spawn)
    start_with_sample(made)
    yield made
    made.stop()


@pytest.fixture
def right(tmp_path: Path, left: Installation, postgres: PostgresServer) -> Iterator[Installation]:
    """Empty databases and an empty broker, with the keys of the other one."""
    names = {name: postgres.create_database() for name in processes.SERVICES}
    given = {f"{name}_database_url": postgres.database_url(of) for name, of in names.items()}
    given["keys_dir"] = str(left.settings.keys_dir)
    with KafkaServer() as broker:
        made = installation(tmp_path / "right", nursery.spawn, log_url=broker.url, **given)
        yield made
        made.stop()
    for name in names.values():
        postgres.drop_database(name)


def _moved(from_: Installation, to: Installation, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """Rows and records by what was moved, as the command prints them."""
    with Session(to.settings, Output(Format.JSON, "en")) as session:
        moving.move(session, from_.settings.data_dir)
    return {each["what"]: int(each["count"]) for each in json.loads(capsys.readouterr().out)}


def _asked(of: Installation) -> list[Message]:
    """What people, deals and funds are answered with."""
    with of.channel("talent") as people, of.channel("funding") as money:
        deals = deal_service_pb2_grpc.DealServiceStub(money)
        funds = fund_service_pb2_grpc.FundServiceStub(money)
        return [
            library_service_pb2_grpc.LibraryServiceStub(people).SearchPersons(
                library_service_pb2.SearchPersonsRequest(page_size=50)
            ),
            deals.ListDeals(deal_service_pb2.ListDealsRequest(page_size=50)),
            funds.ListFunds(fund_service_pb2.ListFundsRequest(page_size=50)),
        ]


def _known(of: Installation) -> dict[str, int]:
    """How many items of each sort the matcher's index holds."""
    with of.channel("matcher") as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        status = stub.GetIndexStatus(matching_service_pb2.GetIndexStatusRequest())
        return {each.item: each.count for each in status.items}


@pytest.mark.usefixtures("quick_tools")
def test_what_was_moved_answers_as_before_and_goes_on(
    left: Installation, right: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    before, known = _asked(left), _known(left)
    with pytest.raises(FailedPrecondition, match=r"talent\.db.*funding\.db.*matcher\.db"):
        _moved(left, right, capsys)
    left.stop()

    dying = right.settings.model_copy(update={"failpoint": "move.after_append:3"})
    with pytest.raises(Unavailable):
        _moved(left, Installation(dying), capsys)
    capsys.readouterr()
    moved = _moved(left, right, capsys)

    assert moved.keys() == {*processes.SERVICES, "log"}
    assert min(moved.values()) > 100
    right.start()
    right.wait_level()
    for was, now in zip(before, _asked(right), strict=True):
        was.ClearField("next_page_token")
        now.ClearField("next_page_token")
        assert now == was
    assert _known(right) == known
    with right.channel("talent") as channel:
        doubles.create(channel)
    right.wait_level()
    assert _known(right) == known | {"person": known["person"] + 1}
    right.stop()
    with pytest.raises(Unavailable):
        _moved(left, right, capsys)
