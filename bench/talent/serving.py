"""The talent service as a process over a database that was filled before, and a caller."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import grpc
from sqlalchemy import select

from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import Settings, load_settings
from services.chassis.storage.db import Database
from services.cli.running import processes
from services.kernel.clock import SystemClock
from services.talent.store import schema

OFFICER = Grant("talent_officer", purposes=frozenset({"talent-service"}))
_READY_SECONDS = 1800.0
_LOOK_SECONDS = 0.2


def settings_for(folder: Path, url: str) -> Settings:
    """Settings of a talent service over this database."""
    given = {"BOLE_DATA_DIR": str(folder), "BOLE_TALENT_DATABASE_URL": url, "BOLE_LOG_LEVEL": "WARNING"}
    made = processes.free_addresses(load_settings(given))
    ensure_local_keys(made.keys_dir)
    return made


@contextmanager
def serving(settings: Settings) -> Iterator[grpc.Channel]:
    """A channel to the service, signed in as an officer; it is stopped afterwards."""
    log = settings.data_dir / "talent.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.talent", "serve"],
            env=processes.environment(settings),
            stdout=output,
            stderr=output,
        )
    running = [processes.Running("talent", settings.talent_address, process, log)]
    try:
        processes.wait_ready(running, _READY_SECONDS)
        token = issue_local_token(
            settings.keys_dir, "bench", [OFFICER], timedelta(hours=12), SystemClock().now()
        )
        with open_channel(settings.talent_address, token=lambda: token) as channel:
            yield channel
    except grpc.RpcError:
        sys.stderr.write(log.read_text(encoding="utf-8")[-4_000:])
        raise
    finally:
        processes.stop(running)


def at_rest(database: Database) -> None:
    """Returns when what the service does by itself after its start is done: every cell was told of and is published."""
    told, state, outbox = schema.shortage_told.c, schema.shortage_state.c, schema.shared.outbox.c
    waiting = select(outbox.position).where(outbox.published_at.is_(None)).limit(1)
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        with database.read() as session:
            level = session.scalar(select(told.revision)) == session.scalar(select(state.revision))
            if level and session.scalar(waiting) is None:
                return
        time.sleep(_LOOK_SECONDS)
    raise TimeoutError("the service did not come to rest")
