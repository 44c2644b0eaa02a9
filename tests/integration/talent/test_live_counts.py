"""The live counts on both engines: what was streamed equals what is counted anew, whatever came in whatever order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock, civil_date
from services.talent.app import BLUEPRINT
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import Person, PersonFacts, PersonStatus, Purpose
from services.talent.domain.position import Position, PositionFacts, PositionStatus
from services.talent.domain.shortage.counts.tally import Tally, supplied
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.service.shortage.counting import count_once
from services.talent.service.shortage.counting.frame import Frame
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.counting.tool import recount
from services.talent.store import schema
from tests.integration.talent.installed import Talent
from tests.integration.templates import Templates
from tests.unit.talent.maps import assert_same_map

CITIES = ("nantong", "suzhou", "nanjing")
KINDS = ("outstanding-engineer", "leading-scientist")


def leaves(talent: Talent) -> tuple[str, ...]:
    """Two directions of one tree, and two of others."""
    axes = talent.counter.axes
    deepest = max(axes.leaves, key=lambda code: len(axes.lineage[axes.node_at[code]]))
    parent = axes.nodes[axes.parents[axes.node_at[deepest]]]
    return deepest, parent, axes.leaves[0], axes.leaves[-1]


def frame(talent: Talent, live: Live | None = None) -> Frame:
    with talent.database.read() as session:
        found = (live or talent.counter.live).follow(session)
    assert found is not None
    return found


def assert_level(talent: Talent) -> None:
    """What is kept, what another process would read, and a recount are the same to the last digit."""
    with talent.database.write() as session:
        assert talent.counter.rebuild(session, check=True) == (0, 0)
    fresh = frame(talent, Live(talent.counter.axes, talent.counter.method))
    mine = frame(talent)
    assert np.array_equal(fresh.counts, mine.counts)
    for left, right in zip(fresh.employers, mine.employers, strict=True):
        assert np.array_equal(left, right)


def person_facts(ref: str, **changes: Any) -> PersonFacts:
    given: dict[str, Any] = {
        "ref": ref,
        "name": "欧阳明",
        "category": KINDS[0],
        "city": "nantong",
        "availability": Availability.NOW,
        "direction_shares": (("seawater-h2", 1000),),
        "observed": date(2026, 6, 1),
        "purposes": frozenset({Purpose.STATISTICS}),
    }
    return PersonFacts(**{**given, **changes})


def position_facts(ref: str, **changes: Any) -> PositionFacts:
    given: dict[str, Any] = {
        "ref": ref,
        "title": f"工程师{ref}",
        "employer": "南通海氢科技",
        "city": "nantong",
        "leaf": "seawater-h2",
        "category": KINDS[0],
        "headcount": 3,
        "opened": date(2026, 6, 1),
    }
    return PositionFacts(**{**given, **changes})


class Library(RuleBasedStateMachine):
    """Any order of entries, revisions, withdrawals, erasures, outcomes, batches, failures and turns of the day."""

    url = ""
    people: Bundle[str] = Bundle("people")
    positions: Bundle[str] = Bundle("positions")

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.database = Database(open_engine(self.url))
        with self.database.write() as session:
            for table in reversed(BLUEPRINT.metadata.sorted_tables):
                if table.name in _EMPTIED:
                    session.execute(text(f'DELETE FROM "{table.name}"'))
        self.talent = Talent.over(self.database, ManualClock(datetime(2026, 6, 20, 2, tzinfo=UTC)))
        self.leaves = leaves(self.talent)

    def teardown(self) -> None:
        assert_level(self.talent)
        self.database.close()

    @property
    def today(self) -> date:
        return civil_date(self.talent.clock.now())

    def ref(self, kind: str) -> str:
        self.number += 1
        return f"{kind}-{self.number}"

    def drawn_person(self, data: st.DataObject) -> dict[str, Any]:
        leaf = data.draw(st.permutations(self.leaves))
        split = data.draw(st.sampled_from((1000, 700, 1)))
        shares = ((leaf[0], split), (leaf[1], 1000 - split))
        return {
            "city": data.draw(st.sampled_from((*CITIES, "outside"))),
            "category": data.draw(st.sampled_from(KINDS)),
            "availability": data.draw(st.sampled_from(Availability)),
            "direction_shares": tuple(share for share in shares if share[1]),
            "observed": self.today - timedelta(days=data.draw(st.integers(0, 900))),
            "purposes": data.draw(st.sampled_from((frozenset({Purpose.STATISTICS}), frozenset[Purpose]()))),
        }

    def drawn_position(self, data: st.DataObject) -> dict[str, Any]:
        heads = data.draw(st.integers(1, 4))
        age = data.draw(st.integers(0, 850))
        opened = self.today - timedelta(days=age)
        return {
            "employer": data.draw(st.sampled_from(("甲", "乙", "丙"))),
            "city": data.draw(st.sampled_from(CITIES)),
            "leaf": data.draw(st.sampled_from(self.leaves)),
            "category": data.draw(st.sampled_from(KINDS)),
            "headcount": heads,
            "opened": opened,
            "filled": data.draw(st.integers(0, heads)),
            "closed": data.draw(st.none() | st.dates(opened, self.today)),
        }

    @initialize()
    def open(self) -> None:
        self.talent.ticker.turn()

    @rule(target=people, data=st.data())
    def enter_person(self, data: st.DataObject) -> str:
        facts = person_facts(self.ref("P"), **self.drawn_person(data))
        with self.database.write() as session:
            return self.talent.people.register(session, facts, "SYNTHETIC", "tester").id

    @rule(target=positions, data=st.data())
    def enter_position(self, data: st.DataObject) -> str:
        facts = position_facts(self.ref("J"), **self.drawn_position(data))
        with self.database.write() as session:
            return self.talent.positions.publish(session, facts, "SYNTHETIC", "tester").id

    @rule(id_=people, data=st.data())
    def revise_person(self, id_: str, data: st.DataObject) -> None:
        with self.database.write() as session:
            person = session.get_one(Person, id_)
            if person.status is PersonStatus.ACTIVE:
                self.talent.people.amend(session, person, self.drawn_person(data), "tester")

    @rule(id_=positions, data=st.data())
    def revise_position(self, id_: str, data: st.DataObject) -> None:
        with self.database.write() as session:
            position = session.get_one(Position, id_)
            facts = position_facts(position.ref, **self.drawn_position(data))
            self.talent.positions.revise(session, position, facts, "tester")

    @rule(id_=positions)
    def renew_position(self, id_: str) -> None:
        with self.database.write() as session:
            position = session.get_one(Position, id_)
            if position.status in (PositionStatus.OPEN, PositionStatus.EXPIRED):
                self.talent.positions.renew(session, position, "tester")

    @rule(id_=people)
    def withdraw_person(self, id_: str) -> None:
        with self.database.write() as session:
            person = session.get_one(Person, id_)
            if person.status is PersonStatus.ACTIVE:
                Withdrawing(self.talent.people).withdraw(session, person, "本人撤回", "tester")

    @rule(id_=consumes(people))
    def erase_person(self, id_: str) -> None:
        with self.database.write() as session:
            Erasing(self.talent.people).erase(session, session.get_one(Person, id_), "tester")

    @rule(id_=people, data=st.data())
    def change_and_fail(self, id_: str, data: st.DataObject) -> None:
        city = data.draw(st.sampled_from(CITIES))
        with pytest.raises(RuntimeError):
            self.move_and_fail(id_, city)

    def move_and_fail(self, id_: str, city: str) -> None:
        with self.database.write() as session:
            session.get_one(Person, id_).city = city
            session.flush()
            raise RuntimeError

    @rule(data=st.data(), size=st.integers(1, 5))
    def enter_batch_past_the_classes(self, data: st.DataObject, size: int) -> None:
        """As an import does: statements for the rows, sums for the counts."""
        with self.database.write() as session:
            tally: Tally = self.talent.counter.bulk(session)
            for _ in range(size):
                made = Person.register(
                    person_facts(self.ref("P"), **self.drawn_person(data)),
                    id_=self.talent.people.ids.new(),
                    origin="SYNTHETIC",
                    now=self.talent.clock.now(),
                )
                row = {column.name: getattr(made, column.name, None) for column in schema.person.c}
                session.execute(schema.person.insert(), row)
                found = supplied(row.__getitem__)
                tally.count([found] if found else [])

    @rule(days=st.sampled_from((1, 2, 30, 61, 95, 400)), turn=st.booleans())
    def pass_days(self, days: int, turn: bool) -> None:
        self.talent.pass_days(days)
        if turn:
            assert self.talent.ticker.turn()
            assert frame(self.talent).state.day == self.today

    @invariant()
    def nothing_is_left_over(self) -> None:
        """The kept counts are a recount's on their day, and the map of what has changed is the map of the whole."""
        self.talent.clock.advance(timedelta(seconds=1))
        found = frame(self.talent)
        with self.database.read() as session:
            again = self.talent.counter.recount(session, found.state.day)
        assert np.array_equal(found.counts, again.counts)
        assert_same_map(found.table, found.changed().table)


_EMPTIED = {"person", "position", "team", "person_key", "person_text", "position_outcome"} | {
    name for name in BLUEPRINT.metadata.tables if name.startswith(("shortage_", "person_", "position_"))
}
_SEARCH = settings(
    max_examples=5,
    stateful_step_count=16,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_streamed_equals_rebuilt(
    database: Database, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates.fill(database, BLUEPRINT)
    monkeypatch.setattr(Library, "url", database.engine.url.render_as_string(hide_password=False))
    run_state_machine_as_test(Library, settings=_SEARCH)


def test_a_drift_is_found_and_put_right(talent: Talent, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> int:
        """As a process of its own would: from the database alone."""
        fresh = count_once(
            talent.database, talent.counter.axes, talent.counter.method, "2023.104-1", talent.clock
        )
        return recount(talent.database, fresh.counter, arguments)

    with talent.database.write() as session:
        talent.people.register(session, person_facts("P-1"), "SYNTHETIC", "tester")
        talent.positions.publish(session, position_facts("J-1"), "SYNTHETIC", "tester")
    assert run("check") == 0
    with talent.database.write() as session:
        session.execute(text("UPDATE shortage_count SET value = value + 1 WHERE measure = 'persons'"))
        session.execute(text("UPDATE shortage_concentration SET largest = 9 WHERE city = 'all'"))
    assert run("check") == 1
    assert "differ" in capsys.readouterr().out
    assert run() == 0
    assert run("check") == 0
    assert_level(talent)
