"""What careless, hasty and hostile callers send to the library: the right status, and nothing half-written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import consent_service_pb2, consent_service_pb2_grpc, person_pb2
from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc as library_grpc
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.people import create, person


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        yield library_grpc.LibraryServiceStub(channel)


def how_many(library: Any, ref: str) -> int:
    """Records of a source number."""
    found = library.ListPersons(wire.ListPersonsRequest(filter=f'source_ref = "{ref}"'))
    return int(found.total_size)


@pytest.mark.parametrize(
    "query", ["😀😀", "的", "。，！", "%", "_", "(a+)+$", "'; drop table person; --", "مرحبا שלום"]
)
def test_any_words_are_searched_for_or_find_nothing(library: Any, query: str) -> None:
    created = create(library)
    found = library.SearchPersons(wire.SearchPersonsRequest(query=query, page_size=5))
    assert found.total_size >= 0
    assert how_many(library, created.source_ref) == 1


@pytest.mark.parametrize(
    "name",
    ["𠮷田", "㐀㛃", "葛\U000e0100城", "\ue123某", "迪丽热巴·迪力木拉提买买提艾力", "Seán O’Brien", "D'Arcy"],
)
def test_rare_and_foreign_names_come_back_as_they_were(library: Any, name: str) -> None:
    made = create(library, display_name=name)
    found = library.GetPerson(wire.GetPersonRequest(name=made.name))
    assert found.display_name.encode() == name.encode()


def test_words_without_end_are_refused_with_the_limit(library: Any) -> None:
    for query in ("氢" * 200_000, "a " * 5_000):
        failure = refused(library.SearchPersons, wire.SearchPersonsRequest(query=query))
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["query"])


@pytest.mark.parametrize(
    "day",
    [
        Date(year=10000, month=1, day=1),
        Date(year=9999, month=12, day=31),
        Date(year=1900, month=2, day=29),
        Date(year=2026, month=13, day=1),
        Date(year=2026, month=6),
        Date(year=-1, month=1, day=1),
    ],
)
def test_days_that_are_none_or_far_away_are_refused(library: Any, day: Date) -> None:
    ref = f"T-{uuid4()}"
    request = wire.CreatePersonRequest(person=person(source_ref=ref, observed_date=day))
    failure = refused(library.CreatePerson, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith("person.observed_date") for each in fields(failure))
    assert how_many(library, ref) == 0


@pytest.mark.parametrize(
    "moment",
    [
        Timestamp(seconds=1_780_000_000, nanos=-1),
        Timestamp(seconds=1_780_000_000, nanos=10**9),
        Timestamp(seconds=1_780_000_000_000),  # milliseconds taken for seconds
        Timestamp(seconds=-(10**11)),
        Timestamp(seconds=4_000_000_000),  # a hundred years ahead
    ],
)
def test_moments_that_are_none_or_far_away_are_refused(
    talent: Installation, library: Any, moment: Timestamp
) -> None:
    made = create(library)
    request = consent_service_pb2.RecordConsentRequest(
        name=made.name,
        etag=made.etag,
        kind=consent_service_pb2.CONSENT_KIND_GIVEN,
        purposes=[person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
        document="表单",
        effective_time=moment,
    )
    with talent.channel("talent", OFFICER) as channel:
        stub = consent_service_pb2_grpc.ConsentServiceStub(channel)
        failure = refused(stub.RecordConsent, request)
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["effective_time"])
    assert library.GetPerson(wire.GetPersonRequest(name=made.name)).etag == made.etag


def test_a_clock_that_is_a_little_ahead_is_believed_and_one_far_ahead_is_not(
    talent: Installation, library: Any
) -> None:
    made = create(library)
    now = int(datetime.now(UTC).timestamp())

    def given(ahead: int) -> consent_service_pb2.RecordConsentRequest:
        return consent_service_pb2.RecordConsentRequest(
            name=made.name,
            etag=made.etag,
            kind=consent_service_pb2.CONSENT_KIND_GIVEN,
            purposes=[person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
            document="表单",
            effective_time=Timestamp(seconds=now + ahead),
        )

    with talent.channel("talent", OFFICER) as channel:
        stub = consent_service_pb2_grpc.ConsentServiceStub(channel)
        assert fields(refused(stub.RecordConsent, given(3_600))) == ["effective_time"]
        assert stub.RecordConsent(given(60)).name == made.name


def test_a_request_id_of_one_caller_says_nothing_to_another(talent: Installation, library: Any) -> None:
    request = wire.CreatePersonRequest(person=person(), request_id=str(uuid4()))
    library.CreatePerson(request)
    other = wire.CreatePersonRequest(person=person(), request_id=request.request_id)
    with talent.channel("talent", OFFICER, subject="another") as channel:
        made = library_grpc.LibraryServiceStub(channel).CreatePerson(other)
    assert made.source_ref == other.person.source_ref


def test_lists_without_end_are_refused(library: Any) -> None:
    ref = f"T-{uuid4()}"
    many = [direction_share_pb2.DirectionShare(code="sic", permille=1)] * 10_000
    request = wire.CreatePersonRequest(person=person(source_ref=ref, direction_shares=many))
    failure = refused(library.CreatePerson, request)
    assert "person.direction_shares" in fields(failure)
    too_large = wire.CreatePersonRequest(person=person(source_ref=ref, works=["某"] * 1_000_001))
    assert refused(library.CreatePerson, too_large).code == "RESOURCE_EXHAUSTED"
    assert how_many(library, ref) == 0


def test_one_request_sent_by_many_at_once_takes_effect_once(library: Any) -> None:
    request = wire.CreatePersonRequest(person=person(), request_id=str(uuid4()))
    with ThreadPoolExecutor(16) as pool:
        answers = [
            future.result() for future in [pool.submit(library.CreatePerson, request) for _ in range(32)]
        ]
    assert {each.SerializeToString(deterministic=True) for each in answers} == {
        answers[0].SerializeToString(deterministic=True)
    }
    assert how_many(library, request.person.source_ref) == 1


def test_a_call_that_is_given_up_may_be_repeated_safely(library: Any) -> None:
    for _ in range(20):
        request = wire.CreatePersonRequest(person=person(), request_id=str(uuid4()))
        library.CreatePerson.future(request).cancel()
        assert library.CreatePerson(request).source_ref == request.person.source_ref
        assert how_many(library, request.person.source_ref) == 1


def test_a_deadline_that_has_passed_leaves_nothing_half_done(library: Any) -> None:
    request = wire.CreatePersonRequest(person=person(), request_id=str(uuid4()))
    with pytest.raises(grpc.RpcError) as caught:
        library.CreatePerson(request, timeout=-60.0)  # passed by any clock
    assert caught.value.code().name == "DEADLINE_EXCEEDED"
    assert library.CreatePerson(request).source_ref == request.person.source_ref
    assert how_many(library, request.person.source_ref) == 1
