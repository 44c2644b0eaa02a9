"""AssertionService: who says what, and which of it is shown."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from bole.talent.v1 import assertion_service_pb2 as wire
from bole.talent.v1 import assertion_service_pb2_grpc, library_service_pb2, person_pb2
from bole.talent.v1 import library_service_pb2_grpc as library_grpc
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.people import create

Stub = assertion_service_pb2_grpc.AssertionServiceStub
JUNE = Date(year=2026, month=6, day=20)


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        yield library_grpc.LibraryServiceStub(channel)


@pytest.fixture
def assertions(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        yield Stub(channel)


def asserted(made: person_pb2.Person, **changes: Any) -> wire.AssertPersonRequest:
    person = person_pb2.Person(name=made.name, etag=made.etag, employer="新单位", phone="13811112222")
    given: dict[str, Any] = {
        "person": person,
        "update_mask": FieldMask(paths=["employer", "phone"]),
        "source": "self",
        "document": "简历 2026",
        "observed_date": JUNE,
        "request_id": str(uuid4()),
    }
    return wire.AssertPersonRequest(**{**given, **changes})


def listed(assertions: Any, name: str, *names: str) -> wire.ListPersonAssertionsResponse:
    found: wire.ListPersonAssertionsResponse = assertions.ListPersonAssertions(
        wire.ListPersonAssertionsRequest(name=name, fields=names)
    )
    return found


def test_a_statement_is_shown_with_its_source_and_why(library: Any, assertions: Any) -> None:
    made = create(library)
    request = asserted(made)
    changed = assertions.AssertPerson(request)
    assert (changed.employer, changed.etag) == ("新单位", '"v2"')
    assert assertions.AssertPerson(request) == changed
    found = listed(assertions, made.name, "employer")
    assert [each.source for each in found.statements] == ["office", "self"]
    assert found.statements[1].document == "简历 2026"
    assert found.statements[1].stated.employer == "新单位"
    assert not found.statements[1].stated.phone  # contact needs the purpose of contact
    (choice,) = found.choices
    assert [each.standing for each in choice.assertions] == ["OBSERVED_EARLIER", "CHOSEN"]
    assert choice.conflict
    assert found.rule.zh
    assert found.rule.en


def test_the_document_and_the_values_are_hidden_without_a_purpose(talent: Installation, library: Any) -> None:
    made = create(library)
    with talent.channel("talent", OFFICER) as channel:
        found = listed(Stub(channel), made.name)
    (statement,) = found.statements
    assert statement.stated.display_name == "欧**"
    assert not statement.stated.profile
    assert statement.stated_city_code == "nantong"


def test_a_statement_about_another_city_shows_no_more_than_the_person(
    talent: Installation, library: Any
) -> None:
    made = create(library, city_code="suzhou")
    made.city_code = "nantong"
    library.UpdatePerson(library_service_pb2.UpdatePersonRequest(person=made))
    grant = Grant("talent_officer", city="suzhou", purposes=frozenset({"talent-service"}))
    with talent.channel("talent", grant, purpose="talent-service") as channel:
        found = listed(Stub(channel), made.name)
    assert [each.stated_city_code for each in found.statements] == ["suzhou", "nantong"]
    assert not any(each.stated.employer for each in found.statements)


def test_a_retracted_statement_is_heard_no_more(library: Any, assertions: Any) -> None:
    made = create(library)
    changed = assertions.AssertPerson(asserted(made))
    name = listed(assertions, made.name).statements[1].name
    back = assertions.RetractStatement(
        wire.RetractStatementRequest(name=name, etag=changed.etag, reason="本人更正", request_id=str(uuid4()))
    )
    assert back.employer == "演示研究所"
    gone = listed(assertions, made.name).statements[1]
    assert gone.retract_reason == "本人更正"
    only = listed(assertions, made.name).statements[0].name
    failure = refused(
        assertions.RetractStatement,
        wire.RetractStatementRequest(name=only, etag=back.etag, reason="误录"),
    )
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "NOTHING_STATED")


def test_bad_retractions(library: Any, assertions: Any) -> None:
    made = create(library)
    for name, code in (
        (f"{made.name}/statements/999999", "NOT_FOUND"),
        (f"{made.name}/statements/one", "INVALID_ARGUMENT"),
        (made.name, "INVALID_ARGUMENT"),
        ("persons/nobody/statements/1", "NOT_FOUND"),
    ):
        request = wire.RetractStatementRequest(name=name, etag=made.etag, reason="误录")
        assert refused(assertions.RetractStatement, request).code == code
    empty = refused(assertions.RetractStatement, wire.RetractStatementRequest())
    assert set(fields(empty)) == {"name", "etag", "reason"}


def test_a_confirmed_record_is_fresh_again(library: Any, assertions: Any) -> None:
    made = create(library)
    request = wire.ConfirmPersonRequest(name=made.name, etag=made.etag, document="电话回访")
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    confirmed = assertions.ConfirmPerson(request)
    assert confirmed.observed_date == Date(year=today.year, month=today.month, day=today.day)
    assert refused(assertions.ConfirmPerson, request).code == "ABORTED"
    ahead = wire.ConfirmPersonRequest(
        name=made.name, etag=confirmed.etag, confirmed_date=Date(year=2199, month=1, day=1)
    )
    assert refused(assertions.ConfirmPerson, ahead).code == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"source": "The Office"}, "source"),
        ({"observed_date": Date(year=2199, month=1, day=1)}, "observed_date"),
        ({"observed_date": None}, "observed_date"),
        ({"valid_from": JUNE, "valid_to": Date(year=2026, month=1, day=1)}, "valid_to"),
        ({"confidence": 9}, "confidence"),
        ({"update_mask": FieldMask(paths=["owner"])}, "update_mask"),
        ({"update_mask": FieldMask(paths=["state"])}, "update_mask"),
        ({"document": "a\u200bb"}, "document"),
    ],
)
def test_a_wrong_statement_is_named(
    library: Any, assertions: Any, changes: dict[str, Any], field: str
) -> None:
    made = create(library)
    failure = refused(assertions.AssertPerson, asserted(made, **changes))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)
    assert len(listed(assertions, made.name).statements) == 1


def test_a_wrong_value_is_named_as_the_request_names_it(library: Any, assertions: Any) -> None:
    made = create(library)
    person = person_pb2.Person(name=made.name, etag=made.etag, city_code="suzou", identity_number="1" * 18)
    failure = refused(assertions.AssertPerson, asserted(made, person=person, update_mask=FieldMask()))
    assert failure.code == "INVALID_ARGUMENT"
    assert set(fields(failure)) <= {"person.city_code", "person.identity_number"}
    assert "1" * 18 not in str(failure)


def test_only_officers_of_the_city_state_anything(talent: Installation, library: Any) -> None:
    made = create(library)
    with talent.channel("talent", Grant("talent_viewer")) as channel:
        stub = Stub(channel)
        assert refused(stub.AssertPerson, asserted(made)).code == "PERMISSION_DENIED"
        confirm = wire.ConfirmPersonRequest(name=made.name, etag=made.etag)
        assert refused(stub.ConfirmPerson, confirm).code == "PERMISSION_DENIED"
    with talent.channel("talent", Grant("talent_officer", "suzhou")) as channel:
        assert refused(Stub(channel).AssertPerson, asserted(made)).reason == "CITY_NOT_GRANTED"


def test_lists_of_nobody_and_of_unknown_fields_are_refused(library: Any, assertions: Any) -> None:
    made = create(library)
    nobody = wire.ListPersonAssertionsRequest(name="persons/nobody")
    assert refused(assertions.ListPersonAssertions, nobody).code == "NOT_FOUND"
    salary = wire.ListPersonAssertionsRequest(name=made.name, fields=["salary"])
    assert refused(assertions.ListPersonAssertions, salary).reason == "UNKNOWN_FIELD"
