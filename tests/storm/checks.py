"""What must hold after a storm: nothing acknowledged is lost, nothing takes effect twice, order is kept."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from sqlalchemy import text

from services.chassis.log.log import open_log
from services.chassis.log.topics import FIRMS, PERSONS
from tests.storm.clients import Partner
from tests.storm.house import House
from tests.storm.ledger import Ledger, Outcome

_BATCH = 1000
_WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
_BURIED = "SELECT topic, key, reason FROM dead_letter"
_FOLLOWED = "SELECT kind, id, version FROM item WHERE change <= (SELECT followed FROM match_counter)"
_PEOPLE = "SELECT ref, id, version, profile FROM person"
LAST = "SELECT coalesce(max(sequence), 0) FROM match_event"


def ask(house: House, service: str, query: str, **values: str) -> list[Any]:
    """Rows of a service's database, past the proxies."""
    database = house.database(service)
    try:
        with database.read() as session:
            return list(session.execute(text(query), values).all())
    finally:
        database.close()


def is_quiet(house: House, partner: Partner, first: int) -> bool:
    """Whether all that was committed has been told, taken in by the matcher, and read by the partner, who began after
    `first`.
    """
    if any(ask(house, name, _WAITING)[0][0] for name in ("talent", "funding", "matcher")):
        return False
    known = {(kind, id_): version for kind, id_, version in ask(house, "matcher", _FOLLOWED)}
    versions = [("person", id_, v) for _, id_, v, _ in ask(house, "talent", _PEOPLE)]
    versions += [("firm", id_, v) for id_, v in ask(house, "funding", "SELECT id, version FROM firm")]
    if any(known.get((kind, id_), 0) < version for kind, id_, version in versions):
        return False
    return bool(ask(house, "matcher", LAST)[0][0] == (partner.last() or first))


def violations(house: House, ledger: Ledger, partner: Partner, first: int) -> list[str]:
    """Everything that does not hold. `first`: the last sequence before the storm."""
    return [
        *_rows(house, ledger),
        *_versions(house, ledger),
        *_told(house, "talent", PERSONS.name, "person"),
        *_told(house, "funding", FIRMS.name, "firm"),
        *_taken(house),
        *_stream(house, partner, first),
        *(
            f"dead letter of {name}: {tuple(row)}"
            for name in house.direct
            for row in ask(house, name, _BURIED)
        ),
    ]


def _rows(house: House, ledger: Ledger) -> Iterable[str]:
    """acknowledged ⊆ rows ⊆ acknowledged ∪ unknown, for people and firms."""
    uscc = [row[0] for row in ask(house, "funding", "SELECT uscc FROM firm")]
    refs = [row[0] for row in ask(house, "talent", _PEOPLE)]
    for kind, rows in (("create", refs), ("firm", uscc)):
        there = set(rows)
        for entry in ledger.of(kind, Outcome.ACKNOWLEDGED):
            if entry.ref not in there:
                yield f"lost: {kind} {entry.ref} was acknowledged"
        for entry in ledger.of(kind, Outcome.FAILED):
            if entry.ref in there:
                yield f"{kind} {entry.ref} was refused and is there"


def _versions(house: House, ledger: Ledger) -> Iterable[str]:
    """Each acknowledged change counted once, an unknown one at most once, and the last text is one of them."""
    sure, maybe = _marks(ledger, Outcome.ACKNOWLEDGED), _marks(ledger, Outcome.UNKNOWN)
    created = {e.ref: e.mark for e in ledger.of("create", Outcome.ACKNOWLEDGED, Outcome.UNKNOWN)}
    for ref, _, version, profile in ask(house, "talent", _PEOPLE):
        if ref not in created:
            continue
        done, open_ = sure[ref], maybe[ref]
        if not 1 + len(done) <= version <= 1 + len(done) + len(open_):
            yield f"{ref} has version {version} after {len(done)} changes and {len(open_)} unknown ones"
        if profile not in {(done or [created[ref]])[-1], *open_}:
            yield f"{ref} says {profile!r}, not what was acknowledged last"


def _marks(ledger: Ledger, outcome: Outcome) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry in ledger.of("update", outcome):
        found[entry.ref].append(entry.mark)
    return found


def _told(house: House, service: str, topic: str, table: str) -> Iterable[str]:
    """One event for each version, in order, in the outbox; on the log nothing else, in order, up to the last."""
    versions = dict(map(tuple, ask(house, service, f"SELECT id, version FROM {table}")))
    log = open_log(house.settings.log_url)
    try:
        told = _first_sight(log, topic)
    finally:
        log.close()
    for id_, version in versions.items():
        seen = told.get(id_, [])
        if len({sequence for sequence, _ in seen}) != len(seen):
            yield f"{table} {id_}: two events for one version"
        if any(after <= before for (before, _), (after, _) in pairwise(seen)):
            yield f"{table} {id_}: events out of order"
        if not seen or seen[-1][0] != version:
            yield f"{table} {id_}: version {version} was not told last, but {seen[-1:]}"


def _first_sight(log: Any, topic: str) -> dict[str, list[tuple[int, str]]]:
    """(sequence, event id) of each key as a reader that drops repeated ids sees them."""
    told: dict[str, list[tuple[int, str]]] = defaultdict(list)
    known: set[str] = set()
    offset, end = 0, log.end(topic)
    while offset < end:
        records = log.read(topic, offset, _BATCH)
        if not records:
            break
        for record in records:
            if record.headers["ce_id"] not in known:
                known.add(record.headers["ce_id"])
                told[record.key].append((int(record.headers["ce_sequence"]), record.headers["ce_id"]))
        offset = records[-1].offset + 1
    return told


def _taken(house: House) -> Iterable[str]:
    """What the matcher knows of people is what the library says."""
    known = dict(map(tuple, ask(house, "matcher", "SELECT id, version FROM item WHERE kind = 'person'")))
    for ref, id_, version, _ in ask(house, "talent", _PEOPLE):
        if known.get(id_) != version:
            yield f"{ref}: the matcher took version {known.get(id_)} of {version}"


def _stream(house: House, partner: Partner, first: int) -> Iterable[str]:
    """The partner got every event of the table once, each linked to the one before."""
    events = partner.events
    got = [(int(event.previous_sequence), int(event.sequence)) for event in events]
    made = [row[0] for row in ask(house, "matcher", "SELECT sequence FROM match_event ORDER BY sequence")]
    if [sequence for _, sequence in got] != [sequence for sequence in made if sequence > first]:
        yield f"the partner got {len(got)} events, not each of {len(made)} after {first} once and in order"
    if any(before[1] != after[0] for before, after in pairwise(got)):
        yield "previous_sequence has a gap"
    if made != list(range(1, len(made) + 1)):
        yield "the sequence of match events has a gap"
    if partner.broken():
        yield "the subscriber counts gaps or repetitions"
    people = {event.candidate for event in events if event.kind == "person-position"}
    if not all(name.startswith("subjects/") for name in people):
        yield "the partner was told a person's own name"
