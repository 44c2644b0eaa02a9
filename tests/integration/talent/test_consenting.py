"""What a person allows or takes back is told with the person's state, in the transaction that records it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bole.events.v1 import person_event_pb2
from bole.talent.v1 import person_pb2
from services.talent.domain.people.person import Purpose
from services.talent.domain.privacy.consent import Consent, ConsentKind
from services.talent.service.privacy.consenting import Consenting
from services.talent.store.schema import shared
from tests.integration.talent.library import Library


def change(library: Library, id_: str, kind: ConsentKind, *, fails: bool = False) -> None:
    said = Consent(
        record_id=id_,
        kind=kind,
        purposes=frozenset({Purpose.MATCH_POSITION}),
        effective_at=library.clock.now(),
        document="同意书",
    )
    with library.database.write() as session:
        Consenting(library.people).record(session, library.people.get(session, id_), said, "tester")
        if fails:
            raise KeyError


def told(library: Library, id_: str) -> list[list[str]]:
    outbox = shared.outbox
    query = select(outbox.c.payload).where(outbox.c.topic == "bole.persons.v1", outbox.c.aggregateid == id_)
    states = [
        person_event_pb2.PersonState.FromString(row[0])
        for row in library.rows(query.order_by(outbox.c.position))
    ]
    return [
        [person_pb2.ConsentPurpose.Name(each).removeprefix("CONSENT_PURPOSE_") for each in state.purposes]
        for state in states
    ]


def test_a_consent_taken_back_and_given_anew_is_told_each_time(library: Library) -> None:
    id_ = library.register()
    change(library, id_, ConsentKind.WITHDRAWN)
    library.clock.advance(timedelta(seconds=1))
    change(library, id_, ConsentKind.GIVEN)
    assert told(library, id_) == [
        ["MATCH_POSITION", "STATISTICS"],
        ["STATISTICS"],
        ["MATCH_POSITION", "STATISTICS"],
    ]


def test_a_consent_that_is_not_recorded_is_not_told(library: Library) -> None:
    id_ = library.register()
    with pytest.raises(KeyError):
        change(library, id_, ConsentKind.WITHDRAWN, fails=True)
    assert len(told(library, id_)) == 1
