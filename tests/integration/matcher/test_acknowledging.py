"""What partners acknowledge of the erasures they are told: once, nothing that was never told, in time or late."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.matcher.domain.partners.partner_erasure import ErasureState, PartnerErasure
from services.matcher.service.partners.partner_erasures import PartnerErasures
from services.matcher.service.partners.partners import Partners, pseudonym, secret_of
from services.matcher.store.partners import partner_erasures as store
from tests.integration.matcher.installed import Matcher, load_some
from tests.integration.matcher.producing import Producer

WITHIN = timedelta(days=15)


class Office:
    """Partners of a house, and what they do."""

    def __init__(self, matcher: Matcher) -> None:
        self.house = matcher.house
        self.erasures = PartnerErasures(matcher.house, WITHIN)

    def partner(self, title: str) -> str:
        with self.house.database.write() as session:
            return Partners(b"pepper", self.house.ids, self.house.clock).create(session, title).id

    def acknowledge(self, partner: str, *sequences: int, subjects: Sequence[str] = ()) -> None:
        with self.house.database.write() as session:
            self.erasures.acknowledge(session, partner, sequences, subjects)

    def pseudonym(self, partner: str, person: str) -> str:
        with self.house.database.read() as session:
            return pseudonym(secret_of(session, partner), person)

    def told(self, partner: str, *, open_only: bool = False) -> list[PartnerErasure]:
        with self.house.database.read() as session:
            found = session.scalars(
                select(PartnerErasure).where(store.of_partner(partner), store.waiting(open_only=open_only))
            )
            return sorted(found, key=lambda each: each.sequence)

    def open(self, partner: str) -> store.Open:
        with self.house.database.read() as session:
            return store.open_of(session, partner)

    def metric(self, state: str) -> float | None:
        self.erasures.observe()
        return self.house.metrics.registry.get_sample_value("bole_partner_erasures", {"state": state})


@pytest.fixture
def office(matcher: Matcher, producer: Producer) -> Office:
    load_some(producer)
    matcher.follow()
    return Office(matcher)


def erase(matcher: Matcher, producer: Producer, *people: str) -> list[int]:
    """Numbers of the events that tell it."""
    for person in people:
        producer.erase(person)
    matcher.follow()
    return [each.sequence for each in matcher.events() if each.type == "ERASED"][-len(people) :]


def test_each_partner_owes_an_answer_of_its_own(office: Office, matcher: Matcher, producer: Producer) -> None:
    one, other = office.partner("甲"), office.partner("乙")
    first, second = erase(matcher, producer, "p0", "p1")
    office.acknowledge(one, first)
    assert [each.sequence for each in office.told(one, open_only=True)] == [second]
    assert [each.sequence for each in office.told(other, open_only=True)] == [first, second]
    (told,) = office.told(other)[:1]
    assert office.open(other) == (2, told.told_at)
    office.acknowledge(one, first, second)
    assert office.open(one) == (0, None)
    assert {each.person_id for each in office.told(one)} == {"p0", "p1"}


def test_acknowledged_again_the_first_time_stands(
    office: Office, matcher: Matcher, producer: Producer
) -> None:
    partner = office.partner("甲")
    (sequence,) = erase(matcher, producer, "p0")
    office.acknowledge(partner, sequence)
    (before,) = office.told(partner)
    office.acknowledge(partner, sequence)
    (after,) = office.told(partner)
    assert after.acknowledged_at == before.acknowledged_at is not None


def test_what_was_told_before_a_partner_was_registered_is_not_owed_and_may_be_answered(
    office: Office, matcher: Matcher, producer: Producer
) -> None:
    (sequence,) = erase(matcher, producer, "p0")
    late = office.partner("甲")
    assert office.told(late) == []
    office.acknowledge(late, sequence)
    assert [each.sequence for each in office.told(late)] == [sequence]
    assert office.open(late).number == 0


def test_what_was_never_told_is_refused_as_a_whole(
    office: Office, matcher: Matcher, producer: Producer
) -> None:
    partner = office.partner("甲")
    (sequence,) = erase(matcher, producer, "p0")
    with pytest.raises(FailedPrecondition) as caught:
        office.acknowledge(partner, sequence, 1, sequence + 1)
    assert (caught.value.reason, caught.value.metadata) == (
        "ERASURE_NEVER_TOLD",
        {"sequences": f"1, {sequence + 1}"},
    )
    with pytest.raises(InvalidArgument) as repeated:
        office.acknowledge(partner, sequence, sequence)
    assert [each.field for each in repeated.value.violations] == ["sequences[1]"]
    with pytest.raises(NotFound):
        office.acknowledge("nobody", sequence)
    assert office.open(partner).number == 1


def test_an_answer_of_before_a_restore_does_not_count_for_whoever_has_the_number_now(
    office: Office, matcher: Matcher, producer: Producer
) -> None:
    """In the house as it was the partner was told of `p0` under the number that `p1` has in the restored one."""
    partner = office.partner("甲")
    late = office.pseudonym(partner, "p0")
    first, second = erase(matcher, producer, "p1", "p2")
    present = office.pseudonym(partner, "p2")
    with pytest.raises(FailedPrecondition) as caught:
        office.acknowledge(partner, second, first, subjects=(present, late))
    assert (caught.value.reason, caught.value.metadata) == ("ERASURE_OF_ANOTHER", {"sequences": str(first)})
    assert office.open(partner).number == 2
    with pytest.raises(InvalidArgument) as unpaired:
        office.acknowledge(partner, first, second, subjects=(present,))
    assert [each.field for each in unpaired.value.violations] == ["subjects"]
    office.acknowledge(partner, second, subjects=(present,))
    assert [each.person_id for each in office.told(partner, open_only=True)] == ["p1"]


def test_when_its_time_is_up_it_is_overdue_and_counted_so(
    office: Office, matcher: Matcher, producer: Producer
) -> None:
    partner = office.partner("甲")
    (first, _) = erase(matcher, producer, "p0", "p1")
    told, _ = office.told(partner)
    for now, state in (
        (told.told_at + WITHIN - timedelta(seconds=1), ErasureState.OPEN),
        (told.told_at + WITHIN, ErasureState.OVERDUE),
    ):
        assert told.state(now, WITHIN) is state
    assert office.erasures.due(told.told_at) == told.told_at + WITHIN
    assert (office.metric("open"), office.metric("overdue")) == (2, 0)
    office.erasures = PartnerErasures(office.house, timedelta())
    assert (office.metric("open"), office.metric("overdue")) == (2, 2)
    office.acknowledge(partner, first)
    assert (office.metric("open"), office.metric("overdue")) == (1, 1)
    assert office.told(partner)[0].state(told.told_at + 2 * WITHIN, WITHIN) is ErasureState.ACKNOWLEDGED


def test_what_a_partner_owes_is_found_without_a_look_at_other_events(
    office: Office, matcher: Matcher, producer: Producer
) -> None:
    one = office.partner("甲")
    erase(matcher, producer, "p0")
    query = select(PartnerErasure).where(store.of_partner(one), store.waiting(open_only=True))
    with office.house.database.read() as session:
        connection = session.connection()
        said = query.compile(connection)
        if connection.dialect.name == "sqlite":
            asked = tuple(said.params[name] for name in said.positiontup or ())
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", asked)
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # there are few rows
            plan = connection.exec_driver_sql(f"EXPLAIN {said}", said.params)
        assert "ix_match_event_erased" in str(plan.all())
