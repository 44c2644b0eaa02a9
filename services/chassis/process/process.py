"""A service as a process: `python -m services.<name> serve | migrate | scrub | verify-audit | keys DIR | …`."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import grpc
from threadpoolctl import threadpool_limits

from services.chassis.audit.audit import Audit
from services.chassis.audit.checking import check_audit
from services.chassis.audit.heads import load_signer, write_line
from services.chassis.audit.reveals import audit_refusal, audit_reveal, before_change
from services.chassis.audit.signing import Signing, heads_on
from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.files.directories import require_directories, writing_to
from services.chassis.house import Assembly, Blueprint, House
from services.chassis.identity.issuers import issuer_of
from services.chassis.identity.tokens import StaffTokens
from services.chassis.keys import ensure_local_keys, installation_of, load_key
from services.chassis.log.log import open_log
from services.chassis.log.topics import policies
from services.chassis.log_url import parse_log_url
from services.chassis.outbox.journal import Journal
from services.chassis.outbox.relay import Relay
from services.chassis.process.accepting import accept_log, places_of
from services.chassis.process.background import STOP_SECONDS, Background
from services.chassis.process.crashes import tell_where_and_leave_no_core
from services.chassis.process.ending import Ending
from services.chassis.process.leadership import leader_lock
from services.chassis.process.observation import Observation
from services.chassis.process.occupied import occupying
from services.chassis.process.readiness import Readiness
from services.chassis.process.scrubbing import scrub_tables
from services.chassis.process.starting import beginning_when_current, wait_for_database, wait_for_log
from services.chassis.process.taking_over import TAKING
from services.chassis.quotas import Quota, Quotas
from services.chassis.request_log import RequestLog
from services.chassis.rpc.call import correlation
from services.chassis.rpc.exchange import Interceptor
from services.chassis.rpc.server import Server, ServerOptions
from services.chassis.rpc.standard import standard_interceptors
from services.chassis.settings import Settings, describe, load_settings
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import SchemaVersions, migrate, require_own, schema_versions
from services.chassis.storage.paging import PageTokens
from services.chassis.telemetry.exporting import exporting
from services.chassis.telemetry.logs import configure_logs, written_beside
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.metrics_page import exposed
from services.chassis.tls import load_files, server_credentials
from services.kernel.clock import SystemClock
from services.kernel.ids import TimeOrderedIds
from services.kernel.text import Language
from services.workbook.parts_aside import sweep

# A request gives the interpreter away at every statement, and the event loop at every round; each time it waits this
# long for it while a thread computes: at Python's own 5 ms a request of ten statements would wait 50.
_SWITCH_SECONDS = 0.0003


OF_THE_DATABASE: Final = frozenset(
    {"migrate", "scrub", "erasures", "erase-again", "revocations", "revoke-again"}
)
"""Commands that do not touch the log: they need no certificate for it."""


def run(blueprint: Blueprint, arguments: Sequence[str] | None = None) -> int:
    """The exit status of the process: 0, 1 for a failed check, 78 for a wrong configuration."""
    options = _parser(blueprint).parse_args(arguments)
    tell_where_and_leave_no_core()
    try:
        settings = load_settings(os.environ)
        configure_logs(blueprint.name, settings.log_level, correlation)
        # one thread a computation: requests run side by side, and small matrices wait longer than they are worked on
        threadpool_limits(1)
        sweep()
        if options.command == "keys":
            ensure_local_keys(Path(options.directory))
            return 0
        require_directories(blueprint.name, settings)
        if settings.environment == "local":
            with writing_to("BOLE_KEYS_DIR", settings.keys_dir):
                ensure_local_keys(settings.keys_dir)
        if options.command not in OF_THE_DATABASE:
            _check_log_certificate(settings, SystemClock().now())
        with (
            _tracing(blueprint.name, settings),
            _occupying(blueprint, settings, options.command),
            house_of(blueprint, settings) as house,
        ):
            return _command(blueprint, house, options)
    except ConfigurationError as error:
        sys.stderr.write(f"{error.text}\n")
        return EXIT_CONFIGURATION


def _parser(blueprint: Blueprint) -> argparse.ArgumentParser:
    settings = "\n".join(f"  {name}={default}\n      {meaning}" for name, default, meaning in describe())
    settings += "\n  any of them with _FILE at the end\n      the file that holds the value"
    parser = argparse.ArgumentParser(
        prog=f"python -m services.{blueprint.name}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"settings (environment variables):\n{settings}",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve until SIGTERM")
    serve.add_argument("--migrate", action="store_true", help="bring the schema up to date first")
    commands.add_parser("migrate", help="bring the schema up to date and end")
    checking = commands.add_parser("verify-audit", help="check the chain of the audit trail")
    checking.add_argument("--language", choices=("zh", "en"), help="say it in one language; default: both")
    checking.add_argument("--heads", type=Path, help="a file of signed heads that was kept elsewhere")
    commands.add_parser(
        "audit-heads", help="sign the head of the audit and write all signed heads, to be kept elsewhere"
    )
    commands.add_parser("scrub", help="write the tables anew, so that no byte is left of what was erased")
    commands.add_parser("accept-log", help="state that a log begun anew, or without its end, is the one now")
    for name, subject in (("take-over", "rows"), ("take-over-log", "log")):
        taking = commands.add_parser(
            name, help=f"move an embedded installation's {subject} into these empty engines"
        )
        taking.add_argument("directory", type=Path)
    keys = commands.add_parser("keys", help="make the missing key files in a directory")
    keys.add_argument("directory")
    for name in blueprint.tools:
        commands.add_parser(name).add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _command(blueprint: Blueprint, house: House, options: argparse.Namespace) -> int:
    if options.command in {"migrate", "scrub", "serve"}:
        wait_for_database(f"BOLE_{blueprint.name.upper()}_DATABASE_URL", house.database.engine)
    if options.command == "serve":
        require_own(house.database.engine, blueprint.migrations, blueprint.name)
    if options.command == "migrate" or getattr(options, "migrate", False):
        migrate(house.database.engine, blueprint.migrations, blueprint.name)
        blueprint.complete(house)
    if options.command == "migrate":
        return 0
    if options.command == "verify-audit":
        return _verify_audit(blueprint, house, options)
    if options.command == "audit-heads":
        return _audit_heads(blueprint, house)
    if options.command == "scrub":
        return scrub_tables(house)
    if options.command == "accept-log":
        return accept_log(blueprint, house)
    if options.command in TAKING:
        return TAKING[options.command](blueprint, house, options.directory)
    if options.command == "serve":
        return _serve(blueprint, house)
    return blueprint.tools[options.command](house, options.arguments)


def _tracing(name: str, settings: Settings) -> AbstractContextManager[None]:
    if not settings.trace_collector:
        return nullcontext()
    return exporting(name, settings.trace_collector, settings.trace_share)


def _occupying(blueprint: Blueprint, settings: Settings, command: str) -> AbstractContextManager[None]:
    """Whoever moves or restores an embedded database knows that somebody serves from it."""
    key, url = f"BOLE_{blueprint.name.upper()}_DATABASE_URL", settings.database_url(blueprint.name)
    return occupying(key, url) if command == "serve" else nullcontext()


@contextmanager
def house_of(blueprint: Blueprint, settings: Settings) -> Iterator[House]:
    """What the parts of a service are handed, on its database and its log."""
    clock = SystemClock()
    ids = TimeOrderedIds(clock)
    database = Database(open_engine(settings.database_url(blueprint.name)))
    log = open_log(settings.log_url)
    tables = blueprint.tables
    try:
        yield House(
            settings,
            clock,
            ids,
            database,
            log,
            tables,
            Journal(tables.history, tables.outbox, f"/bole/{blueprint.name}", ids, clock),
            RequestLog(tables.request_log, clock),
            Audit(tables.audit),
            PageTokens(load_key(settings.keys_dir, "page")),
            Metrics(blueprint.name),
        )
    finally:
        log.close()
        database.close()


def _check_log_certificate(settings: Settings, now: datetime) -> None:
    directory = parse_log_url(settings.log_url).tls
    if directory is not None:
        load_files(directory, now)


def _verify_audit(blueprint: Blueprint, house: House, options: argparse.Namespace) -> int:
    intact, said = check_audit(house, blueprint.name, blueprint.audit_topic, options.heads)
    language: Language | None = options.language
    sys.stdout.write(f"{said if language is None else said.to(language)}\n")
    return 0 if intact else 1


def _audit_heads(blueprint: Blueprint, house: House) -> int:
    house.log.ensure_topics(policies())
    _signing(blueprint, house, lambda: True).sign(at_once=True)
    sys.stdout.writelines(f"{write_line(head)}\n" for head in heads_on(house.log, blueprint.audit_topic))
    return 0


def _signing(blueprint: Blueprint, house: House, leads: Callable[[], bool]) -> Signing:
    return Signing(house, blueprint.name, blueprint.audit_topic, load_signer(house.settings.keys_dir), leads)


def _serve(blueprint: Blueprint, house: House) -> int:
    sys.setswitchinterval(_SWITCH_SECONDS)
    settings, name = house.settings, blueprint.name
    wait_for_log("BOLE_LOG_URL", lambda: house.log.ensure_topics(policies()))
    assembly = blueprint.assemble(house)
    engine, failures = house.database.engine, house.metrics.loop_failures
    relay = Relay(
        house.database,
        house.tables.outbox,
        house.log,
        leader_lock(engine, "relay"),
        house.clock,
        precedence=house.precedence,
        places=places_of(blueprint, house),
        failed=failures.labels("relay").inc,
    )
    loops = {feed.name: feed.rounds for feed in assembly.feeds}
    loops |= assembly.loops
    loops["audit heads"] = _signing(blueprint, house, lambda: relay.leading).rounds
    feeds = [Background(name, rounds, failures.labels(name).inc) for name, rounds in loops.items()]
    observation = Observation(house, relay, assembly)

    def versions() -> SchemaVersions:
        return schema_versions(engine, blueprint.migrations, name)

    ending = Ending()
    ending.stand()
    start = partial(_start, assembly, relay, feeds, observation)
    beginning = Background(
        "beginning", beginning_when_current(versions, start), failures.labels("beginning").inc
    )
    server = Server(
        ServerOptions(
            address=getattr(settings, f"{name}_address"),
            threads=settings.rpc_threads,
            drain_seconds=settings.drain_seconds,
            reflection=settings.environment == "local",
            credentials=_credentials(house, assembly),
            health_address=getattr(settings, f"{name}_health_address"),
            answer_seconds=blueprint.answer_seconds,
        ),
        assembly.services,
        interceptors_of(house, assembly),
        house.clock.now,
        is_ready=Readiness(
            house.database,
            lambda: versions().current,
            [relay, *feeds],
            assembly.is_ready,
        ),
        hang_up=house.database.hang_up,
        further_names=[installation_of(settings.keys_dir)] if settings.environment == "local" else [],
        on_start=lambda _address: beginning.start(),
        on_stop=[ending.begin, lambda: _stop(beginning, relay, feeds, observation), *assembly.on_stop],
        precedence=house.precedence,
    )
    metrics = f"{name}_metrics_address"
    with written_beside(), exposed(house.metrics, getattr(settings, metrics), f"BOLE_{metrics.upper()}"):
        return server.run()


def interceptors_of(house: House, assembly: Assembly) -> tuple[Interceptor, ...]:
    """What every call to a service passes."""
    settings = house.settings
    return standard_interceptors(
        metrics=house.metrics,
        staff=StaffTokens(issuer_of(settings)),
        partners=assembly.partners,
        certificates=assembly.certificates,
        now=house.clock.now,
        on_reveal=audit_reveal(house),
        before_change=before_change(house),
        on_refusal=audit_refusal(house),
        quotas=Quotas(Quota(settings.partner_calls_per_second, settings.partner_calls_at_once)),
    )


def _credentials(house: House, assembly: Assembly) -> grpc.ServerCredentials | None:
    settings, expires = house.settings, house.metrics.certificate_expires
    if settings.tls_dir is None:
        return None
    partners = None if assembly.certificates is None else settings.partner_authorities
    return server_credentials(
        settings.tls_dir, house.clock.now, lambda own: expires.set(own.expires.timestamp()), partners
    )


def _start(assembly: Assembly, relay: Relay, feeds: Sequence[Background], observation: Observation) -> None:
    # What was loaded to start stays until the end: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    for callback in assembly.on_start:
        callback()
    relay.start()
    for feed in feeds:
        feed.start()
    observation.start()


def _stop(beginning: Background, relay: Relay, feeds: Sequence[Background], observation: Observation) -> None:
    """Let every loop finish the transaction at hand, all at the same time."""
    stops: list[Callable[[float], object]] = [
        beginning.stop,
        *(feed.stop for feed in feeds),
        relay.stop,
        observation.stop,
    ]
    end = time.monotonic() + STOP_SECONDS
    for stop in stops:
        stop(0)
    for stop in stops:
        stop(max(0, end - time.monotonic()))
