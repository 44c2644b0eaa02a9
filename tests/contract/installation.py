"""A whole installation for tests: real processes on loopback, and channels signed in as anybody."""

import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import grpc
import pytest
from sqlalchemy import text

from bole.matcher.v1 import matching_service_pb2 as wire
from bole.matcher.v1 import matching_service_pb2_grpc
from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import Failure, read_failure
from services.chassis.settings import Settings, load_settings
from services.chassis.storage.db import Database, open_engine
from services.cli.answers.output import Format, Output
from services.cli.running import processes
from services.cli.session import Session
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.clock import civil_date
from services.sample import write_sample
from tests.contract.coverage import CALLS, PATIENCE
from tests.contract.rehearsals import REHEARSALS
from tests.servers import nursery
from tests.servers.ports import free_port
from tests.servers.schemas import give_schema
from tests.servers.workspace import made_once, shelf

T = TypeVar("T")
OFFICER = Grant("talent_officer", purposes=frozenset({"talent-service", "contact"}))
MANAGER = Grant("fund_manager", purposes=frozenset({"due-diligence"}))


@dataclass
class Installation:
    """Services of one data directory, each on a free port."""

    settings: Settings
    spawn: processes.Spawn = processes.spawn
    running: list[processes.Running] = field(default_factory=list)

    def start(self, *names: str) -> None:
        """Start these services, else all: on what they left, else on an empty schema."""
        for name in names or processes.SERVICES:
            give_schema(name, self.settings.database_url(name))
        made = processes.start(self.settings, names or processes.SERVICES, self.spawn)
        self.running.extend(made)
        processes.wait_ready(made, PATIENCE)

    def tool(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of a service to its end, as `processes.run_tool`."""
        return nursery.run(f"services.{service}", arguments, processes.environment(self.settings))

    def stop(self) -> dict[str, int]:
        statuses = dict(processes.stop(self.running, PATIENCE))
        self.running.clear()
        return statuses

    def kill(self, name: str) -> None:
        """SIGKILL one service."""
        each = next(each for each in self.running if each.name == name)
        each.process.kill()
        each.process.wait()
        self.running.remove(each)

    @contextmanager
    def channel(
        self,
        service: str,
        *grants: Grant,
        purpose: str | None = None,
        key: str | None = None,
        subject: str = "tester",
    ) -> Iterator[grpc.Channel]:
        """A channel signed in as `subject` with these grants, or with a partner's key; its calls are counted."""
        token = staff_token(self, *grants, subject=subject)
        with open_channel(
            getattr(self.settings, f"{service}_address"),
            token=None if key else lambda: token,
            partner_key=(lambda: key) if key else None,
            purpose=purpose,
        ) as channel:
            yield grpc.intercept_channel(channel, REHEARSALS, CALLS)

    def untold(self) -> int:
        """How many changes the running services have committed that are not on the log yet."""
        waiting = text("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        found = 0
        for each in self.running:
            database = Database(open_engine(self.settings.database_url(each.name), pool_size=1))
            with database.read() as session:
                found += session.scalar(waiting) or 0
            database.close()
        return found

    def wait_level(self, seconds: float = PATIENCE) -> int:
        """The last sequence once everything has been told and the index has stood level for a while."""
        deadline, steady, last = time.monotonic() + seconds, 0, -1
        with self.channel("matcher") as channel:
            stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
            while steady < 6:
                told = not self.untold()
                status = stub.GetIndexStatus(wire.GetIndexStatusRequest(), timeout=300)
                steady = steady + 1 if told and status.level and status.last_sequence == last else 0
                last = status.last_sequence
                assert time.monotonic() < deadline, "the index did not become level"
                threading.Event().wait(0.25)
        return int(last)

    def until(self, ask: Callable[[], T], seconds: float = PATIENCE) -> T:
        """What `ask` answers once that is not empty."""
        deadline = time.monotonic() + seconds
        while not (found := ask()):
            assert time.monotonic() < deadline, "what was waited for did not come"
            threading.Event().wait(0.1)
        return found


def staff_token(of: "Installation", *grants: Grant, subject: str = "tester") -> str:
    """A token of a member of staff, an officer and fund manager unless grants are named."""
    return issue_local_token(
        of.settings.keys_dir, subject, grants or (OFFICER, MANAGER), timedelta(hours=1), datetime.now(UTC)
    )


def installation(
    directory: Path, spawn: processes.Spawn = processes.spawn, /, **settings: str
) -> Installation:
    """An installation in `directory`; further settings by their name without the prefix."""
    places = [f"{name}{kind}_address" for name in processes.SERVICES for kind in ("", "_metrics")]
    places.append("console_address")
    given = {place: f"127.0.0.1:{free_port()}" for place in places} | {"data_dir": str(directory)} | settings
    made = load_settings({f"BOLE_{name.upper()}": value for name, value in given.items()})
    ensure_local_keys(made.keys_dir)
    return Installation(made, spawn)


def leave_sample(into: Installation) -> None:
    """The small sample in an installation that does not run."""
    if (kept := shelf() / "sample").exists():
        _copy(kept, into.settings.data_dir)
    else:
        start_with_sample(into)
        into.stop()


def start_with_sample(into: Installation) -> int:
    """Start all services with the small sample, and wait until the index is level; the last sequence of the stream.

    One installation of a run imports it; those that come after begin with a copy of what that one had by then.
    """
    given, loaded = into.settings.data_dir, []

    def load(where: Path) -> None:
        into.start()
        load_sample(into)
        loaded.append(into.wait_level())
        _copy(given, where)

    kept = made_once(shelf() / "sample", load)
    if not loaded:
        _copy(kept, given)
        into.start()
        loaded.append(into.wait_level())
    return loaded[0]


def load_sample(into: Installation) -> None:
    """Import the small sample into talent and funding."""
    workbook = into.settings.data_dir / "sample.xlsx"
    write_sample(workbook, "small", as_of=civil_date(datetime.now(UTC)))
    staff = Session(into.settings, Output(Format.TABLE, "zh"), token=staff_token(into))
    for name in ("talent", "funding"):
        assert importing.send(staff, name, workbook, Mode.IMPORT_MODE_GOOD_ROWS).committed
    staff.close()


def _copy(source: Path, target: Path) -> None:
    """Keys and databases, which may be in use: the log last, so that nothing counts as told that is not in it."""
    target.mkdir(exist_ok=True)
    shutil.copytree(source / "keys", target / "keys", dirs_exist_ok=True)
    for name in (*processes.SERVICES, "log"):
        with (
            closing(sqlite3.connect(source / f"{name}.db")) as read,
            closing(sqlite3.connect(target / f"{name}.db")) as write,
        ):
            read.backup(write)


def refused(call: Any, request: Any) -> Failure:
    """The failure that a call ends with; it never is INTERNAL or UNKNOWN."""
    with pytest.raises(grpc.RpcError) as caught:
        call(request)
    failure = read_failure(caught.value)
    assert failure.code not in {"INTERNAL", "UNKNOWN"}, failure
    assert failure.text.zh
    assert failure.text.en
    return failure


def fields(failure: Failure) -> Sequence[str]:
    """The fields that a failure names."""
    return [violation.field for violation in failure.violations]
