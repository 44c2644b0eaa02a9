"""Rows about people whom nobody knows yet: read, checked and written up, without looking anything up.

It takes nothing but the rows and what the import was begun with, so that it can be done beside the process that
writes: `fresh_rows` makes it anywhere of what can be sent there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import make_url

from services.catalogue import load
from services.chassis.imports.importing import violations_of
from services.chassis.outbox.journal import Journal
from services.chassis.policy import require_granted
from services.chassis.sealing import KeyRing
from services.kernel.clock import SystemClock, civil_date, midnight
from services.kernel.errors import BoleError, Violation
from services.kernel.ids import TimeOrderedIds
from services.talent.domain.axes import Axes
from services.talent.domain.identity.traits import Traits
from services.talent.domain.people.person import SENSITIVE, PersonRecord, Sensitive, check_facts
from services.talent.domain.people.statement import IMPORT
from services.talent.service.imports.facts import headers_of, person_facts
from services.talent.service.people.assertions import whole
from services.talent.service.people.duplicates.suggesting import traits_of
from services.talent.service.people.newcomers import Newcomer, Newcomers, WrittenUp
from services.talent.store.schema import shared
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row

SHEET = "persons"


class Terms(NamedTuple):
    """What an import was begun with. `compared`: whether new people are to be compared with others;
    `local_file`: the region's own directions; `said_by`: the list that people come from.
    """

    batch: str
    actor: str
    cities: frozenset[str] | None
    digest_key: bytes
    keys: KeyRing
    source: str
    engine: str
    compared: bool
    local_file: bytes = b""
    said_by: str = IMPORT


class Job(NamedTuple):
    """Rows with numbers that nobody has, and the instant at which they are recorded."""

    rows: Sequence[Row]
    now: datetime


class Made(NamedTuple):
    """Row and id of every new person, what breaks rules in the other rows, and what is to be written."""

    new: list[tuple[int, str]]
    refused: list[tuple[int, tuple[Violation, ...]]]
    people: WrittenUp
    traits: list[Traits]


class FreshRows:
    """Does jobs on given terms. Not thread-safe."""

    def __init__(self, terms: Terms) -> None:
        clock = SystemClock()
        catalogue = load(terms.local_file)
        self._terms = terms
        self._axes = Axes.of_catalogue(catalogue)
        self._ids = TimeOrderedIds(clock)
        self._reader = RowReader(SHEETS[SHEET], catalogue)
        self._headers = headers_of(SHEET)
        journal = Journal(shared.history, shared.outbox, terms.source, self._ids, clock)
        dialect = make_url(terms.engine).get_dialect()()
        self._newcomers = Newcomers(catalogue, terms.keys, journal, dialect)

    def __call__(self, job: Job) -> Made:
        """Every row judged, and the good ones written up."""
        entered: list[Newcomer] = []
        new: list[tuple[int, str]] = []
        refused: list[tuple[int, tuple[Violation, ...]]] = []
        today = civil_date(job.now)
        for row in job.rows:
            try:
                made = self._judged(self._reader.read(row, today), job.now)
            except BoleError as error:
                refused.append((row.number, violations_of(error.renamed(self._headers))))
                continue
            entered.append(made)
            new.append((row.number, made.person.id))
        traits = [_traits(each) for each in entered] if self._terms.compared else []
        return Made(new, refused, self._newcomers.written_up(entered, self._terms.actor, job.now), traits)

    def _judged(self, values: Mapping[str, Any], now: datetime) -> Newcomer:
        """The newcomer that a row tells of. Raises what the domain raises."""
        require_granted(self._terms.cities, values["city"], "city")
        today, said_by = civil_date(now), values["source_list"] or self._terms.said_by
        facts = check_facts(person_facts(values, self._terms.digest_key, today), self._axes, today)
        person = PersonRecord.register(facts, id_=self._ids.new(), origin=values["origin"] or "REAL", now=now)
        return Newcomer(person, whole(facts, said_by, batch=self._terms.batch), midnight(facts.observed))


def _traits(entered: Newcomer) -> Traits:
    said = entered.stated.facts
    sensitive = Sensitive(**{name: said[name] for name in SENSITIVE if name in said})
    return traits_of(entered.person.id, entered.person.facts, sensitive)
