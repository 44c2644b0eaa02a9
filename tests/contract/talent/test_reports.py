"""ReportService: drafted of a signed release, checked and signed by three people, corrected, composed again, taken."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from io import BytesIO
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import text

from bole.talent.v1 import report_pb2, report_service_pb2_grpc, shortage_release_service_pb2_grpc
from bole.talent.v1 import report_service_pb2 as wire
from bole.talent.v1 import shortage_release_service_pb2 as release_wire
from services.chassis.identity.identity import Grant
from services.chassis.storage.db import open_engine
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.session import Session
from services.cli.talent import reports as commands
from services.paper.values import way
from tests.contract.installation import Installation, fields, refused, staff_token
from tests.contract.talent.test_releases import INTERNAL, PUBLIC, quarter

State = report_pb2.Report.State
BEFORE, NOW = quarter(12), quarter(11)
"""Quarters of which no other test releases anything."""
_ROLES = {
    "ann": "talent_officer",
    "bo": "talent_officer",
    "cai": "supervisor",
    "eve": "partner_scout",
    "aud": "auditor",
}


class People(NamedTuple):
    """Stubs by account."""

    reports: dict[str, Any]
    releases: dict[str, Any]

    def release(self, of: str, edition: Any) -> str:
        """The signed release of a quarter and edition; released unless it is."""
        condition = f'quarter = "{of}" AND edition = {"PUBLIC" if edition == PUBLIC else "INTERNAL"}'
        listed = release_wire.ListShortageReleasesRequest(filter=f"{condition} AND state = SIGNED")
        known = self.releases["bo"].ListShortageReleases(listed).releases
        if known:
            return str(known[0].name)
        made = self.releases["ann"].CreateShortageRelease(
            release_wire.CreateShortageReleaseRequest(quarter=of, edition=edition)
        )
        made = self.releases["bo"].CheckShortageRelease(
            release_wire.CheckShortageReleaseRequest(name=made.name, etag=made.etag)
        )
        self.releases["cai"].SignShortageRelease(
            release_wire.SignShortageReleaseRequest(name=made.name, etag=made.etag)
        )
        return str(made.name)

    def draft(self, of: str, edition: Any = INTERNAL, **further: Any) -> Any:
        """A draft; one that waits or is signed is turned down or corrected first."""
        listed = self.reports["bo"].ListReports(wire.ListReportsRequest(filter=f'period = "{of}"')).reports
        mine = [each for each in listed if each.edition == edition]
        for each in mine:
            if each.state in (State.STATE_DRAFT, State.STATE_CHECKED):
                self.reject(each)
        signed = [each for each in mine if each.state == State.STATE_SIGNED]
        if signed:
            further = {"corrects": signed[0].name, "correction_reason": "数据补录", **further}
        request = wire.CreateReportRequest(period=of, edition=edition, **further)
        return self.reports["ann"].CreateReport(request)

    def check(self, report: Any, who: str = "bo") -> Any:
        request = wire.CheckReportRequest(name=report.name, etag=report.etag, remark="已核")
        return self.reports[who].CheckReport(request)

    def sign(self, report: Any, who: str = "cai") -> Any:
        return self.reports[who].SignReport(wire.SignReportRequest(name=report.name, etag=report.etag))

    def reject(self, report: Any) -> Any:
        request = wire.RejectReportRequest(name=report.name, etag=report.etag, reason="重编")
        return self.reports["bo"].RejectReport(request)

    def get(self, name: str, who: str = "bo") -> Any:
        return self.reports[who].GetReport(wire.GetReportRequest(name=name))

    def file(self, name: str, form: Any, who: str = "bo", language: str = "") -> tuple[Any, bytes]:
        """What a file is said to be, and the file."""
        request = wire.DownloadReportRequest(name=name, format=form, language_code=language)
        first, *pieces = self.reports[who].DownloadReport(request)
        return first.file, b"".join(each.data for each in pieces)


@pytest.fixture
def people(whole: Installation) -> Iterator[People]:
    with ExitStack() as stack:
        opened = {
            name: stack.enter_context(whole.channel("talent", Grant(role), subject=name))
            for name, role in _ROLES.items()
        }
        made = People(
            {name: report_service_pb2_grpc.ReportServiceStub(each) for name, each in opened.items()},
            {
                name: shortage_release_service_pb2_grpc.ShortageReleaseServiceStub(each)
                for name, each in opened.items()
            },
        )
        made.release(BEFORE, INTERNAL)
        made.release(NOW, INTERNAL)
        yield made


def test_a_report_goes_through_three_hands_and_is_corrected_by_a_further_one(people: People) -> None:
    made = people.draft(NOW)
    assert (made.state, made.release) == (State.STATE_DRAFT, people.release(NOW, INTERNAL))
    assert made.previous_release == people.release(BEFORE, INTERNAL)
    assert len(made.highlights) == 5
    assert all(each.zh and each.en for each in made.highlights)
    options = {each.action: each for each in people.get(made.name, "ann").options}
    check, sign = (
        options[report_pb2.ReportStep.Action.Value(f"ACTION_{name}")] for name in ("CHECK", "SIGN")
    )
    assert "由他人核稿" in check.reason.zh
    assert sign.HasField("reason")
    assert not any(
        each.HasField("reason")
        for each in people.get(made.name).options
        if each.action == report_pb2.ReportStep.ACTION_CHECK
    )
    own = wire.CheckReportRequest(name=made.name, etag=made.etag)
    assert refused(people.reports["ann"].CheckReport, own).reason == "SAME_HAND"
    early = wire.SignReportRequest(name=made.name, etag=made.etag)
    assert refused(people.reports["cai"].SignReport, early).reason == "REPORT_STATE"
    stale = wire.SignReportRequest(name=made.name, etag='"v9"')
    assert refused(people.reports["cai"].SignReport, stale).code == "ABORTED"
    checked = people.check(made)
    assert refused(people.reports["bo"].SignReport, early).code == "PERMISSION_DENIED"
    done = people.sign(checked)
    assert [each.actor for each in done.steps] == ["ann", "bo", "cai"]
    assert (done.state, done.content_sha256) == (State.STATE_SIGNED, made.content_sha256)
    late = wire.RejectReportRequest(name=done.name, etag=done.etag, reason="晚了")
    assert refused(people.reports["bo"].RejectReport, late).reason == "REPORT_STATE"
    another = wire.CreateReportRequest(period=NOW, edition=INTERNAL)
    assert refused(people.reports["ann"].CreateReport, another).reason == "CORRECTS_ANOTHER"
    further = people.draft(NOW, corrects=done.name, correction_reason="两条岗位补录")
    assert (further.corrects, people.get(done.name).corrected_by) == (done.name, "")
    people.sign(people.check(further))
    assert people.get(done.name).corrected_by == further.name


def test_it_comes_out_the_same_when_composed_again(people: People) -> None:
    made = people.draft(NOW)
    for who in ("bo", "aud"):
        again = people.reports[who].RecomputeReport(wire.RecomputeReportRequest(name=made.name))
        assert again.holds
        assert again.recomputed_sha256 == again.content_sha256 == made.content_sha256
    nobody = wire.RecomputeReportRequest(name="reports/none")
    assert refused(people.reports["aud"].RecomputeReport, nobody).code == "NOT_FOUND"
    assert refused(people.reports["eve"].RecomputeReport, nobody).code == "PERMISSION_DENIED"


def test_outsiders_see_what_is_signed_and_public(people: People) -> None:
    people.release(NOW, PUBLIC)
    inner, outer = people.draft(NOW), people.draft(NOW, PUBLIC)
    for made in (inner, outer):
        ask = wire.GetReportRequest(name=made.name)
        assert refused(people.reports["eve"].GetReport, ask).code == "NOT_FOUND"
        take = wire.DownloadReportRequest(name=made.name, format=report_pb2.REPORT_FORMAT_HTML)
        assert (
            refused(lambda request: list(people.reports["eve"].DownloadReport(request)), take).code
            == "NOT_FOUND"
        )
    people.sign(people.check(outer))
    seen = people.get(outer.name, "eve")
    assert not seen.steps
    assert not seen.options
    assert seen.content_sha256 == outer.content_sha256
    listed = people.reports["eve"].ListReports(wire.ListReportsRequest()).reports
    assert outer.name in [each.name for each in listed]
    assert {each.edition for each in listed} == {PUBLIC}
    _, page = people.file(outer.name, report_pb2.REPORT_FORMAT_HTML, "eve")
    assert not [name for name in ("ann", "bo", "cai") if f"{name} ·".encode() in page]


def test_highlights_lead_to_their_tables_and_the_internal_edition_tells_what_stands_on_record(
    whole: Installation, people: People
) -> None:
    people.release(NOW, PUBLIC)
    inner, outer = people.draft(NOW), people.draft(NOW, PUBLIC)
    for made in (inner, outer):
        assert len(made.leads) == len(made.highlights) == 5
        for language in ("zh", "en"):
            page = people.file(made.name, report_pb2.REPORT_FORMAT_HTML, language=language)[1].decode()
            for lead in made.leads:
                title = getattr(lead.title, language)
                assert f'<a href="#{lead.anchor}">{way(title)}</a>' in page
                assert f'id="{lead.anchor}"' in page
    pages = [people.file(each.name, report_pb2.REPORT_FORMAT_HTML)[1].decode() for each in (inner, outer)]
    engine = open_engine(whole.settings.database_url("talent"))
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM person WHERE status = 'ACTIVE'"))
    engine.dispose()
    ages = pages[0].partition('id="record-ages"')[2].partition('id="open-doubles"')[0]
    assert f'<td class="number">{count:,}</td>' in ages
    for key in ("industry-activity", "a-year-on", "instruments", "city-growth", "goals-evidence"):
        assert (f'id="{key}"' in pages[0], f'id="{key}"' in pages[1]) == (True, key == "industry-activity")
    assert all('id="calendar"' in page for page in pages)


def test_the_calendar_says_what_is_due_next_and_outsiders_see_that_of_the_public_edition(
    whole: Installation, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    people.sign(people.check(people.draft(NOW)))
    people.release(NOW, PUBLIC)
    calendars = {}
    for who in ("bo", "eve", "aud"):
        found = people.reports[who].GetReportCalendar(wire.GetReportCalendarRequest())
        calendars[who] = found
        following = [each for each in found.dues if each.period == found.next_period]
        assert len(following) == 1
        assert following[0].title.zh
        assert not following[0].HasField("sign_date")
        days = [(each.due_date.year, each.due_date.month, each.due_date.day) for each in found.dues]
        assert days == sorted(days)
        assert len(days) >= 5
    assert (calendars["bo"].edition, calendars["eve"].edition) == (INTERNAL, PUBLIC)
    asked = people.reports["bo"].GetReportCalendar(wire.GetReportCalendarRequest(edition=PUBLIC))
    assert asked == calendars["eve"]
    with closing(Session(whole.settings, Output(Format.JSON, "zh"), token=staff_token(whole))) as session:
        commands.show_calendar(session, "public")
    rows = json.loads(capsys.readouterr().out)
    assert [each["period"] for each in rows] == [each.period for each in asked.dues]
    assert [each["period"] for each in rows if each["next"]] == [asked.next_period]
    inner = wire.GetReportCalendarRequest(edition=INTERNAL)
    assert refused(people.reports["eve"].GetReportCalendar, inner).reason == "EDITION_INTERNAL"
    unknown = wire.GetReportCalendarRequest(edition=9)  # type: ignore[arg-type]  # an edition that there is not
    wrong = refused(people.reports["bo"].GetReportCalendar, unknown)
    assert (wrong.code, "edition" in fields(wrong)) == ("INVALID_ARGUMENT", True)


def test_a_file_is_whole_and_its_taking_is_on_record(whole: Installation, people: People) -> None:
    made = people.draft(BEFORE)
    assert not made.previous_release
    begins = {
        report_pb2.REPORT_FORMAT_HTML: b"<!doctype html>",
        report_pb2.REPORT_FORMAT_DOCX: b"PK",
        report_pb2.REPORT_FORMAT_XLSX: b"PK",
        report_pb2.REPORT_FORMAT_PDF: b"%PDF-",
    }
    for form, start in begins.items():
        file, data = people.file(made.name, form)
        assert data.startswith(start)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size_bytes, file.sha256)
        assert file.filename.startswith(f"bole-report-{BEFORE}-internal-")
    assert "草稿" in people.file(made.name, report_pb2.REPORT_FORMAT_HTML)[1].decode()
    _, book = people.file(made.name, report_pb2.REPORT_FORMAT_XLSX, "aud", "en")
    assert "xl/workbook.xml" in zipfile.ZipFile(BytesIO(book)).namelist()
    engine = open_engine(whole.settings.database_url("talent"))
    taken = text("SELECT actor FROM audit_entry WHERE action = 'download' AND resource = :name")
    with engine.connect() as connection:
        assert set(connection.scalars(taken, {"name": made.name})) == {"bo", "aud"}
    engine.dispose()


def test_a_repeated_attempt_gets_the_first_answer_and_a_trial_keeps_nothing(people: People) -> None:
    people.reject(people.draft(BEFORE))
    trial = people.draft(BEFORE, validate_only=True)
    assert refused(people.reports["bo"].GetReport, wire.GetReportRequest(name=trial.name)).code == "NOT_FOUND"
    request = wire.CreateReportRequest(period=BEFORE, edition=INTERNAL, request_id=str(uuid4()))
    made = people.reports["ann"].CreateReport(request)
    waiting = wire.CreateReportRequest(period=BEFORE, edition=INTERNAL)
    assert refused(people.reports["ann"].CreateReport, waiting).reason == "REPORT_PENDING"
    step = wire.CheckReportRequest(name=made.name, etag=made.etag, request_id=str(uuid4()))
    assert people.reports["bo"].CheckReport(step) == people.reports["bo"].CheckReport(step)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"period": "2999Q1", "edition": INTERNAL}, "period"),
        ({"period": "2026Q7", "edition": INTERNAL}, "period"),
        ({"period": "", "edition": INTERNAL}, "period"),
        ({"period": "2001Q1"}, "edition"),
        ({"period": "2001Q1", "edition": INTERNAL, "corrects": "releases/1"}, "corrects"),
        ({"period": "2001Q1", "edition": INTERNAL, "corrects": "reports/1"}, "corrects"),
        ({"period": "2001Q1", "edition": INTERNAL, "correction_reason": "晚"}, "correction_reason"),
        ({"period": "2001Q1", "edition": INTERNAL, "request_id": "no uuid"}, "request_id"),
    ],
)
def test_a_wrong_draft_is_refused_by_field(people: People, given: dict[str, Any], field: str) -> None:
    failure = refused(people.reports["ann"].CreateReport, wire.CreateReportRequest(**given))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_wrong_names_forms_tokens_and_roles_are_refused(people: People) -> None:
    def take(request: Any) -> list[Any]:
        return list(people.reports["bo"].DownloadReport(request))

    none = "reports/none"
    for call, request, field in (
        (people.reports["bo"].GetReport, wire.GetReportRequest(name="shortageReleases/1"), "name"),
        (people.reports["bo"].ListReports, wire.ListReportsRequest(page_token="x"), "page_token"),
        (people.reports["bo"].ListReports, wire.ListReportsRequest(filter="colour = red"), "filter"),
        (people.reports["bo"].CheckReport, wire.CheckReportRequest(name=none), "etag"),
        (people.reports["bo"].RejectReport, wire.RejectReportRequest(name=none, etag='"v1"'), "reason"),
        (take, wire.DownloadReportRequest(name=none), "format"),
        (
            take,
            wire.DownloadReportRequest(name=none, format=report_pb2.REPORT_FORMAT_HTML, language_code="fr"),
            "language_code",
        ),
    ):
        failure = refused(call, request)
        assert failure.code == "INVALID_ARGUMENT"
        assert field in fields(failure), failure
    unsigned = wire.CreateReportRequest(period="2001Q1", edition=INTERNAL)
    assert refused(people.reports["ann"].CreateReport, unsigned).reason == "NO_SIGNED_RELEASE"
    assert refused(people.reports["cai"].CreateReport, unsigned).code == "PERMISSION_DENIED"
