"""NominationService: quotas, nominations, results and lists that are wrong, each named."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, nomination_pb2
from bole.talent.v1 import nomination_service_pb2 as wire
from bole.talent.v1 import nomination_service_pb2_grpc as nomination_grpc
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.nominating import JUNE, as_, decide, nominate, reviewed
from tests.contract.talent.people import create


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield library_service_pb2_grpc.LibraryServiceStub(channel)


@pytest.fixture
def desk(talent: Installation) -> Iterator[Any]:
    """The office that nominates."""
    with as_(talent, "nominating-office") as stub:
        yield stub


def test_bad_quotas(talent: Installation, desk: Any) -> None:
    for changes, field in (
        ({"programme_code": "nobel"}, "quota.programme_code"),
        ({"industry_code": "alchemy"}, "quota.industry_code"),
        ({"year": 1999}, "quota.year"),
        ({"place_count": -1}, "quota.place_count"),
    ):
        given = {"programme_code": "top-talent", "year": 2026, "industry_code": "quantum", "place_count": 1}
        quota = wire.NominationQuota(**{**given, **changes})  # type: ignore[arg-type]
        failure = refused(desk.SetNominationQuota, wire.SetNominationQuotaRequest(quota=quota))
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", [field])
    unknown = wire.ListNominationQuotasRequest(programme_code="nobel", year=2026)
    assert refused(desk.ListNominationQuotas, unknown).reason == "UNKNOWN_PROGRAMME"
    with talent.channel("talent", Grant("talent_officer", "nantong")) as channel:
        stub = nomination_grpc.NominationServiceStub(channel)
        quota = wire.NominationQuota(
            programme_code="top-talent", year=2026, industry_code="quantum", place_count=1
        )
        failure = refused(stub.SetNominationQuota, wire.SetNominationQuotaRequest(quota=quota))
        assert failure.reason == "CITY_NOT_GRANTED"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"programme_code": "nobel"}, "nomination.programme_code"),
        ({"industry_code": "alchemy"}, "nomination.industry_code"),
        ({"year": 2020}, "nomination.year"),
        ({"nominating_unit": ""}, "nomination.nominating_unit"),
        ({"person": "", "team": ""}, "nomination.person"),
        ({"team": "teams/x"}, "nomination.person"),
        ({"reason": "a\u202eb"}, "nomination.reason"),
    ],
)
def test_a_wrong_nomination_is_named(library: Any, desk: Any, changes: dict[str, Any], field: str) -> None:
    given = {
        "programme_code": "shuangchuang",
        "year": 2026,
        "person": create(library).name,
        "industry_code": "hydrogen",
        "nominating_unit": "甲",
    }
    stated = nomination_pb2.Nomination(**{**given, **changes})
    failure = refused(desk.CreateNomination, wire.CreateNominationRequest(nomination=stated))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_who_cannot_be_nominated(library: Any, desk: Any) -> None:
    outside = create(library, city_code="outside")
    gone = create(library)
    library.WithdrawPerson(
        library_service_pb2.WithdrawPersonRequest(name=gone.name, etag=gone.etag, reason="本人要求")
    )
    for person, reason in (
        (outside.name, "NOMINEE_OUTSIDE"),
        (gone.name, "PERSON_WITHDRAWN"),
        ("persons/nobody", "NOT_FOUND"),
    ):
        stated = nomination_pb2.Nomination(
            programme_code="shuangchuang",
            year=2026,
            person=person,
            industry_code="hydrogen",
            nominating_unit="甲",
        )
        failure = refused(desk.CreateNomination, wire.CreateNominationRequest(nomination=stated))
        assert failure.reason == reason


def test_money_days_and_results_are_judged(talent: Installation, library: Any, desk: Any) -> None:
    made = decide(talent, reviewed(talent, desk, create(library).name))
    for changes, field in (
        ({"amount": Money(currency_code="CNY")}, "amount"),
        ({"amount": Money(currency_code="USD", units=1)}, "amount"),
        ({"paid_date": Date(year=2199, month=1, day=1)}, "date"),
        ({"document": ""}, "document"),
    ):
        given = {"amount": Money(currency_code="CNY", units=1), "paid_date": JUNE, "document": "x"}
        request = wire.FundNominationRequest(name=made.name, etag=made.etag, **{**given, **changes})
        failure = refused(desk.FundNomination, request)
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", [field])
    early = wire.FollowUpNominationRequest(
        name=made.name, etag=made.etag, result=nomination_pb2.FOLLOW_UP_RESULT_MOVED, observed_date=JUNE
    )
    assert refused(desk.FollowUpNomination, early).reason == "STEP_NOT_OPEN"
    late = wire.WithdrawNominationRequest(name=made.name, etag=made.etag, note="放弃")
    assert refused(desk.WithdrawNomination, late).reason == "STEP_NOT_OPEN"


def test_lists_filter_and_refuse(talent: Installation, library: Any, desk: Any) -> None:
    person = create(library, city_code="zhenjiang")
    made = nominate(desk, person.name)
    asked = f"person = '{person.name}' AND state = NOMINATED AND city_code = 镇江"
    listed = desk.ListNominations(wire.ListNominationsRequest(filter=asked, order_by="update_time desc"))
    assert [each.name for each in listed.nominations] == [made.name]
    bad = wire.ListNominationsRequest(filter="salary = 1")
    assert refused(desk.ListNominations, bad).reason == "INVALID_FILTER"
    nobody = wire.GetNominationRequest(name="nominations/nobody")
    assert refused(desk.GetNomination, nobody).code == "NOT_FOUND"
    steps = wire.ListNominationStepsRequest(parent="nominations/nobody")
    assert refused(desk.ListNominationSteps, steps).code == "NOT_FOUND"
    with talent.channel("talent", Grant("talent_officer", "suzhou")) as channel:
        stub = nomination_grpc.NominationServiceStub(channel)
        request = wire.WithdrawNominationRequest(name=made.name, etag=made.etag, note="越权")
        assert refused(stub.WithdrawNomination, request).reason == "CITY_NOT_GRANTED"
