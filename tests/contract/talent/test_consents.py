"""ConsentService: the ledger, and who looked; every change and every look is in the audit trail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from bole.talent.v1 import consent_service_pb2 as wire
from bole.talent.v1 import consent_service_pb2_grpc as consent_grpc
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.people import create

MATCH, FIRM, COUNT = (
    person_pb2.CONSENT_PURPOSE_MATCH_POSITION,
    person_pb2.CONSENT_PURPOSE_MATCH_FIRM,
    person_pb2.CONSENT_PURPOSE_STATISTICS,
)
AUDITOR = Grant("auditor")


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield library_service_pb2_grpc.LibraryServiceStub(channel)


@pytest.fixture
def consents(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        yield consent_grpc.ConsentServiceStub(channel)


def said(made: person_pb2.Person, **changes: Any) -> wire.RecordConsentRequest:
    given: dict[str, Any] = {
        "name": made.name,
        "etag": made.etag,
        "kind": wire.CONSENT_KIND_WITHDRAWN,
        "purposes": [MATCH],
        "document": "电话回访 2026-07",
        "request_id": str(uuid4()),
    }
    return wire.RecordConsentRequest(**{**given, **changes})


def ledger(consents: Any, name: str) -> wire.ListConsentEntriesResponse:
    found: wire.ListConsentEntriesResponse = consents.ListConsentEntries(
        wire.ListConsentEntriesRequest(parent=name)
    )
    return found


def looks(stub: Any, name: str, **page: Any) -> wire.ListPersonLookupsResponse:
    found: wire.ListPersonLookupsResponse = stub.ListPersonLookups(
        wire.ListPersonLookupsRequest(parent=name, **page)
    )
    return found


def test_purposes_follow_from_the_ledger(library: Any, consents: Any) -> None:
    made = create(library)
    request = said(made)
    taken = consents.RecordConsent(request)
    assert list(taken.purposes) == [COUNT]
    assert consents.RecordConsent(request) == taken
    given = consents.RecordConsent(said(taken, kind=wire.CONSENT_KIND_GIVEN, purposes=[FIRM]))
    assert set(given.purposes) == {FIRM, COUNT}
    found = ledger(consents, made.name)
    kinds = [wire.ConsentKind.Name(each.kind).removeprefix("CONSENT_KIND_") for each in found.entries]
    assert kinds == ["GIVEN", "WITHDRAWN", "GIVEN"]
    assert found.entries[1].document == "电话回访 2026-07"
    assert found.entries[1].author == "tester"
    assert set(found.purposes) == {FIRM, COUNT}


def test_an_old_form_does_not_bring_back_what_was_withdrawn(library: Any, consents: Any) -> None:
    made = consents.RecordConsent(said(create(library)))
    form = Timestamp()
    form.FromDatetime(datetime.now(UTC) - timedelta(days=30))
    again = said(made, kind=wire.CONSENT_KIND_GIVEN, effective_time=form)
    assert list(consents.RecordConsent(again).purposes) == [COUNT]


def test_the_document_is_hidden_without_a_purpose(talent: Installation, library: Any, consents: Any) -> None:
    made = consents.RecordConsent(said(create(library)))
    with talent.channel("talent", OFFICER) as channel:
        found = ledger(consent_grpc.ConsentServiceStub(channel), made.name)
    assert [each.document for each in found.entries] == ["", ""]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": 0}, "kind"),
        ({"kind": wire.CONSENT_KIND_ANNULLED}, "kind"),
        ({"purposes": []}, "purposes"),
        ({"purposes": [9]}, "purposes[0]"),
        ({"document": ""}, "document"),
        ({"document": "a\u202eb"}, "document"),
        ({"basis": 9}, "basis"),
        ({"effective_time": Timestamp(seconds=4_000_000_000)}, "effective_time"),
    ],
)
def test_a_wrong_entry_is_named(library: Any, consents: Any, changes: dict[str, Any], field: str) -> None:
    made = create(library)
    failure = refused(consents.RecordConsent, said(made, **changes))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)
    assert len(ledger(consents, made.name).entries) == 1


def test_a_withdrawn_person_and_a_stale_version_are_refused(library: Any, consents: Any) -> None:
    made = create(library)
    gone = library.WithdrawPerson(
        library_service_pb2.WithdrawPersonRequest(name=made.name, etag=made.etag, reason="本人要求")
    )
    assert refused(consents.RecordConsent, said(made)).code == "ABORTED"
    assert refused(consents.RecordConsent, said(gone)).reason == "PERSON_WITHDRAWN"
    assert not ledger(consents, made.name).purposes


def test_the_person_can_be_told_who_looked(talent: Installation, library: Any, consents: Any) -> None:
    made = create(library)
    with talent.channel("talent", OFFICER, purpose="contact", subject="nosy") as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        stub.GetPerson(library_service_pb2.GetPersonRequest(name=made.name))
    found = looks(consents, made.name).lookups
    seen = next(each for each in found if each.actor == "nosy")
    assert (seen.action, seen.purpose, seen.record_count, seen.bulk) == ("reveal", "contact", 1, False)
    assert "phone" in seen.fields
    assert found[-1].action == "create"
    assert [each.audit_number for each in found] == sorted((e.audit_number for e in found), reverse=True)
    first = looks(consents, made.name, page_size=1)
    rest = looks(consents, made.name, page_size=500, page_token=first.next_page_token)
    assert [*first.lookups, *rest.lookups][: len(found)] == list(found)


def test_a_look_without_protected_fields_is_no_look(
    talent: Installation, library: Any, consents: Any
) -> None:
    made = create(library)
    with talent.channel("talent", OFFICER, subject="passer-by") as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        stub.GetPerson(library_service_pb2.GetPersonRequest(name=made.name))
    assert "passer-by" not in {each.actor for each in looks(consents, made.name).lookups}


def test_who_may_ask(talent: Installation, library: Any) -> None:
    made = create(library)
    with talent.channel("talent", Grant("talent_viewer")) as channel:
        stub = consent_grpc.ConsentServiceStub(channel)
        ask = wire.ListPersonLookupsRequest(parent=made.name)
        assert refused(stub.ListPersonLookups, ask).code == "PERMISSION_DENIED"
        assert refused(stub.RecordConsent, said(made)).code == "PERMISSION_DENIED"
    with talent.channel("talent", Grant("talent_officer", "suzhou")) as channel:
        stub = consent_grpc.ConsentServiceStub(channel)
        assert refused(stub.ListPersonLookups, ask).reason == "CITY_NOT_GRANTED"
        entries = wire.ListConsentEntriesRequest(parent=made.name)
        assert refused(stub.ListConsentEntries, entries).reason == "CITY_NOT_GRANTED"
        assert refused(stub.ListLookupAnomalies, wire.ListLookupAnomaliesRequest()).code == (
            "PERMISSION_DENIED"
        )
    with talent.channel("talent", AUDITOR) as channel:
        stub = consent_grpc.ConsentServiceStub(channel)
        assert looks(stub, made.name).lookups
        nobody = wire.ListPersonLookupsRequest(parent="persons/nobody")
        assert refused(stub.ListPersonLookups, nobody).code == "NOT_FOUND"
        bad = wire.ListPersonLookupsRequest(parent=made.name, page_token="bm90")
        assert refused(stub.ListPersonLookups, bad).reason == "PAGE_TOKEN_INVALID"


def test_looking_at_very_many_people_stands_out(talent: Installation, library: Any) -> None:
    for _ in range(101):
        create(library, city_code="xuzhou")
    with talent.channel("talent", OFFICER, purpose="contact", subject="collector") as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        asked = library_service_pb2.ListPersonsRequest(filter="city_code = xuzhou", page_size=500)
        assert len(stub.ListPersons(asked).persons) == 101
    with talent.channel("talent", AUDITOR) as channel:
        consenting = consent_grpc.ConsentServiceStub(channel)
        found = consenting.ListLookupAnomalies(wire.ListLookupAnomaliesRequest(days=1))
        (one,) = [each for each in found.anomalies if each.actor == "collector"]
        assert (one.largest_count, one.call_count) == (101, 1)
        assert found.bulk_answer == 100
        bad = wire.ListLookupAnomaliesRequest(days=-1)
        assert refused(consenting.ListLookupAnomalies, bad).code == "INVALID_ARGUMENT"


def test_the_trail_of_all_this_is_whole(talent: Installation, library: Any, consents: Any) -> None:
    consents.RecordConsent(said(create(library)))
    for arguments, chinese, english in (([], True, True), (["--language", "zh"], True, False)):
        done = talent.tool("talent", "verify-audit", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert ("完整" in done.stdout, "intact" in done.stdout) == (chinese, english)


def test_entries_of_nobody_are_not_listed(consents: Any) -> None:
    unknown = wire.ListConsentEntriesRequest(parent="persons/01j00000000000000000000000")
    assert refused(consents.ListConsentEntries, unknown).code == "NOT_FOUND"
    assert refused(consents.ListConsentEntries, wire.ListConsentEntriesRequest()).code == "INVALID_ARGUMENT"
