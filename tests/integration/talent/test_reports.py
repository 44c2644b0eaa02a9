"""Reports on both engines: composed of signed releases, kept whole, and changed by nobody."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from services.catalogue import load
from services.chassis.outbox.journal import Journal
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.kernel.errors import Aborted, FailedPrecondition, NotFound
from services.kernel.ids import TimeOrderedIds
from services.talent.app import BLUEPRINT
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action
from services.talent.domain.report.report import Report
from services.talent.domain.report.returns import Return, Source
from services.talent.domain.shortage.method import Method
from services.talent.service.people.assertions import Assertions
from services.talent.service.people.evidence import EvidenceRegister
from services.talent.service.shortage.analysis import Analysis
from services.talent.service.shortage.counting import start_counting
from services.talent.service.shortage.releases import Releases
from services.talent.service.shortage.reports.gathering import Gathering
from services.talent.service.shortage.reports.inner import InnerFacts
from services.talent.service.shortage.reports.registered import RegisteredFacts
from services.talent.service.shortage.reports.reports import Asked, Reports
from services.talent.service.shortage.reports.targets import TargetFacts
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.store.mapping import map_aggregates
from services.talent.store.schema import shared
from services.talent.store.shortage import reports as store
from services.talent.store.shortage import returns
from tests.integration.talent.installed import KEYS
from tests.integration.templates import Templates


@dataclass(frozen=True)
class House:
    """Reports and releases of one database."""

    database: Database
    releases: Releases
    reports: Reports

    def release(self, quarter: str, edition: Edition = Edition.INTERNAL) -> str:
        with self.database.read() as session:
            draft = self.releases.draft(session, quarter, edition, "ann")
        with self.database.write() as session:
            made = self.releases.keep(session, draft)
            made = self.releases.step(session, made, Action.CHECK, "bo", "")
            return self.releases.step(session, made, Action.SIGN, "cai", "").id

    def draft(self, *asked: str, edition: Edition = Edition.INTERNAL) -> Report:
        period, *further = asked
        with self.database.read() as session:
            draft = self.reports.draft(session, Asked(period, edition, *further), "ann")
        with self.database.write() as session:
            return self.reports.keep(session, draft)

    def sign(self, report: Report) -> Report:
        with self.database.write() as session:
            checked = self.reports.step(session, report, Action.CHECK, "bo", "")
            return self.reports.step(session, checked, Action.SIGN, "cai", "")


@pytest.fixture
def house(database: Database, templates: Templates) -> House:
    map_aggregates()
    templates.fill(database, BLUEPRINT)
    catalogue, clock = load(), ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
    axes = Axes.of_catalogue(catalogue)
    counter, ticker = start_counting(database, axes, Method(), catalogue.version, clock)
    ticker.turn()
    ids = TimeOrderedIds(clock)
    journal = Journal(shared.history, shared.outbox, "/bole/talent", ids, clock)
    shortage = ShortageMap(counter)
    releases = Releases(shortage, catalogue, journal, clock, ids)
    register = EvidenceRegister(catalogue, clock, ids)
    assertions = Assertions(KEYS, clock, former={})
    analysis = Analysis(shortage, clock, ids)
    inner = InnerFacts(catalogue, shortage, analysis, assertions, RegisteredFacts(register))
    gathering = Gathering(catalogue, TargetFacts(register), inner)
    return House(database, releases, Reports(gathering, releases, clock, ids))


def test_a_report_is_kept_as_composed_and_changed_by_nobody(house: House) -> None:
    with pytest.raises(FailedPrecondition) as caught:
        house.draft("2026Q2")
    assert caught.value.reason == "NO_SIGNED_RELEASE"
    release = house.release("2026Q2")
    with house.database.read() as session:
        beside = house.reports.draft(session, Asked("2026Q2", Edition.INTERNAL), "ann")
    made = house.draft("2026Q2")
    assert (made.release_id, made.previous_release_id, made.revision) == (release, None, 1)
    with house.database.read() as session:
        found = house.reports.get(session, made.id, Edition.INTERNAL)
        assert found == made
        assert house.reports.recomputed(session, found) == (made.content_sha256, True)
        content = store.content(session, made.id)
        assert (content.facts.period, content.document.subtitle.zh) == ("2026Q2", "2026 年第二季度 · 内部版")
        with pytest.raises(NotFound):
            house.reports.get(session, made.id, Edition.PUBLIC)
        with pytest.raises(FailedPrecondition) as other:
            house.reports.recomputed(session, replace(found, composition_version="report-0"))
        assert other.value.reason == "OTHER_COMPOSITION"
    with pytest.raises(FailedPrecondition), house.database.write() as session:
        house.reports.keep(session, beside)
    with pytest.raises(Aborted), house.database.write() as session:
        store.add(session, beside.report, *content)
    with house.database.write() as session:
        house.reports.step(session, made, Action.CHECK, "bo", "")
    with pytest.raises(Aborted), house.database.write() as session:
        house.reports.step(session, made, Action.CHECK, "cai", "")
    for table, column in (("report", "origin"), ("report_content", "report_id"), ("report_step", "actor")):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 'x'"):
            with pytest.raises(DBAPIError, match="append-only"), house.database.write() as session:
                session.connection().exec_driver_sql(change)


def test_a_public_report_prints_a_quarter_again_as_one_before_did_until_enough_differ(house: House) -> None:
    def told(report: Report) -> list[tuple[tuple[str, str, int], ...]]:
        with house.database.read() as session:
            found = store.content(session, report.id).facts.returns
        return [each.figures for each in found.told if each.source is Source.FUNDING] if found else []

    def approve(version: int, count: int) -> None:
        figures = (("approved", "", count), ("approved_firms", "", count))
        at = datetime(2025, 1, 2, tzinfo=UTC)
        with house.database.write() as session:
            returns.put(session, Return(Source.FUNDING, "2024Q4", version, "m", at, False, figures))

    approve(1, 12)
    house.release("2024Q4", Edition.PUBLIC)
    first = house.sign(house.draft("2024Q4", edition=Edition.PUBLIC))
    approve(2, 14)
    second = house.sign(house.draft("2024Q4", first.id, "补录", edition=Edition.PUBLIC))
    year = house.draft("2024", edition=Edition.PUBLIC)
    assert told(first) == told(second) == told(year) == [(("approved", "", 10),)]
    approve(3, 30)
    third = house.draft("2024Q4", second.id, "补录", edition=Edition.PUBLIC)
    assert told(third) == [(("approved", "", 30),)]
    with house.database.read() as session:
        assert house.reports.recomputed(session, third) == (third.content_sha256, True)


def test_what_is_revised_or_corrected_is_told_apart_from_what_changed(house: House) -> None:
    """A year compares with the year before: as its report printed it, and as it was revised since."""
    first = house.release("2024Q4")
    before = house.sign(house.draft("2024"))
    revised, release = house.release("2024Q4"), house.release("2025Q4")
    made = house.draft("2025")
    further = house.sign(house.draft("2024", before.id, "补录"))
    assert (further.corrects, further.revision, further.release_id) == (before.id, 2, revised)
    with house.database.read() as session:
        facts = store.content(session, made.id).facts
        assert store.corrected_by(session, [before.id, further.id]) == {before.id: further.id}
    assert (facts.printed and facts.printed.id, facts.revised and facts.revised.id) == (first, revised)
    assert (facts.previous_report, facts.release.id) == (before.name, release)
    assert [(each.quarter, each.before, each.after) for each in facts.revisions] == [("2024Q4", 1, 2)]
    assert [each.quarter for each in facts.trend] == ["2024Q4", "2025Q4"]
