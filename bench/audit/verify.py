"""Verifying the audit: the whole chain of a service read and computed anew, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from bench.harness import Row, Run
from services.chassis.audit.audit import Audit, AuditEntry, define_audit, verify
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine

NAMES = ("audit.verify.",)
_ENTRIES, _AT_ONCE, _ROUNDS = 100_000, 5_000, 5
_LEAST = 100_000
_METADATA = new_metadata()
_TABLES = define_audit(_METADATA)
_ENTRY = AuditEntry(
    at=datetime(2026, 1, 1, 12, 0, 0, 5, tzinfo=UTC),
    actor="li.si",
    roles=["talent_officer"],
    action="bole.talent.v1.LibraryService.GetPerson",
    resource="persons/01J8ZQ4N7V3K2M5X6Y9W0T1R2S",
    purpose="matching",
    outcome="OK",
    request_id="",
    detail={"fields": ["email", "phone"], "version": 3},
)


def measure(run: Run) -> Iterator[Row]:
    """Entries a second, beside the least that is asked for."""
    count = run.size(_ENTRIES)
    with run.folder() as folder, run.database_urls(folder) as urls:
        for engine, url in urls.items():
            if not run.wants(f"audit.verify.{engine}"):
                continue
            database = Database(open_engine(url))
            try:
                _fill(database, count)
                seconds = median([_verified(database, count) for _ in range(_ROUNDS)])
            finally:
                database.close()
            yield run.row(
                f"audit.verify.{engine}",
                count / seconds,
                "entries/s",
                n=count,
                peer="the least it has to do",
                peer_value=_LEAST,
                bar=1.0,
                lower_is_better=False,
                note=f"one process; entries as of a person that is looked at, the median of {_ROUNDS}",
            )


def _fill(database: Database, count: int) -> None:
    _METADATA.create_all(database.engine)
    audit = Audit(_TABLES)
    for first in range(0, count, _AT_ONCE):
        with database.write() as session:
            for number in range(first, min(first + _AT_ONCE, count)):
                audit.append(session, replace(_ENTRY, request_id=f"{number:032x}"))


def _verified(database: Database, count: int) -> float:
    """The seconds that it took. Raises RuntimeError if the chain is found broken, or another than was written."""
    began = perf_counter()
    verdict = verify(database, _TABLES)
    seconds = perf_counter() - began
    if verdict.problem is not None or verdict.head.sequence != count:
        raise RuntimeError(str(verdict))
    return seconds
