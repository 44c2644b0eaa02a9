"""`python -m tests.servers install` fetches servers and browser, once; `run` starts the servers until Ctrl-C; `demo`
gives the demonstration on them, with the options of `bole demo`.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from services.cli.running.processes import SERVICES
from tests.servers import chromium, kafka, postgres
from tests.servers.kafka import KafkaServer
from tests.servers.packages import apt_install, say
from tests.servers.postgres import PostgresServer
from tests.servers.workspace import ServerError


def install() -> None:
    """Fetch what is missing; does nothing the second time."""
    postgres.install()
    kafka.install()
    kafka.keep_classes()
    chromium.install()
    if shutil.which("curl") is None:  # a test runs the lines that pages offer for copying
        apt_install("curl")
    say("ready")


def run() -> None:
    """Start both, print their addresses, wait for SIGINT or SIGTERM, remove both."""
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), PostgresServer() as database, KafkaServer() as broker:
        sys.stdout.write(f"BOLE_TEST_POSTGRES_URL={database.url}\nBOLE_TEST_KAFKA_URL={broker.url}\n")
        sys.stdout.flush()
        say(f"both run after {time.monotonic() - started:.1f} s; Ctrl-C stops them and deletes their data")
        signal.pause()


def demo(*options: str) -> None:
    """The demonstration on a PostgreSQL and a Kafka of its own, with options of `bole demo`. Raises ServerError if it
    fails.
    """
    with PostgresServer(durable=True) as database, KafkaServer() as broker:
        urls = {
            f"BOLE_{name.upper()}_DATABASE_URL": database.database_url(database.create_database(name))
            for name in SERVICES
        }
        say(f"PostgreSQL 127.0.0.1:{database.port}, Kafka {broker.bootstrap}")
        given = os.environ | urls | {"BOLE_LOG_URL": broker.url}
        if subprocess.run(
            [str(Path(sys.executable).with_name("bole")), "demo", *options], env=given, check=False
        ).returncode:
            raise ServerError("the demonstration failed")


def main(arguments: list[str]) -> int:
    """0 when done, 1 when a server failed, 2 for a wrong command line."""
    commands: dict[str, Callable[..., None]] = {"install": install, "run": run, "demo": demo}
    name, *options = arguments or [""]
    if name not in commands or (options and name != "demo"):
        say(str(__doc__))
        return 2
    try:
        commands[name](*options)
    except ServerError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
