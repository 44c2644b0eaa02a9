"""What must still hold in an installation after any requests: chains, counts, ledgers, and logs that tell nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.catalogue import load
from services.chassis.audit.audit import verify
from services.chassis.storage.db import Database, open_engine
from services.funding.store.funds.ledger import differences
from services.funding.store.mapping import map_aggregates as map_funds
from services.funding.store.schema import shared as funding
from services.kernel.clock import SystemClock
from services.matcher.store.schema import shared as matcher
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting import count_once
from services.talent.store.mapping import map_aggregates as map_people
from services.talent.store.schema import shared as talent
from tests.contract.installation import Installation

_SIGNS = ("Traceback", '"unexpected error"')
"""What a log says of an error that nobody foresaw, outside of a call and within one."""
_PERSONAL = ("13900000000", "nobody@demo.invalid", "Bearer ", "PRIVATE KEY")
"""What requests hold of people and callers, and no log may (`tests/contract/noise.py`)."""
_AUDITS = {"talent": talent, "funding": funding, "matcher": matcher}


def problems(of: Installation) -> list[str]:
    """What is wrong with the audit trails, the counts of the map, the ledgers and the logs."""
    return [*_broken_chains(of), *_drifts(of), *_said_in_logs(of)]


def _broken_chains(of: Installation) -> Iterator[str]:
    for name, tables in _AUDITS.items():
        with _opened(of, name) as database:
            verdict = verify(database, tables.audit)
        if verdict.problem is not None:
            yield f"audit of {name}: entry {verdict.first_bad}: {verdict.problem.en}"


def _drifts(of: Installation) -> Iterator[str]:
    """Kept counts that are not what a recount gives, balances that are not what their journals add up to."""
    map_people()
    map_funds()
    catalogue = load()
    with _opened(of, "talent") as database:
        axes = Axes.of_catalogue(catalogue)
        counter = count_once(database, axes, Method(), catalogue.version, SystemClock()).counter
        with database.write() as session:
            drift = counter.rebuild(session, check=True)
    if drift != (0, 0):
        yield f"counts of the map differ from a recount: {drift}"
    with _opened(of, "funding") as database, database.read() as session:
        yield from (f"ledger: {each}" for each in differences(session))


def _said_in_logs(of: Installation) -> Iterator[str]:
    for path in sorted((of.settings.data_dir / "logs").glob("*.log")):
        written = path.read_text(encoding="utf-8")
        for sign in (*_SIGNS, *_PERSONAL):
            at = written.find(sign)
            if at >= 0:
                yield f"log of {path.stem}: {written[at : at + 2000]}"


@contextmanager
def _opened(of: Installation, name: str) -> Iterator[Database]:
    database = Database(open_engine(of.settings.database_url(name)))
    yield database
    database.close()
