"""One person of the library: every field with who says so, where sources differ, and what the record is used for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.protobuf.json_format import MessageToDict
from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import anchor_pb2, matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import (
    assertion_service_pb2,
    assertion_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    nomination_service_pb2,
    nomination_service_pb2_grpc,
    person_pb2,
)
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside
from services.console.pages.lists import condition
from services.console.pages.nominations import nominating
from services.console.pages.pairs_seen import pairs_of
from services.console.pages.people.consent import ledger, record
from services.console.pages.people.looks import looks
from services.console.pages.people.said import Said, said_of
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.wording.persons import FIELDS

_MATCHES = 6
_ASIDE = ("display_name", "state", "origin", "create_time", "update_time")


@dataclass(frozen=True, slots=True)
class Fact:
    """A field as it is shown, and what each source says of it."""

    name: str
    value: str
    said: Sequence[Said]
    conflict: bool


def show(visit: Visit) -> Response:
    """The page."""
    return _page(visit)


def record_consent(visit: Visit) -> Response:
    """Enter in the ledger what the form says, or say on the page why not."""

    def send() -> Response:
        record(visit)
        return RedirectResponse(f"/people/{visit.part('id')}#consent", 303)

    return answered(send, lambda failure: _page(visit, failure, "consent"))


def nominate(visit: Visit) -> Response:
    """Nominate as the form says and go on to the nomination, or say on the page why not."""
    return answered(
        lambda: RedirectResponse(f"/{nominating.nominate(visit, person=_name(visit))}", 303),
        lambda failure: _page(visit, failure, "nomination"),
    )


def _page(visit: Visit, failure: Failure | None = None, about: str = "") -> Response:
    name = _name(visit)
    library = visit.stub(library_service_pb2_grpc.LibraryServiceStub, visit.purpose)
    person = library.GetPerson(library_service_pb2.GetPersonRequest(name=name), timeout=SECONDS)
    statements = beside(lambda: _statements(visit, name))
    return render(
        visit,
        "people/person.html",
        status_of(failure),
        active="people",
        tab="people",
        synthetic=origins.is_sample(person),
        person=person,
        given=person_pb2.Person.State.Name(person.state).removeprefix("STATE_"),
        facts=_facts(visit, person, said_of(visit, statements.answer) if statements.answer else {}),
        statements=statements,
        nominations=beside(lambda: _nominations(visit, name)),
        looks=beside(lambda: looks(visit, name)),
        consent=ledger(visit, name, person.purposes),
        request_id=str(uuid4()),
        problem=failure,
        about=about,
        nominating=nominating.offered(visit, [each.code for each in person.direction_shares]),
        form=visit.form,
        positions=beside(lambda: _matches(visit, name, "person-position")),
        pairs=pairs_of(visit, "person"),
    )


def _name(visit: Visit) -> str:
    return f"persons/{visit.part('id')}"


def _facts(
    visit: Visit, person: person_pb2.Person, said: Mapping[str, tuple[bool, list[Said]]]
) -> list[Fact]:
    words = Words(visit.catalogue, visit.language)
    given: Mapping[str, Any] = MessageToDict(person, preserving_proto_field_name=True)
    shown = [
        name for name in FIELDS if name not in _ASIDE and (name in given or (name in said and said[name][1]))
    ]
    return [
        Fact(
            name,
            words.value(name, given[name]) if name in given else "",
            said.get(name, (False, []))[1],
            said.get(name, (False, []))[0],
        )
        for name in shown
    ]


def _statements(visit: Visit, name: str) -> assertion_service_pb2.ListPersonAssertionsResponse:
    stub = visit.stub(assertion_service_pb2_grpc.AssertionServiceStub, visit.purpose)
    return stub.ListPersonAssertions(
        assertion_service_pb2.ListPersonAssertionsRequest(name=name), timeout=SECONDS
    )


def _nominations(visit: Visit, name: str) -> Any:
    stub = visit.stub(nomination_service_pb2_grpc.NominationServiceStub, visit.purpose)
    request = nomination_service_pb2.ListNominationsRequest(filter=condition({"person": name}))
    return stub.ListNominations(request, timeout=SECONDS).nominations


def _matches(visit: Visit, name: str, kind: str) -> Any:
    stub = visit.stub(matching_service_pb2_grpc.MatchingServiceStub, visit.purpose)
    request = matching_service_pb2.FindMatchesRequest(
        kind=kind, anchor=anchor_pb2.Anchor(name=name), limit=_MATCHES
    )
    return stub.FindMatches(request, timeout=SECONDS).candidates
