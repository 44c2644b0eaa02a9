"""NominationService: the whole way of a nomination, and every step beside it."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.type.money_pb2 import Money

from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, nomination_pb2
from bole.talent.v1 import nomination_service_pb2 as wire
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.approving import let_erase
from tests.contract.talent.nominating import JUNE, MET, as_, decide, decision, nominate, reviewed
from tests.contract.talent.people import create

State = nomination_pb2.Nomination


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield library_service_pb2_grpc.LibraryServiceStub(channel)


@pytest.fixture
def desk(talent: Installation) -> Iterator[Any]:
    """The office that nominates."""
    with as_(talent, "nominating-office") as stub:
        yield stub


def test_the_whole_way_is_kept_step_by_step(talent: Installation, library: Any, desk: Any) -> None:
    made = reviewed(talent, desk, create(library).name)
    assert made.state == State.STATE_REVIEWED
    made = decide(talent, made)
    assert made.state == State.STATE_AWARDED
    made = desk.FundNomination(
        wire.FundNominationRequest(
            name=made.name,
            etag=made.etag,
            amount=Money(currency_code="CNY", units=500_000),
            paid_date=JUNE,
            document="苏财教〔2026〕12号",
        )
    )
    assert (made.state, made.funded.units) == (State.STATE_FUNDED, 500_000)
    for _ in range(2):
        made = desk.FollowUpNomination(
            wire.FollowUpNominationRequest(
                name=made.name,
                etag=made.etag,
                result=nomination_pb2.FOLLOW_UP_RESULT_IN_POST,
                observed_date=JUNE,
            )
        )
    steps = desk.ListNominationSteps(wire.ListNominationStepsRequest(parent=made.name)).steps
    kinds = [nomination_pb2.NominationStep.Kind.Name(each.kind) for each in steps]
    assert kinds == [
        "KIND_NOMINATE",
        "KIND_CHECK",
        "KIND_REVIEW",
        "KIND_DECIDE",
        "KIND_FUND",
        "KIND_FOLLOW_UP",
        "KIND_FOLLOW_UP",
    ]
    assert [each.author for each in steps[:4]] == ["nominating-office", "checker", "reviewer", "director"]
    assert steps[1].clauses[0].clause == "申报通知第二条（一）"
    with as_(talent, "nominating-office", purpose=None) as blind:
        hidden = blind.ListNominationSteps(wire.ListNominationStepsRequest(parent=made.name)).steps
    assert {each.note for each in hidden} == {""}


def test_a_clause_that_is_not_met_ends_it(talent: Installation, library: Any, desk: Any) -> None:
    made = nominate(desk, create(library).name)
    failing = nomination_pb2.EligibilityClause(clause="第三条", met=False, note="超龄")
    with as_(talent, "checker") as stub:
        request = wire.CheckNominationEligibilityRequest(
            name=made.name, etag=made.etag, clauses=[MET, failing]
        )
        ended = stub.CheckNominationEligibility(request)
        assert ended.state == State.STATE_INELIGIBLE
        assert refused(stub.CheckNominationEligibility, request).code == "ABORTED"
        empty = wire.CheckNominationEligibilityRequest(name=made.name, etag=ended.etag)
        assert "clauses" in fields(refused(stub.CheckNominationEligibility, empty))
    late = wire.ReviewNominationRequest(
        name=made.name, etag=ended.etag, recommends=True, unit="东南大学", note="x"
    )
    failure = refused(desk.ReviewNomination, late)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "STEP_NOT_OPEN")


def test_nobody_judges_their_own_case(talent: Installation, library: Any, desk: Any) -> None:
    made = nominate(desk, create(library, employer="演示研究所").name)
    check = wire.CheckNominationEligibilityRequest(name=made.name, etag=made.etag, clauses=[MET])
    failure = refused(desk.CheckNominationEligibility, check)
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CONFLICT_OF_INTEREST")
    with as_(talent, "checker") as stub:
        made = stub.CheckNominationEligibility(check)
    for unit in ("南通市委人才办", "演示研究所"):
        request = wire.ReviewNominationRequest(
            name=made.name, etag=made.etag, recommends=True, unit=unit, note="同意"
        )
        with as_(talent, "colleague") as stub:
            assert refused(stub.ReviewNomination, request).reason == "CONFLICT_OF_INTEREST"
    with as_(talent, "former-supervisor") as stub:
        made = stub.DeclareConflictOfInterest(
            wire.DeclareConflictOfInterestRequest(name=made.name, etag=made.etag, note="曾为导师")
        )
        request = wire.ReviewNominationRequest(
            name=made.name, etag=made.etag, recommends=True, unit="南京大学", note="同意"
        )
        assert refused(stub.ReviewNomination, request).reason == "CONFLICT_OF_INTEREST"
        nothing = wire.DeclareConflictOfInterestRequest(name=made.name, etag=made.etag)
        assert fields(refused(stub.DeclareConflictOfInterest, nothing)) == ["note"]
    with as_(talent, "reviewer") as stub:
        made = stub.ReviewNomination(
            wire.ReviewNominationRequest(
                name=made.name, etag=made.etag, recommends=True, unit="东南大学", note="同意"
            )
        )
        assert refused(stub.DecideNomination, decision(made)).reason == "CONFLICT_OF_INTEREST"


def test_nobody_is_awarded_twice_in_a_year(talent: Installation, library: Any, desk: Any) -> None:
    person = create(library).name
    decide(talent, reviewed(talent, desk, person))
    other = reviewed(talent, desk, person, programme_code="project-333")
    with as_(talent, "director") as stub:
        failure = refused(stub.DecideNomination, decision(other))
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "DOUBLE_AWARD")
        assert stub.DecideNomination(decision(other, awards=False)).state == State.STATE_DECLINED
    decide(talent, reviewed(talent, desk, person, programme_code="project-333", year=2027))
    stated = nomination_pb2.Nomination(
        programme_code="shuangchuang",
        year=2026,
        person=person,
        industry_code="hydrogen",
        nominating_unit="甲",
    )
    failure = refused(desk.CreateNomination, wire.CreateNominationRequest(nomination=stated))
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "NOMINATED_ALREADY")
    assert "shuangchuang" not in failure.text.zh + failure.text.en


def test_a_quota_is_shown_beside_the_shortage_and_kept(talent: Installation, library: Any, desk: Any) -> None:
    quota = wire.NominationQuota(
        programme_code="top-talent", year=2026, industry_code="quantum", place_count=1
    )
    desk.SetNominationQuota(wire.SetNominationQuotaRequest(quota=quota))
    given = {"programme_code": "top-talent", "industry_code": "quantum"}
    decide(talent, reviewed(talent, desk, create(library).name, **given))
    second = reviewed(talent, desk, create(library).name, **given)
    with as_(talent, "director") as stub:
        assert refused(stub.DecideNomination, decision(second)).reason == "QUOTA_FULL"
    ask = wire.ListNominationQuotasRequest(programme_code="top-talent", year=2026)
    listed = desk.ListNominationQuotas(ask)
    (row,) = [each for each in listed.quotas if each.industry_code == "quantum"]
    assert (row.place_count, row.awarded_count) == (1, 1)
    assert row.shortage.scope.industry_code == "quantum"
    assert listed.rule.zh
    quota.place_count = 0
    desk.SetNominationQuota(wire.SetNominationQuotaRequest(quota=quota))
    (row,) = [each for each in desk.ListNominationQuotas(ask).quotas if each.industry_code == "quantum"]
    assert (row.place_count, row.awarded_count) == (0, 1)
    assert decide(talent, second).state == State.STATE_AWARDED


def test_a_withdrawal_ends_what_is_open_and_erasure_keeps_counts(
    talent: Installation, library: Any, desk: Any
) -> None:
    person = create(library)
    awarded = decide(talent, reviewed(talent, desk, person.name))
    waiting = nominate(desk, person.name, programme_code="project-333", year=2027)
    let_erase(talent, person.name)
    library.ErasePerson(library_service_pb2.ErasePersonRequest(name=person.name, reason="本人要求"))
    ended = desk.GetNomination(wire.GetNominationRequest(name=waiting.name))
    kept = desk.GetNomination(wire.GetNominationRequest(name=awarded.name))
    assert (ended.state, ended.person) == (State.STATE_WITHDRAWN, "")
    assert (kept.state, kept.person) == (State.STATE_AWARDED, "")
    steps = desk.ListNominationSteps(wire.ListNominationStepsRequest(parent=kept.name)).steps
    assert [each.note for each in steps] == [""] * 4
    request = wire.FundNominationRequest(
        name=kept.name,
        etag=kept.etag,
        amount=Money(currency_code="CNY", units=1),
        paid_date=JUNE,
        document="x",
    )
    assert refused(desk.FundNomination, request).reason == "NOMINEE_ERASED"


def test_an_open_nomination_can_be_withdrawn_with_a_reason(library: Any, desk: Any) -> None:
    made = nominate(desk, create(library).name)
    silent = wire.WithdrawNominationRequest(name=made.name, etag=made.etag)
    assert fields(refused(desk.WithdrawNomination, silent)) == ["note"]
    gone = desk.WithdrawNomination(
        wire.WithdrawNominationRequest(name=made.name, etag=made.etag, note="本人放弃")
    )
    assert gone.state == State.STATE_WITHDRAWN


def test_a_payment_is_recorded_once_whoever_sends_it_and_however_often(
    talent: Installation, library: Any, desk: Any
) -> None:
    made = decide(talent, reviewed(talent, desk, create(library).name))

    def pay(stub: Any, version: Any, **changes: Any) -> Any:
        given = {"amount": Money(currency_code="CNY", units=500_000), "paid_date": JUNE, "document": "12号"}
        request = wire.FundNominationRequest(name=version.name, etag=version.etag, **{**given, **changes})
        return (
            refused(stub.FundNomination, request)
            if "another" not in changes
            else stub.FundNomination(request)
        )

    paid = pay(desk, made, another=False)
    with as_(talent, "another-officer") as stub:
        failure = pay(stub, paid)
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "PAYMENT_RECORDED")
    assert failure.metadata["step"] == "5"
    assert "nominating-office" in failure.text.zh
    assert desk.GetNomination(wire.GetNominationRequest(name=made.name)).funded.units == 500_000
    assert pay(desk, paid, another=True).funded.units == 1_000_000
