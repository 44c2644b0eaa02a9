"""Pairs of records of one person, and what the service suggests about them."""

import threading
import time
from typing import Any
from uuid import uuid4

import grpc
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import (
    duplicate_pb2,
    duplicate_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    person_pb2,
)
from bole.talent.v1 import duplicate_service_pb2 as wire
from services.chassis.identity.identity import Grant

VERIFIER = Grant("talent_officer", purposes=frozenset({"talent-service", "contact", "verification"}))


NANTONG = Grant("talent_officer", city="nantong", purposes=frozenset({"talent-service", "verification"}))


NEGATIVE = duplicate_pb2.DUPLICATE_VERDICT_NEGATIVE


UNSURE = duplicate_pb2.DUPLICATE_VERDICT_UNSURE


Stub = duplicate_service_pb2_grpc.DuplicateServiceStub


Library = library_service_pb2_grpc.LibraryServiceStub


def person(**changes: Any) -> person_pb2.Person:
    given: dict[str, Any] = {
        "source_ref": f"T-{uuid4()}",
        "display_name": "诸葛翎翙",
        "category_code": "outstanding-engineer",
        "city_code": "nantong",
        "availability": person_pb2.AVAILABILITY_NOW,
        "direction_shares": [direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
        "employer": f"演示研究所{uuid4()}",
        "observed_date": Date(year=2026, month=6, day=1),
        "purposes": [person_pb2.CONSENT_PURPOSE_STATISTICS],
    }
    return person_pb2.Person(**{**given, **changes})


def create(channel: Any, **changes: Any) -> person_pb2.Person:
    request = library_service_pb2.CreatePersonRequest(person=person(**changes))
    made: person_pb2.Person = Library(channel).CreatePerson(request)
    return made


def get(channel: Any, name: str) -> person_pb2.Person:
    found: person_pb2.Person = Library(channel).GetPerson(library_service_pb2.GetPersonRequest(name=name))
    return found


def twins(channel: Any, **changes: Any) -> tuple[person_pb2.Person, person_pb2.Person]:
    """Two records of one name at one employer, with a telephone in common."""
    shared = {"employer": f"演示研究所{uuid4()}", "phone": f"1399{uuid4().int % 10**7:07d}", **changes}
    return create(channel, **shared), create(channel, **shared)


def suggestion(duplicates: Any, *persons: person_pb2.Person) -> duplicate_pb2.DuplicateSuggestion:
    """The suggestion about a pair, once it is there: it follows the change by a moment."""
    ids = sorted(each.name.removeprefix("persons/") for each in persons)
    request = wire.GetDuplicateSuggestionRequest(name=f"duplicateSuggestions/{'.'.join(ids)}")
    deadline = time.monotonic() + 300
    while True:
        try:
            found: duplicate_pb2.DuplicateSuggestion = duplicates.GetDuplicateSuggestion(request)
            return found
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.NOT_FOUND or time.monotonic() > deadline:
                raise
            threading.Event().wait(0.05)


def every_suggestion(duplicates: Any) -> tuple[list[duplicate_pb2.DuplicateSuggestion], int]:
    """All suggestions, of all pages, and how many the first page says there are."""
    request, found = (
        wire.ListDuplicateSuggestionsRequest(page_size=200),
        list[duplicate_pb2.DuplicateSuggestion](),
    )
    first = page = duplicates.ListDuplicateSuggestions(request)
    found.extend(page.suggestions)
    while page.next_page_token:
        request.page_token = page.next_page_token
        page = duplicates.ListDuplicateSuggestions(request)
        found.extend(page.suggestions)
    return found, first.total_size


def merging(one: person_pb2.Person, other: person_pb2.Person, **changes: Any) -> wire.MergePersonsRequest:
    given: dict[str, Any] = {
        "left": one.name,
        "right": other.name,
        "left_etag": one.etag,
        "right_etag": other.etag,
        "reason": "同一人的两条记录",
    }
    return wire.MergePersonsRequest(**{**given, **changes})


def identity_number(drawn: int) -> str:
    """A number nobody has, of some 50,000: of a region that does not exist, with its check digit."""
    body = f"000000{1950 + drawn % 50}0101{drawn // 50 % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


def crowd(channel: Any, **changes: Any) -> list[person_pb2.Person]:
    """People of one name and direction, one more than all of whom are compared with one another; too common a name for
    any two of them to be suggested.
    """
    return [create(channel, display_name="王伟", **changes) for _ in range(32)]
