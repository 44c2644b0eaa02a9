"""IntellectualPropertyService and LoanService: rights, pledges and first loans; good requests and bad ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    firm_service_pb2,
    firm_service_pb2_grpc,
    intellectual_property_pb2,
    intellectual_property_service_pb2,
    intellectual_property_service_pb2_grpc,
    loan_pb2,
    loan_service_pb2,
    loan_service_pb2_grpc,
)
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import loans, rights
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from tests.contract.installation import MANAGER, Installation, fields, refused, staff_token

records, wire = intellectual_property_pb2, intellectual_property_service_pb2
State = records.Pledge.State
First = loan_pb2.FinancingStatus.FirstLoan


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def stub(channel: grpc.Channel) -> Any:
    return intellectual_property_service_pb2_grpc.IntellectualPropertyServiceStub(channel)


@pytest.fixture
def lending(channel: grpc.Channel) -> Any:
    return loan_service_pb2_grpc.LoanServiceStub(channel)


@pytest.fixture
def firm(channel: grpc.Channel, lending: Any) -> str:
    """A firm of the sample of which no loan and no look at its credit record is known."""
    service = firm_service_pb2_grpc.FirmServiceStub(channel)
    for each in service.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=500)).firms:
        known = lending.ListLoans(loan_service_pb2.ListLoansRequest(parent=each.name))
        if not known.loans and not known.credit_checks:
            return str(each.name)
    raise AssertionError("every firm has a loan")


def yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)


def today() -> Date:
    day = civil_date(datetime.now(UTC))
    return Date(year=day.year, month=day.month, day=day.day)


def right(firm: str, **changes: Any) -> wire.CreateIpRightRequest:
    given: dict[str, Any] = {
        "kind": records.IpRight.KIND_INVENTION,
        "number": f"ZL{uuid4().hex[:12]}",
        "title": "一种电解槽（演示）",
        "grant_date": Date(year=2024, month=1, day=5),
        "expire_date": Date(year=2043, month=3, day=1),
        "document": "专利证书",
    }
    return wire.CreateIpRightRequest(
        parent=firm, ip_right=records.IpRight(**{**given, **changes}), request_id=str(uuid4())
    )


def pledge(firm: str, *names: str, **changes: Any) -> wire.CreatePledgeRequest:
    given: dict[str, Any] = {
        "ip_rights": names,
        "rank": 1,
        "pledgee": "某银行（演示）",
        "secured": yuan(5_000_000),
        "valuation": yuan(9_000_000),
        "valuation_basis": "某评估公司，收益法",
        "start_date": Date(year=2026, month=1, day=5),
        "end_date": Date(year=2029, month=1, day=4),
    }
    return wire.CreatePledgeRequest(
        parent=firm,
        pledge=records.Pledge(**{**given, **changes}),
        document="质押合同",
        request_id=str(uuid4()),
    )


def move(verb: str, made: records.Pledge, **more: Any) -> Any:
    kind = getattr(wire, f"{verb}PledgeRequest")
    more = {"registration_number": "Y2026000001"} | more if verb == "Register" else more
    return kind(
        name=made.name,
        etag=made.etag,
        effective_date=today(),
        document="登记通知书",
        request_id=str(uuid4()),
        **more,
    )


def test_a_right_is_pledged_once_per_rank_and_free_again(stub: Any, firm: str) -> None:
    request = right(firm)
    made = stub.CreateIpRight(request)
    assert stub.CreateIpRight(request) == made
    assert stub.GetIpRight(wire.GetIpRightRequest(name=made.name)) == made
    taken = refused(stub.CreateIpRight, right(firm, number=made.number))
    assert (taken.code, taken.reason) == ("ALREADY_EXISTS", "RIGHT_RECORDED")
    first, second = (stub.CreatePledge(pledge(firm, made.name)) for _ in range(2))
    checked = move("Register", first, validate_only=True)
    assert stub.RegisterPledge(checked).state == State.STATE_REGISTERED
    assert made.name in free(stub, firm)
    first = stub.RegisterPledge(move("Register", first))
    assert made.name not in free(stub, firm)
    assert refused(stub.RegisterPledge, move("Register", second)).reason == "RIGHT_PLEDGED"
    behind = stub.RegisterPledge(move("Register", stub.CreatePledge(pledge(firm, made.name, rank=2))))
    pledged = stub.GetIpRight(wire.GetIpRightRequest(name=made.name))
    assert list(pledged.pledged_ranks) == [1, 2]
    lapse = wire.LapseIpRightRequest(name=made.name, etag=made.etag, reason="未缴年费")
    assert refused(stub.LapseIpRight, lapse).reason == "RIGHT_PLEDGED"
    assert refused(stub.ExpirePledge, move("Expire", first)).reason == "NOT_YET_EXPIRED"
    released = stub.ReleasePledge(move("Release", first))
    assert refused(stub.ReleasePledge, move("Release", released)).reason == "ILLEGAL_TRANSITION"
    assert refused(stub.ReleasePledge, move("Release", first)).reason == "STALE_ETAG"
    enforced = stub.EnforcePledge(move("Enforce", behind))
    assert refused(stub.EnforcePledge, move("Enforce", enforced)).reason == "ILLEGAL_TRANSITION"
    assert made.name in free(stub, firm)
    assert stub.GetPledge(wire.GetPledgeRequest(name=first.name)) == released
    listed = stub.ListPledges(wire.ListPledgesRequest(parent=firm)).pledges
    assert {first.name, second.name, behind.name} <= {each.name for each in listed}
    gone = stub.LapseIpRight(lapse)
    assert gone.state == records.IpRight.STATE_LAPSED
    assert made.name not in free(stub, firm)


def free(stub: Any, firm: str) -> set[str]:
    found = stub.ListIpRights(wire.ListIpRightsRequest(parent=firm, free_only=True)).ip_rights
    return {each.name for each in found}


def test_a_pledge_that_ran_out_expires(stub: Any, firm: str) -> None:
    made = stub.CreateIpRight(right(firm))
    short = {"start_date": Date(year=2025, month=1, day=1), "end_date": Date(year=2025, month=12, day=31)}
    drafted = stub.CreatePledge(pledge(firm, made.name, **short))
    registered = stub.RegisterPledge(move("Register", drafted))
    assert stub.ExpirePledge(move("Expire", registered)).state == State.STATE_EXPIRED


def test_what_cannot_be_true_of_rights_and_pledges(stub: Any, firm: str) -> None:
    wrong = refused(stub.CreateIpRight, right(firm, expire_date=Date(year=2020, month=1, day=1)))
    assert fields(wrong) == ["ip_right.expire_date"]
    made = stub.CreateIpRight(right(firm))
    late = refused(stub.CreatePledge, pledge(firm, made.name, end_date=Date(year=2050, month=1, day=1)))
    assert late.reason == "PLEDGE_OUTLIVES_RIGHT"
    unvalued = refused(stub.CreatePledge, pledge(firm, made.name, valuation_basis=""))
    assert fields(unvalued) == ["pledge.valuation_basis"]
    foreign = refused(stub.CreatePledge, pledge(firm, "firms/other/ipRights/x"))
    assert foreign.reason == "RIGHT_OF_ANOTHER_FIRM"
    assert refused(stub.CreatePledge, pledge(firm, f"{firm}/ipRights/none")).code == "NOT_FOUND"
    for call, request in (
        (stub.GetIpRight, wire.GetIpRightRequest(name=f"{firm}/ipRights/none")),
        (stub.GetPledge, wire.GetPledgeRequest(name=f"{firm}/pledges/none")),
        (stub.ListIpRights, wire.ListIpRightsRequest(parent="firms/none")),
        (stub.ListPledges, wire.ListPledgesRequest(parent="firms/none")),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    assert refused(stub.GetPledge, wire.GetPledgeRequest(name=made.name)).reason == "INVALID_NAME"


def loan(firm: str, year: int, **changes: Any) -> loan_service_pb2.CreateLoanRequest:
    given: dict[str, Any] = {
        "lender": "某银行（演示）",
        "amount": yuan(3_000_000),
        "disburse_date": Date(year=year, month=3, day=1),
        "due_date": Date(year=year + 1, month=3, day=1),
        "security": loan_pb2.Loan.SECURITY_CREDIT,
        "document": "借款合同",
    }
    return loan_service_pb2.CreateLoanRequest(
        parent=firm, loan=loan_pb2.Loan(**{**given, **changes}), request_id=str(uuid4())
    )


def status(lending: Any, firm: str) -> loan_pb2.FinancingStatus:
    request = loan_service_pb2.GetFinancingStatusRequest(name=f"{firm}/financingStatus")
    found: loan_pb2.FinancingStatus = lending.GetFinancingStatus(request)
    return found


def firsts(lending: Any, firm: str) -> list[str]:
    request = loan_service_pb2.ListFirstLoanRecordsRequest(parent=firm)
    return [each.loan for each in lending.ListFirstLoanRecords(request).records]


def test_a_first_loan_is_found_and_moves_when_an_earlier_one_is(stub: Any, lending: Any, firm: str) -> None:
    """“这家有专利可质押、还没首贷吗？”"""
    """Use case 11: what is free to be pledged, and whether there has been a bank loan."""
    made = stub.CreateIpRight(right(firm))
    before = status(lending, firm)
    assert before.first_loan == First.FIRST_LOAN_UNKNOWN
    assert "未知" in before.first_loan_text.zh
    assert made.name in {each.name for each in before.free_rights}
    look = loan_pb2.CreditCheck(as_of_date=today(), consent_document="授权书", source="征信中心（演示）")
    request = loan_service_pb2.CreateCreditCheckRequest(
        parent=firm, credit_check=look, request_id=str(uuid4())
    )
    assert lending.CreateCreditCheck(request) == lending.CreateCreditCheck(request)
    candidate = status(lending, firm)
    assert candidate.first_loan == First.FIRST_LOAN_CANDIDATE
    assert "征信中心（演示）" in candidate.first_loan_text.zh
    assert len(candidate.suggestions) == 2
    drafted = stub.CreatePledge(pledge(firm, made.name))
    on_pledge = {"security": loan_pb2.Loan.SECURITY_IP_PLEDGE, "pledge": drafted.name}
    unregistered = refused(lending.CreateLoan, loan(firm, 2026, **on_pledge))
    assert unregistered.reason == "PLEDGE_NOT_LIVE"
    stub.RegisterPledge(move("Register", drafted))
    wanted = loan(firm, 2026, **on_pledge)
    later = lending.CreateLoan(wanted)
    assert lending.CreateLoan(wanted) == later
    assert later.first_loan
    earlier = lending.CreateLoan(loan(firm, 2024))
    listed = lending.ListLoans(loan_service_pb2.ListLoansRequest(parent=firm))
    assert [(each.name, each.first_loan) for each in listed.loans] == [
        (earlier.name, True),
        (later.name, False),
    ]
    assert firsts(lending, firm) == [later.name, earlier.name]
    look.earliest_loan_date.CopyFrom(Date(year=2021, month=1, day=1))
    lending.CreateCreditCheck(loan_service_pb2.CreateCreditCheckRequest(parent=firm, credit_check=look))
    assert firsts(lending, firm) == [later.name, earlier.name, ""]
    after = status(lending, firm)
    assert after.first_loan == First.FIRST_LOAN_HAD_LOAN
    assert made.name in {each.name for each in after.pledged_rights}
    assert [each.name for each in after.live_pledges] == [drafted.name]


def test_what_cannot_be_true_of_a_loan(lending: Any, firm: str) -> None:
    unnamed = loan(firm, 2025, security=loan_pb2.Loan.SECURITY_IP_PLEDGE)
    assert fields(refused(lending.CreateLoan, unnamed)) == ["loan.pledge"]
    strange = loan(firm, 2025, security=loan_pb2.Loan.SECURITY_IP_PLEDGE, pledge=f"{firm}/pledges/none")
    assert refused(lending.CreateLoan, strange).code == "NOT_FOUND"
    assert fields(refused(lending.CreateLoan, loan(firm, 2150))) == ["loan.disburse_date"]
    look = loan_pb2.CreditCheck(
        as_of_date=today(), source="征信中心", earliest_loan_date=Date(year=2150, month=1, day=1)
    )
    request = loan_service_pb2.CreateCreditCheckRequest(parent=firm, credit_check=look)
    assert refused(lending.CreateCreditCheck, request).code == "INVALID_ARGUMENT"
    odd = loan_service_pb2.GetFinancingStatusRequest(name=firm)
    assert refused(lending.GetFinancingStatus, odd).reason == "INVALID_NAME"
    listed = loan_service_pb2.ListLoansRequest(parent="firms/none")
    assert refused(lending.ListLoans, listed).code == "NOT_FOUND"
    records_of = loan_service_pb2.ListFirstLoanRecordsRequest(parent="firms/none")
    assert refused(lending.ListFirstLoanRecords, records_of).code == "NOT_FOUND"


def test_rights_and_loans_on_the_command_line(
    whole: Installation,
    stub: Any,
    firm: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    staff = Session(whole.settings, Output(Format.TABLE, "zh"), token=staff_token(whole))
    rights.add(
        staff, firm, "software", f"2026SR{uuid4().hex[:8]}", "控制软件", "2025-01-01", "2075-12-31", "证书"
    )
    made = stub.ListIpRights(wire.ListIpRightsRequest(parent=firm)).ip_rights[0]
    terms = ("某银行", "100万元", "2026-01-01", "2028-01-01", "合同", 1, "200万元", "某评估公司")
    rights.draft(staff, [made.name], *terms)
    drafted = stub.ListPledges(wire.ListPledgesRequest(parent=firm)).pledges[0]
    rights.move(staff, drafted.name, "register", "2026-01-10", "通知书", "Y2026000009")
    loan_terms = ("2026-01-20", "2027-01-20", "借款合同", "ip_pledge", drafted.name)
    loans.record(staff, firm, "某银行", "100万元", *loan_terms)
    loans.show(staff, firm)
    loans.check(staff, firm, "征信中心", "2026-01-01", "授权书", "")
    rights.show_rights(staff, firm)
    rights.show_pledges(staff, firm)
    staff.close()
    told = capsys.readouterr()
    assert "（首贷）" in told.err
    assert "已质押（第1顺位）" in told.out
    assert "已有银行贷款" in told.out
    with pytest.raises(InvalidArgument):
        rights.move(staff, drafted.name, "burn", "2026-01-10", "通知书", "")


def test_whose_a_right_is_stands_with_its_document(stub: Any, firm: str) -> None:
    made = stub.CreateIpRight(right(firm))
    assert made.ownership == records.IpRight.OWNERSHIP_UNSPECIFIED
    asked = wire.StateIpOwnershipRequest(
        name=made.name,
        etag=made.etag,
        ownership=records.IpRight.OWNERSHIP_DISPUTED,
        document="法院受理通知",
        request_id=str(uuid4()),
    )
    stated = stub.StateIpOwnership(asked)
    assert (stated.ownership, stated.ownership_document) == (asked.ownership, asked.document)
    assert stub.StateIpOwnership(asked) == stated
    assert stub.GetIpRight(wire.GetIpRightRequest(name=made.name)) == stated
    known = stub.CreateIpRight(
        right(firm, ownership=records.IpRight.OWNERSHIP_OWNED, ownership_document="权属证明")
    )
    assert known.ownership == records.IpRight.OWNERSHIP_OWNED


def test_a_statement_of_ownership_that_cannot_be_is_refused(stub: Any, firm: str) -> None:
    made = stub.CreateIpRight(right(firm))
    lapsed = stub.LapseIpRight(wire.LapseIpRightRequest(name=made.name, etag=made.etag, reason="未缴年费"))
    owned = records.IpRight.OWNERSHIP_OWNED
    other = stub.CreateIpRight(right(firm))
    for stated, code, reason in (
        ({"name": made.name, "etag": lapsed.etag, "document": "证"}, "FAILED_PRECONDITION", "RIGHT_LAPSED"),
        ({"name": other.name, "etag": made.etag + "0", "document": "证"}, "INVALID_ARGUMENT", None),
        ({"name": other.name, "etag": other.etag}, "INVALID_ARGUMENT", "REQUIRED"),
        ({"name": f"{firm}/ipRights/none", "etag": other.etag, "document": "证"}, "NOT_FOUND", None),
    ):
        failure = refused(stub.StateIpOwnership, wire.StateIpOwnershipRequest(ownership=owned, **stated))
        assert (failure.code, failure.reason) == (code, reason or failure.reason), stated
    bare = right(firm, ownership=owned)
    assert fields(refused(stub.CreateIpRight, bare)) == ["ip_right.ownership_document"]
