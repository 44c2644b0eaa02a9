import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.funding.v1 import (
    compliance_pb2,
    compliance_service_pb2_grpc,
    screening_pb2,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from bole.funding.v1 import compliance_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import compliance_proof
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.text import Language
from tests.contract.funding.test_deals import channel, deal  # noqa: F401 - fixtures
from tests.contract.installation import Installation, fields, refused, staff_token

WAIVED = screening_pb2.CheckResult.OUTCOME_WAIVED


def stub(of: grpc.Channel) -> Any:
    return compliance_service_pb2_grpc.ComplianceServiceStub(of)


@pytest.fixture
def secretary(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", Grant("committee_secretary"), subject="secretary") as opened:
        yield opened


def waiver(**more: Any) -> compliance_pb2.Waiver:
    until = civil_date(datetime.now(UTC)) + timedelta(days=30)
    given: dict[str, Any] = {
        "code": "VALUATION_TOO_HIGH",
        "document": "投委会纪要〔2026〕3号",
        "reason": "估值报告下月出具",
        "until_date": date_to_wire(until),
    }
    return compliance_pb2.Waiver(**(given | more))


def test_a_waiver_is_shown_on_every_later_screen_and_report(
    channel: grpc.Channel,  # noqa: F811
    secretary: grpc.Channel,
    deal: Any,  # noqa: F811
) -> None:
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    look = screening_service_pb2.ScreenDealRequest(name=deal.name)
    before = {each.code: each for each in screens.ScreenDeal(look).checks}
    code = next(each for each in before.values() if each.waivable and each.outcome in (2, 3)).code
    checked = wire.GrantWaiverRequest(parent=deal.name, waiver=waiver(code=code), validate_only=True)
    assert stub(secretary).GrantWaiver(checked).in_force
    assert not stub(channel).ListWaivers(wire.ListWaiversRequest(parent=deal.name)).waivers
    request = wire.GrantWaiverRequest(parent=deal.name, waiver=waiver(code=code), request_id=str(uuid4()))
    granted = stub(secretary).GrantWaiver(request)
    assert stub(secretary).GrantWaiver(request) == granted
    assert granted.grantor == "secretary"
    after = {each.code: each for each in screens.ScreenDeal(look).checks}
    assert after[code].outcome == WAIVED
    assert after[code].waiver_document == "投委会纪要〔2026〕3号"
    listed = stub(channel).ListWaivers(wire.ListWaiversRequest(parent=deal.name)).waivers
    assert [each.name for each in listed] == [f"{deal.name}/waivers/1"]
    report = stub(channel).CreateComplianceReport(wire.CreateComplianceReportRequest(parent=deal.name))
    assert {each.code: each.outcome for each in report.checks}[code] == WAIVED


def test_a_report_names_what_it_rests_on_and_can_be_made_again_bit_for_bit(
    channel: grpc.Channel,  # noqa: F811
    deal: Any,  # noqa: F811
) -> None:
    request = wire.CreateComplianceReportRequest(parent=deal.name, request_id=str(uuid4()))
    made = stub(channel).CreateComplianceReport(request)
    assert stub(channel).CreateComplianceReport(request) == made
    assert made.mandate_revision.startswith(f"{deal.fund}/mandates/")
    assert (made.deal_version, made.occasion) == (1, "REQUESTED")
    assert len(made.checks) == 34
    capital = next(each for each in made.checks if each.code == "INSUFFICIENT_FUND_CAPITAL")
    assert capital.observed_exact == "300000000 fen"
    assert list(capital.inputs) == ["deal.ticket", "fund.headroom"]
    assert capital.title.zh
    assert not capital.waivable
    assert stub(channel).GetComplianceReport(wire.GetComplianceReportRequest(name=made.name)) == made
    again = stub(channel).RecomputeComplianceReport(wire.RecomputeComplianceReportRequest(name=made.name))
    assert again.same
    assert again.sha256 == again.kept_sha256 == made.sha256
    assert again.rules_version == again.current_rules_version == made.rules_version > 0
    assert [*again.differing_codes, *again.changed_codes] == []
    stub(channel).CreateComplianceReport(wire.CreateComplianceReportRequest(parent=deal.name))
    listing = wire.ListComplianceReportsRequest(parent=deal.name, page_size=1)
    first = stub(channel).ListComplianceReports(listing)
    assert first.compliance_reports[0].name.endswith("/2")
    listing.page_token = first.next_page_token
    rest = stub(channel).ListComplianceReports(listing)
    assert list(rest.compliance_reports) == [made]
    assert not rest.next_page_token


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "LUCK"}, "waiver.code"),
        ({"code": "FIXED_RETURN_TERMS"}, "waiver.code"),
        ({"document": ""}, "waiver.document"),
        ({"reason": ""}, "waiver.reason"),
        (
            {"until_date": date_to_wire(civil_date(datetime.now(UTC)) - timedelta(days=1))},
            "waiver.until_date",
        ),
    ],
)
def test_waivers_that_cannot_be_are_refused_by_field(
    secretary: grpc.Channel,
    deal: Any,  # noqa: F811
    more: dict[str, Any],
    field: str,
) -> None:
    request = wire.GrantWaiverRequest(parent=deal.name, waiver=waiver(**more))
    failure = refused(stub(secretary).GrantWaiver, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_only_the_committee_waives_and_names_of_nothing_are_refused(
    channel: grpc.Channel,  # noqa: F811
    secretary: grpc.Channel,
    deal: Any,  # noqa: F811
) -> None:
    request = wire.GrantWaiverRequest(parent=deal.name, waiver=waiver())
    assert refused(stub(channel).GrantWaiver, request).code == "PERMISSION_DENIED"
    request.parent = "deals/none"
    assert refused(stub(secretary).GrantWaiver, request).code in ("NOT_FOUND", "PERMISSION_DENIED")
    for method, made in (
        ("ListWaivers", wire.ListWaiversRequest(parent="firms/x")),
        ("ListComplianceReports", wire.ListComplianceReportsRequest(parent="")),
        ("CreateComplianceReport", wire.CreateComplianceReportRequest(parent="deals/")),
        ("GetComplianceReport", wire.GetComplianceReportRequest(name=f"{deal.name}/complianceReports/x")),
        ("RecomputeComplianceReport", wire.RecomputeComplianceReportRequest(name=deal.name)),
    ):
        assert refused(getattr(stub(channel), method), made).code == "INVALID_ARGUMENT"
    gone = wire.GetComplianceReportRequest(name=f"{deal.name}/complianceReports/9")
    assert refused(stub(channel).GetComplianceReport, gone).code == "NOT_FOUND"


def forged(whole: Installation, of: str) -> None:
    """A further run of a deal, put into the database past the service: its results are not those of its inputs."""
    path = whole.settings.data_dir / "funding.db"
    with closing(sqlite3.connect(path, timeout=60)) as database, database:
        query = "SELECT * FROM compliance_report WHERE deal_id = ? AND number = 1"
        found = database.execute(query, [of.partition("/")[2]])
        row = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))
        row |= {"number": 77, "results": row["results"].replace('"UNKNOWN"', '"PASS"')}
        marks = ", ".join("?" * len(row))
        database.execute(
            f"INSERT INTO compliance_report ({', '.join(row)}) VALUES ({marks})", [*row.values()]
        )


def test_every_run_of_a_fund_is_made_again_and_a_forged_one_is_found(
    whole: Installation,
    channel: grpc.Channel,  # noqa: F811
    deal: Any,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    stub(channel).CreateComplianceReport(wire.CreateComplianceReportRequest(parent=deal.name))
    forged(whole, deal.name)
    with whole.channel("funding", Grant("auditor"), subject="auditor") as auditor:
        asked = wire.VerifyComplianceReportsRequest(parent=deal.fund, page_size=500)
        whole_answer = stub(auditor).VerifyComplianceReports(asked)
        found = {each.compliance_report: each for each in whole_answer.verdicts}
        true, false = (found[f"{deal.name}/complianceReports/{number}"] for number in (1, 77))
        assert (true.same, list(true.differing_codes), true.occasion) == (True, [], "REQUESTED")
        assert true.rules_version == whole_answer.current_rules_version
        assert not false.same
        assert false.differing_codes
        names: list[str] = []
        token = ""
        while not names or token:
            page = wire.VerifyComplianceReportsRequest(parent=deal.fund, page_size=1, page_token=token)
            part = stub(auditor).VerifyComplianceReports(page)
            names += [each.compliance_report for each in part.verdicts]
            token = part.next_page_token
        assert names == list(found)
        empty = wire.VerifyComplianceReportsRequest()
        assert fields(refused(stub(auditor).VerifyComplianceReports, empty)) == ["parent"]
        asked.page_size = -1
        assert fields(refused(stub(auditor).VerifyComplianceReports, asked)) == ["page_size"]
    asked.page_size = 0
    with whole.channel("funding", Grant("committee_member"), subject="member") as member:
        assert refused(stub(member).VerifyComplianceReports, asked).code == "PERMISSION_DENIED"
    languages: tuple[Language, Language] = ("zh", "en")
    for language, said in zip(languages, ("次不一致", "made again bit for bit"), strict=True):
        token = staff_token(whole, Grant("auditor"), subject="auditor")
        session = Session(whole.settings, Output(Format.TABLE, language), token=token)
        assert compliance_proof.verify(session, deal.fund) == 1
        session.close()
        printed = "".join(capsys.readouterr())
        assert said in printed
        assert false.kept_sha256[:12] in printed
