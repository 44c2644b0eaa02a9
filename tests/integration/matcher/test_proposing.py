"""Proposals end when a pair may not be proposed any more, and go with a person who is erased."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bole.talent.v1 import person_pb2, position_pb2
from services.kernel.errors import Aborted, AlreadyExists
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.proposal import Proposal, ProposalState, Step
from services.matcher.rpc.proposals import proposal_to_wire
from services.matcher.service.proposals import Amounts, Proposals, Ranked
from services.matcher.store.schema import feedback, proposal, proposal_step, shared
from tests.integration.matcher.installed import TEXTS, Matcher
from tests.integration.matcher.learning import give_feedback, trained
from tests.integration.matcher.producing import Producer

AT = datetime(2026, 5, 1, tzinfo=UTC)
KIND = KINDS["person-position"]


@pytest.fixture
def proposals(matcher: Matcher, producer: Producer) -> Proposals:
    with producer.together():
        for number in range(3):
            producer.person(f"p{number}", TEXTS[0])
            producer.position(f"o{number}", TEXTS[0])
    matcher.follow()
    house = matcher.house
    return Proposals(matcher.engine, house.journal, house.requests, house.ids, house.clock)


def ranked(matcher: Matcher, proposals: Proposals, pair: tuple[str, str]) -> Ranked:
    with matcher.house.database.read() as session:
        there = proposals.there(session, KIND, pair, Amounts())
    assert there is not None
    return proposals.ranked(KIND, there)


def put_forward(matcher: Matcher, proposals: Proposals, *pairs: tuple[str, str]) -> None:
    found = [(pair, ranked(matcher, proposals, pair)) for pair in pairs]
    with matcher.house.database.write() as session:
        for pair, place in found:
            proposals.create(session, KIND, pair, Amounts(), place, "officer", "对口")


def step(matcher: Matcher, proposals: Proposals, candidate: str, state: ProposalState) -> None:
    with matcher.house.database.write() as session:
        id_ = session.scalars(select(proposal.c.id).where(proposal.c.candidate == candidate)).one()
        proposals.advance(session, id_, Step(state, "officer", AT))


def rows(matcher: Matcher, table: Any) -> list[Any]:
    with matcher.house.database.read() as session:
        return list(session.execute(select(table)))


def states(matcher: Matcher) -> dict[tuple[str, str], str]:
    return {(row.anchor, row.candidate): row.state for row in rows(matcher, proposal)}


def test_consent_ends_all_and_a_closed_position_what_nobody_decided_on(
    matcher: Matcher, producer: Producer, proposals: Proposals
) -> None:
    put_forward(matcher, proposals, ("o0", "p0"), ("o1", "p1"), ("o2", "p2"))
    step(matcher, proposals, "persons/p0", ProposalState.ACCEPTED)
    step(matcher, proposals, "persons/p2", ProposalState.ACCEPTED)
    producer.person("p0", TEXTS[0], purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS])
    for position in ("o1", "o2"):
        producer.position(position, TEXTS[0], state=position_pb2.Position.STATE_CLOSED)
    matcher.follow()
    assert states(matcher) == {
        ("positions/o0", "persons/p0"): "WITHDRAWN",
        ("positions/o1", "persons/p1"): "WITHDRAWN",
        ("positions/o2", "persons/p2"): "ACCEPTED",
    }
    ended = [row for row in rows(matcher, proposal_step) if row.state == "WITHDRAWN"]
    assert {(row.actor, row.reason) for row in ended} == {("system", "NOT_ADMITTED")}


def test_an_erasure_leaves_no_word_and_no_name_but_what_was_learnt(
    matcher: Matcher, producer: Producer, proposals: Proposals
) -> None:
    put_forward(matcher, proposals, ("o0", "p0"), ("o1", "p1"))
    step(matcher, proposals, "persons/p0", ProposalState.ACCEPTED)
    producer.erase("p0")
    matcher.follow()
    assert states(matcher) == {("positions/o1", "persons/p1"): "PROPOSED"}
    assert [row.note for row in rows(matcher, proposal_step)] == ["对口"]
    left = rows(matcher, feedback)
    assert [(row.outcome, row.city) for row in left] == [("ACCEPTED", "suzhou")]
    # as a word: an id made by chance may end so
    assert not re.search(r"\bp0\b", str(left))
    told = [row for row in rows(matcher, shared.outbox) if row.topic == "bole.proposals.v1"]
    assert [row.payload is None for row in told][-1]


def test_one_pair_is_put_forward_once(matcher: Matcher, proposals: Proposals) -> None:
    put_forward(matcher, proposals, ("o0", "p0"))
    with pytest.raises(AlreadyExists):
        put_forward(matcher, proposals, ("o0", "p0"))
    with matcher.house.database.read() as session:
        found = session.scalars(select(Proposal)).one()
        assert (found.rank, found.origin) == (1, "SYNTHETIC")


def test_what_changed_since_its_place_was_worked_out_is_not_put_forward(
    matcher: Matcher, producer: Producer, proposals: Proposals
) -> None:
    place = ranked(matcher, proposals, ("o0", "p0"))
    producer.person("p0", TEXTS[1])
    matcher.read()
    for stale in (place, None):
        with pytest.raises(Aborted), matcher.house.database.write() as session:
            proposals.create(session, KIND, ("o0", "p0"), Amounts(), stale, "officer", "对口")
    assert states(matcher) == {}


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_whether_a_probability_was_calibrated_stays_with_the_proposal(
    matcher: Matcher, proposals: Proposals
) -> None:
    put_forward(matcher, proposals, ("o0", "p0"), ("o1", "p1"))
    with matcher.house.database.write() as session:
        before_it_was_kept = update(proposal).where(proposal.c.candidate == "persons/p1")
        session.execute(before_it_was_kept.values(calibrated=None))
    give_feedback(matcher, 1500)
    assert trained(matcher, most=1.0)["adopted"]
    matcher.follow()
    put_forward(matcher, proposals, ("o2", "p2"))
    with matcher.house.database.read() as session:
        kept = [proposal_to_wire(each, []) for each in session.scalars(select(Proposal))]
    said = {each.candidate: each.calibrated if each.HasField("calibrated") else None for each in kept}
    assert said == {"persons/p0": False, "persons/p1": None, "persons/p2": True}
