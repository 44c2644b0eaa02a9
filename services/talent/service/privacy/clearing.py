"""Sensitive facts leave rows, kept answers and reports of imports that a program of before has filled, once it went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.talent.v1 import (
    assertion_service_pb2,
    consent_service_pb2,
    duplicate_service_pb2,
    library_service_pb2,
    person_pb2,
)
from services.chassis.process.background import Rounds
from services.chassis.request_log import BEFORE_ALL, RequestLog
from services.chassis.storage.db import Database, scrub_after
from services.talent.domain.people.person import SENSITIVE
from services.talent.service.imports.private import masked
from services.talent.store.imports import import_reports
from services.talent.store.people import statements

Place = TypeVar("Place")

FIRST_SECONDS: Final = 3_600.0
"""By then replicas have been replaced: one of the program before would answer without what is cleared."""
EVERY_SECONDS: Final = 86_400.0
PORTION: Final = 500
_SERVICES: Final = (
    library_service_pb2,
    assertion_service_pb2,
    consent_service_pb2,
    duplicate_service_pb2,
)
_KINDS: Final = (
    person_pb2.Person,
    duplicate_service_pb2.MergePersonsResponse,
    duplicate_service_pb2.UnmergePersonsResponse,
)
_ANSWERS: Final[Mapping[str, type[Message]]] = {
    method.full_name: kind
    for module in _SERVICES
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
    for kind in _KINDS
    if method.output_type.full_name == kind.DESCRIPTOR.full_name
}
"""What the methods answer that tell of one person, of a merge or of its undoing."""


@dataclass(frozen=True)
class Clearing:
    """Any number of processes may clear one database; nothing is done where it is done."""

    database: Database
    requests: RequestLog
    first_seconds: float = FIRST_SECONDS

    @property
    def rounds(self) -> Rounds:
        """Clearing after a while and once a day."""
        return Rounds(
            lambda _stop: (self.clear(), self.clear_answers(), self.clear_reports()),
            "rows hold sensitive facts in clear still",
            EVERY_SECONDS,
            self.first_seconds,
        )

    def clear(self) -> int:
        """Empty the columns of everybody; of how many people that was. Safe to break off and to repeat."""
        cleared, last = 0, ""
        while True:
            with self.database.read() as session:
                ids = statements.in_clear(session, last, PORTION)
            if not ids:
                return cleared
            with self.database.write() as session:
                cleared += statements.empty_sensitive(session, ids)
            last = ids[-1]

    def clear_reports(self) -> int:
        """Take out of the reports of imports what refused rows had of anybody; of how many rows. Safe to repeat."""
        return self._revised(
            lambda session, last: import_reports.revise(session, masked, last), import_reports.BEFORE_ALL
        )

    def clear_answers(self) -> int:
        """Take the same out of the answers that are kept for repeated attempts; of how many. Safe to repeat."""
        return self._revised(
            lambda session, last: self.requests.revise(session, _without, _ANSWERS.keys(), last), BEFORE_ALL
        )

    def _revised(self, revise: Callable[[Session, Place], tuple[int, Place | None]], last: Place) -> int:
        """How many changed in all portions, each in a transaction of its own."""
        cleared = 0
        while True:
            with self.database.write() as session:
                changed, after = revise(session, last)
                if changed:
                    scrub_after(session)
            cleared += changed
            if after is None:
                return cleared
            last = after


def _without(method: str, kept: bytes) -> bytes:
    """An answer as it is kept by now: of people in a merge their names alone."""
    answer = _ANSWERS[method].FromString(kept)
    if isinstance(answer, person_pb2.Person):
        for field in SENSITIVE:
            answer.ClearField(field)
    elif isinstance(answer, duplicate_service_pb2.MergePersonsResponse):
        answer.person.CopyFrom(person_pb2.Person(name=answer.person.name))
    elif isinstance(answer, duplicate_service_pb2.UnmergePersonsResponse):
        for each in answer.persons:
            each.CopyFrom(person_pb2.Person(name=each.name))
    return answer.SerializeToString()
