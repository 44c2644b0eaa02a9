"""Thousands of nearly right requests to every unary RPC: none breaks a service or leaves anything half-written."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest

from services.catalogue import load
from services.chassis.audit import verify
from services.chassis.db import Database, open_engine
from services.chassis.identity import ROLES, Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.tokens import issue_local_token
from services.cli import processes
from services.funding.store.ledger import Difference, differences
from services.funding.store.mapping import map_aggregates as map_funds
from services.funding.store.schema import shared as funding
from services.kernel.clock import SystemClock
from services.matcher.store.schema import shared as matcher
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.service.counting import count_once
from services.talent.store.mapping import map_aggregates as map_people
from services.talent.store.schema import shared as talent
from tests.contract.coverage import contract_files
from tests.contract.installation import MANAGER, OFFICER, Installation, installation, start_with_sample
from tests.contract.noise import Noise, message_of

ROUNDS = 5
SEED = 20261126
_BREAKS = {"INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED"}
_EVERYTHING = (
    OFFICER,
    MANAGER,
    *(Grant(each) for each in sorted(ROLES - {"talent_officer", "fund_manager"})),
)
_PURPOSES = ("talent-service", "contact", None)
_AUDITS = {"talent": talent, "funding": funding, "matcher": matcher}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All services as processes with the small sample, for this test alone."""
    made = installation(tmp_path_factory.mktemp("noise"))
    start_with_sample(made)
    yield made
    assert set(made.stop().values()) == {0}


def unary_methods() -> list[tuple[str, str, Any]]:
    """Service, path and descriptor of each."""
    return [
        (file.package.split(".")[1], f"/{file.package}.{service.name}/{method.name}", method)
        for file in contract_files()
        for service in file.service
        for method in service.method
        if not method.client_streaming and not method.server_streaming
    ]


def call(channel: grpc.Channel, path: str, method: Any, request: Any) -> tuple[str, Any]:
    """How a call ends, and its answer."""
    ask = channel.unary_unary(
        path,
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=message_of(method.output_type).FromString,
    )
    try:
        return "OK", ask(request, timeout=300)
    except grpc.RpcError as error:
        return error.code().name, None


def channels(of: Installation, opened: ExitStack) -> dict[tuple[str, str | None], grpc.Channel]:
    """One signed in with every role of staff for each service and purpose; its calls prove nothing about coverage."""
    token = issue_local_token(
        of.settings.keys_dir, "noise", _EVERYTHING, timedelta(hours=1), datetime.now(UTC)
    )
    return {
        (name, purpose): opened.enter_context(
            open_channel(getattr(of.settings, f"{name}_address"), token=lambda: token, purpose=purpose)
        )
        for name in processes.SERVICES
        for purpose in _PURPOSES
    }


def test_no_request_breaks_a_service_or_leaves_anything_half_written(own: Installation) -> None:
    noise, chance, methods = Noise(SEED), random.Random(SEED), unary_methods()
    codes, broken = Counter[str](), []
    with ExitStack() as opened:
        ways = channels(own, opened)
        for _ in range(ROUNDS):
            for service, path, method in chance.sample(methods, len(methods)):
                request = noise.request(method)
                code, answer = call(ways[service, chance.choice(_PURPOSES)], path, method, request)
                codes[code] += 1
                if code == "OK":
                    noise.learn(answer)
                if code in _BREAKS:
                    broken.append(f"{path} {code}\n{request}")
    assert not broken, "\n".join(broken[:5])
    assert codes["OK"] > ROUNDS * 10
    for name, tables in _AUDITS.items():
        with opened_database(own, name) as database:
            assert verify(database, tables.audit).problem is None, name
    with opened_database(own, "talent") as database:
        assert drift_of_counts(database) == (0, 0)
    with opened_database(own, "funding") as database:
        assert drift_of_ledgers(database) == []
    assert not [name for name in processes.SERVICES if "Traceback" in log_of(own, name)]


@contextmanager
def opened_database(of: Installation, name: str) -> Iterator[Database]:
    database = Database(open_engine(of.settings.database_url(name)))
    yield database
    database.close()


def drift_of_counts(database: Database) -> tuple[int, int]:
    """How far the kept counts of the map are from a recount."""
    map_people()
    catalogue = load()
    axes = Axes.of_catalogue(catalogue)
    counter = count_once(database, axes, Method(), catalogue.version, SystemClock()).counter
    with database.write() as session:
        return counter.rebuild(session, check=True)


def drift_of_ledgers(database: Database) -> list[Difference]:
    """Where balances are not what their journals add up to."""
    map_funds()
    with database.read() as session:
        return list(differences(session))


def log_of(of: Installation, name: str) -> str:
    """What a service wrote into its log."""
    return Path(of.settings.data_dir / "logs" / f"{name}.log").read_text(encoding="utf-8")
