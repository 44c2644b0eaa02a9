"""Nominations on both engines: one award of a year, whoever decides at the same time; quotas hold."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from bole.events.v1 import nomination_event_pb2
from bole.talent.v1 import nomination_pb2
from services.chassis.storage.listing import Query
from services.chassis.storage.paging import PageTokens
from services.kernel.errors import BoleError
from services.talent.domain.nomination import (
    Clause,
    Detail,
    Nomination,
    NominationFacts,
    Quota,
    State,
    StepKind,
)
from services.talent.service.people.nominations import Nominations
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import lists
from services.talent.store.schema import shared
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates

PAGES = PageTokens(bytes(32))


def nominations(library: Library) -> Nominations:
    people = library.people
    return Nominations(people.catalogue, people.axes, people, people.clock, people.ids)


def reviewed(library: Library, person: str, programme: str) -> str:
    """A nomination that is ready to be decided."""
    cases = nominations(library)
    facts = NominationFacts(
        programme=programme,
        year=2026,
        subject=person,
        person_id=person,
        city="nantong",
        industry="hydrogen",
        unit="南通市委人才办",
    )
    with library.database.write() as session:
        made = cases.nominate(session, facts, "REAL", "office")
        cases.take(session, made, StepKind.CHECK, Detail(clauses=(Clause("第二条", True),)), "checker")
        cases.take(session, made, StepKind.REVIEW, Detail(approves=True, unit="大学", note="好"), "reviewer")
        return made.id


def decide_at_once(library: Library, ids: list[str]) -> list[str]:
    """Award all at the same time; the state of each, or the reason why not."""
    cases, barrier = nominations(library), Barrier(len(ids))

    def award(id_: str) -> str:
        barrier.wait()
        try:
            with library.database.write() as session:
                found = cases.get(session, id_)
                cases.take(session, found, StepKind.DECIDE, Detail(approves=True, note="同意"), "director")
                return found.state.name
        except BoleError as error:
            return error.reason

    with ThreadPoolExecutor(len(ids)) as pool:
        return sorted(pool.map(award, ids))


def test_two_programmes_decided_at_once_give_one_award(library: Library) -> None:
    person = library.register()
    ids = [reviewed(library, person, programme) for programme in ("shuangchuang", "project-333")]
    assert decide_at_once(library, ids) == ["AWARDED", "DOUBLE_AWARD"]


def test_the_last_place_is_given_once(library: Library) -> None:
    cases = nominations(library)
    with library.database.write() as session:
        cases.set_quota(session, Quota("top-talent", 2026, "hydrogen", 1), "office")
    people = [library.register(ref=f"P-{n}") for n in range(3)]
    ids = [reviewed(library, person, "top-talent") for person in people]
    assert decide_at_once(library, ids) == ["AWARDED", "QUOTA_FULL", "QUOTA_FULL"]
    with library.database.read() as session:
        assert [each.taken for each in cases.quotas(session, "top-talent", 2026)] == [1]


def test_a_merged_record_is_the_same_nominee(library: Library) -> None:
    first, second = library.register(), library.register(ref="P-2")
    awarded, waiting = (
        reviewed(library, each, p) for each, p in ((first, "top-talent"), (second, "project-333"))
    )
    assert decide_at_once(library, [awarded]) == ["AWARDED"]
    kept, _ = Duplicates(library).merge(first, second)
    assert decide_at_once(library, [waiting]) == ["DOUBLE_AWARD"]
    cases, listing = nominations(library), lists.nominations(library.people.catalogue)
    with library.database.read() as session:
        page = listing.page(session, Nomination, Query(f"person = 'persons/{kept}'"), PAGES, "tester")
        assert {each.id for each in page.items} == {awarded, waiting}
        assert all(step.detail != Detail() for each in page.items for step in cases.steps(session, each))


def test_what_a_step_said_is_gone_with_the_person(library: Library) -> None:
    person = library.register()
    id_ = reviewed(library, person, "top-talent")
    with library.database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, person), "tester")
    cases = nominations(library)
    with library.database.read() as session:
        found = cases.get(session, id_)
        steps = cases.steps(session, found)
    assert (found.state, found.subject, found.person_id) == (State.WITHDRAWN, None, None)
    assert [each.kind for each in steps][-1] is StepKind.WITHDRAW
    assert {each.detail for each in steps} == {Detail()}


def payloads(library: Library, id_: str) -> list[bytes | None]:
    outbox = shared.outbox
    query = select(outbox.c.payload).where(
        outbox.c.topic == "bole.nominations.v1", outbox.c.aggregateid == id_
    )
    return [payload for (payload,) in library.rows(query.order_by(outbox.c.position))]


def told(library: Library, id_: str) -> list[nomination_event_pb2.NominationState]:
    states = [payload for payload in payloads(library, id_) if payload is not None]
    return [nomination_event_pb2.NominationState.FromString(state) for state in states]


def test_every_step_tells_where_a_nomination_stands_and_nothing_of_what_was_said(library: Library) -> None:
    person = library.register()
    id_ = reviewed(library, person, "top-talent")
    assert decide_at_once(library, [id_]) == ["AWARDED"]
    events = told(library, id_)
    wire = nomination_pb2.Nomination
    assert [each.state for each in events] == [
        wire.STATE_NOMINATED,
        wire.STATE_ELIGIBLE,
        wire.STATE_REVIEWED,
        wire.STATE_AWARDED,
    ]
    assert [each.version for each in events] == [1, 2, 3, 4]
    assert {(each.id, each.person_id, each.team_id) for each in events} == {(id_, person, "")}
    assert [each.HasField("decided_date") for each in events] == [False, False, False, True]
    said = b"".join(each.SerializeToString() for each in events).decode(errors="ignore")
    for words in (
        "南通市委人才办",
        "第二条",
        "大学",
        "好",
        "同意",
        "office",
        "checker",
        "reviewer",
        "director",
    ):
        assert words not in said


def test_a_step_that_is_refused_is_not_told(library: Library) -> None:
    person = library.register()
    ids = [reviewed(library, person, programme) for programme in ("shuangchuang", "project-333")]
    assert decide_at_once(library, ids) == ["AWARDED", "DOUBLE_AWARD"]
    assert sorted(len(told(library, id_)) for id_ in ids) == [3, 4]


def test_who_withdraws_is_told_as_withdrawn_and_who_is_erased_leaves_the_log(library: Library) -> None:
    person = library.register()
    awarded, open_ = (reviewed(library, person, each) for each in ("top-talent", "shuangchuang"))
    decide_at_once(library, [awarded])
    with library.database.write() as session:
        Withdrawing(library.people).withdraw(session, library.people.get(session, person), "不再", "tester")
    assert told(library, open_)[-1].state == nomination_pb2.Nomination.STATE_WITHDRAWN
    assert told(library, awarded)[-1].state == nomination_pb2.Nomination.STATE_AWARDED
    with library.database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, person), "tester")
    for id_ in (awarded, open_):
        assert [payload is None for payload in payloads(library, id_)] == [False] * 4 + [True]
        with library.database.read() as session:
            found = nominations(library).get(session, id_)
            assert (found.person_id, found.version) == (None, told(library, id_)[-1].version + 1)
