"""The funding service as a process over a database that was filled before, and a caller."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import grpc

from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import Settings, load_settings
from services.cli.running import processes
from services.kernel.clock import SystemClock

ANALYST = Grant("fund_analyst")
_READY_SECONDS = 600.0


def settings_for(folder: Path, url: str) -> Settings:
    """Settings of a funding service over this database."""
    given = {"BOLE_DATA_DIR": str(folder), "BOLE_FUNDING_DATABASE_URL": url, "BOLE_LOG_LEVEL": "WARNING"}
    made = processes.free_addresses(load_settings(given))
    ensure_local_keys(made.keys_dir)
    return made


@contextmanager
def serving(settings: Settings) -> Iterator[grpc.Channel]:
    """A channel to the service, signed in as an analyst; it is stopped afterwards."""
    log = settings.data_dir / "funding.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.funding", "serve"],
            env=processes.environment(settings),
            stdout=output,
            stderr=output,
        )
    running = [processes.Running("funding", settings.funding_address, process, log)]
    try:
        processes.wait_ready(running, _READY_SECONDS)
        token = issue_local_token(
            settings.keys_dir, "bench", [ANALYST], timedelta(hours=12), SystemClock().now()
        )
        with open_channel(settings.funding_address, token=lambda: token) as channel:
            yield channel
    except grpc.RpcError:
        sys.stderr.write(log.read_text(encoding="utf-8")[-4_000:])
        raise
    finally:
        processes.stop(running)
