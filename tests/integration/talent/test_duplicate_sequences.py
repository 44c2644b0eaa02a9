"""Any sequence of changes, merges and undos: what is found stays level with a search over everybody, and undoing
every merge leaves each record as what was stated about it.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.chassis.feed.received import Received
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock, civil_date
from services.kernel.errors import BoleError
from services.talent.app import BLUEPRINT
from services.talent.domain.identity.judgement import Verdict
from services.talent.domain.identity.method import Method
from services.talent.domain.people.biography import NameKind, OtherName
from services.talent.domain.people.person import Purpose
from services.talent.domain.people.statement import Stated
from services.talent.domain.people.team import Member, Team, TeamFacts, TeamStatus
from services.talent.domain.privacy.consent import purposes_of
from services.talent.feed.duplicates import TOPICS, DuplicateFeed
from services.talent.service.people.people import Entered
from services.talent.store import schema
from services.talent.store.people import statements
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates
from tests.servers.schemas import empty_schema

PEOPLE = 5
START = datetime(2026, 7, 1, 2, tzinfo=UTC)
_CHANGES: tuple[dict[str, Any], ...] = (
    {"name": "诸葛翎翙"},
    {"name": "王晓明"},
    {"name": "Wang Xiaoming"},
    {"employer": "东南大学"},
    {"employer": ""},
    {"phone": "13912345678"},
    {"city": "suzhou"},
    {"id_digest": "a" * 64},
    {"id_digest": "b" * 64},
    {"birth_year": 1980},
    {"other_names": (OtherName(NameKind.FORMER, "王晓明"),)},
    {"purposes": frozenset({Purpose.STATISTICS})},
    {"purposes": frozenset({Purpose.MATCH_FIRM, Purpose.STATISTICS})},
)


_REFUSALS = {"NOT_FOUND", "SAME_RECORD", "CONFLICTING_KEYS", "JUDGED_APART", "ALREADY_MERGED"}


class Op(NamedTuple):
    """One thing that happens: a kind, two places among the people, and a choice."""

    kind: str
    one: int
    other: int
    choice: int


places = st.integers(0, PEOPLE - 1)
KINDS = ("amend", "amend", "merge", "merge", "undo", "negative", "unsure", "take back", "team")


def sequences(kinds: Sequence[str]) -> st.SearchStrategy[list[Op]]:
    """Up to fourteen steps of these kinds."""
    step = st.builds(Op, st.sampled_from(kinds), places, places, st.integers(0, len(_CHANGES) - 1))
    return st.lists(step, max_size=14)


steps = sequences(KINDS)
quick = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with a few people in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "talent.db"
    shutil.copyfile(empty_schema(BLUEPRINT), path)
    with opened(path) as both:
        for number in range(PEOPLE):
            both.library.clock.advance(timedelta(seconds=1))
            both.library.register(ref=f"P-{number}", name="诸葛翎翙" if number < 3 else "王晓明")
        for number in range(2):
            establish(both, number, sorted(both.everybody())[number])
    return path


def establish(both: Duplicates, number: int, lead: str) -> None:
    people = both.library.people
    facts = TeamFacts(
        ref=f"T-{number}", name="团队", lead=lead, members=(), directions=("seawater-h2",), city="nantong"
    )
    team = Team.register(facts, id_=people.ids.new(), origin="REAL", axes=people.axes, now=people.clock.now())
    with both.library.database.write() as session:
        session.add(team)
        session.flush()
        people.tell_teams(session, [team], "tester")


@contextmanager
def opened(path: Path, method: Method | None = None) -> Iterator[Duplicates]:
    database = Database(open_engine(f"sqlite:///{path}"))
    try:
        library = Library(Talent.over(database, ManualClock(START + timedelta(days=1))))
        yield Duplicates(library, method or Method())
    finally:
        database.close()


@contextmanager
def copied(template: Path, method: Method | None = None) -> Iterator[Duplicates]:
    path = template.with_name("copy.db")
    for each in template.parent.glob("copy.db*"):
        each.unlink()
    shutil.copy(template, path)
    with opened(path, method) as both:
        yield both


def apply(both: Duplicates, ids: Sequence[str], op: Op) -> None:
    """Do one step; what the rules refuse is part of the game."""
    both.library.clock.advance(timedelta(seconds=1))
    try:
        _apply(both, ids, op)
    except BoleError as error:
        if error.reason not in _REFUSALS:
            raise


def _apply(both: Duplicates, ids: Sequence[str], op: Op) -> None:
    one, other, standing = ids[op.one], ids[op.other], both.standing()
    merges = [each.id for each in standing if each.verdict is Verdict.POSITIVE]
    others = [each.id for each in standing if each.verdict is not Verdict.POSITIVE]
    match op.kind:
        case "amend":
            with both.library.database.write() as session:
                person, now = both.library.people.get(session, one), both.library.clock.now()
                said = Stated(facts=_CHANGES[op.choice], source="office", observed=civil_date(now))
                both.library.people.state(session, [Entered(person, said, now)], "tester")
        case "merge":
            both.merge(one, other)
        case "undo" if merges:
            both.part(merges[op.choice % len(merges)])
        case "negative":
            both.judge(one, other, Verdict.NEGATIVE)
        case "unsure":
            both.judge(one, other, Verdict.UNSURE)
        case "team":
            join_or_leave(both, op.choice % 2, other)
        case "erase":
            both.erase(one)
        case "take back" if others:
            both.take_back(others[op.choice % len(others)])


def join_or_leave(both: Duplicates, number: int, id_: str) -> None:
    """Make a member of one of two teams of somebody who is not in it, and the other way round."""
    with both.library.database.write() as session:
        team = session.scalars(select(Team).where(schema.team.c.ref == f"T-{number}")).one()
        if team.status is TeamStatus.DISSOLVED:
            return
        if id_ == team.lead:
            team.dissolve(both.library.clock.now())
        elif id_ in {each.person_id for each in team.members}:
            team.remove_person(id_, both.library.clock.now())
        else:
            team.members = (*team.members, Member(id_))
        session.flush()
        both.library.people.tell_teams(session, [team], "tester")


def follow(both: Duplicates, after: int) -> int:
    """Let the feed read what was told since; the position it stands at."""
    outbox = schema.shared.outbox
    where = (outbox.c.position > after, outbox.c.topic.in_(TOPICS))
    rows = both.library.rows(select(outbox).where(*where).order_by(outbox.c.position))
    handler = DuplicateFeed(both.finding)
    with both.library.database.write() as session:
        for row in rows:
            told = Received(row.topic, 0, row.aggregateid, row.payload, "", 0, both.library.clock.now(), {})
            handler.handle(session, told)
        handler.finish(session, True)
    return max((row.position for row in rows), default=after)


@quick
@given(sequences((*KINDS, "erase")), st.sampled_from([1, 2, Method().oldest]))
def test_what_is_found_step_by_step_is_what_is_found_over_everybody(
    template: Path, ops: list[Op], oldest: int
) -> None:
    with copied(template, Method(oldest=oldest)) as both:
        ids = sorted(both.everybody())
        at = follow(both, 0)
        for op in ops:
            apply(both, ids, op)
            at = follow(both, at)
        found = both.suggested(), both.blocks()
        with both.library.database.write() as session:
            both.finding.follow_teams(
                session, [row.id for row in both.library.rows(select(schema.team.c.id))]
            )
        both.refresh(*both.everybody())
        assert (both.suggested(), both.blocks()) == found
        assert {id_ for pair in found[0] for id_ in pair} <= set(both.everybody())


@quick
@given(steps, st.randoms(use_true_random=False))
def test_undoing_every_merge_leaves_each_record_as_what_was_stated_about_it(
    template: Path, ops: list[Op], random: Any
) -> None:
    with copied(template) as both:
        ids = sorted(both.everybody())
        for op in ops:
            apply(both, ids, op)
            assert set(both.everybody()) == {both.get(id_).id for id_ in ids}
        merges = [each.id for each in both.standing() if each.verdict is Verdict.POSITIVE]
        random.shuffle(merges)
        for judgement in merges:
            both.part(judgement)
        assert sorted(both.everybody()) == ids
        both.assert_counted()
        for id_ in ids:
            assert both.library.shown(id_) == said_about(both, id_)


@quick
@given(st.lists(st.tuples(places, places), max_size=6), st.randoms(use_true_random=False))
def test_merges_undone_in_any_order_leave_everything_as_it_was(
    template: Path, pairs: list[tuple[int, int]], random: Any
) -> None:
    with copied(template) as both:
        ids = sorted(both.everybody())
        both.refresh(*ids)
        before = both.state(), both.suggested(), both.blocks()
        for one, other in pairs:
            apply(both, ids, Op("merge", one, other, 0))
        merges = [each.id for each in both.standing()]
        random.shuffle(merges)
        for judgement in merges:
            both.part(judgement)
        assert (both.state(), both.suggested(), both.blocks()) == before
        assert not both.library.rows(select(schema.merged_record))
        assert not both.library.rows(select(schema.record_link))


def said_about(both: Duplicates, id_: str) -> Any:
    """What the statements and the consents of one record say, had it never been merged."""
    people = both.library.people
    with both.library.database.read() as session:
        said = people.assertions.of_records(session, [id_])[id_]
        keys = people.assertions.keys_of(session, [id_])
        entries = people.consents.entries(session, [id_], keys)
        assert statements.person_of(session, id_) is None
        return people.assertions.shown(both.get(id_).ref, said, purposes_of(entries, [id_]))
