"""Drafting, checking and signing reports; reading them; composing them again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.paper.document import Document
from services.talent.domain.disclosure.patterns import Pattern
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.content import Symbol
from services.talent.domain.release.lifecycle import Action, Life, Step
from services.talent.domain.release.snapshot import load
from services.talent.domain.report.composing import VERSION, VERSIONS, compose, content_digest
from services.talent.domain.report.facts import Correction, Facts, ReleaseFacts
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.printed import Printed
from services.talent.domain.report.report import REPORT, Report, require_place
from services.talent.domain.report.view import View
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.service.shortage.releases import Releases
from services.talent.service.shortage.reports.gathering import Gathering
from services.talent.store.shortage import releases as release_store
from services.talent.store.shortage import reports as store


class Asked(NamedTuple):
    """What a report is wanted of; `corrects`: id of the report that it corrects."""

    period: str
    edition: Edition
    corrects: str | None = None
    reason: str = ""


class Draft(NamedTuple):
    """A report that is composed and not yet kept."""

    report: Report
    facts: Facts
    document: Document
    asked: Asked


@dataclass(frozen=True)
class Reports:
    """The use cases of reports."""

    gathering: Gathering
    releases: Releases
    clock: Clock
    ids: Ids

    def draft(self, session: Session, asked: Asked, actor: str) -> Draft:
        """A report of what is known now: seconds of computing, nothing written.

        Raises InvalidArgument for the period and for what is corrected, FailedPrecondition (REPORT_PENDING,
        NO_SIGNED_RELEASE).
        """
        now = self.clock.now()
        period = ReportPeriod.parse(asked.period)
        period.require_ended(civil_date(now))
        known = store.of_edition(session, asked.edition)
        require_place(known, period.code, asked.corrects, asked.reason)
        correction = _correction(known, asked)
        facts = self.gathering.facts(session, period, asked.edition, now, correction)
        document = compose(view_of(session, facts))
        revision = 1 + sum(each.period == period.code for each in known)
        report = self._report(facts, document, revision, asked, Step(Action.DRAFT, actor, now))
        return Draft(report, facts, document, asked)

    def keep(self, session: Session, draft: Draft) -> Report:
        """Write a draft. Raises as `draft` where something came between, Aborted if another one came first."""
        known = store.of_edition(session, draft.report.edition)
        require_place(known, draft.report.period, draft.asked.corrects, draft.asked.reason)
        store.add(session, draft.report, draft.facts, draft.document)
        return draft.report

    def get(self, session: Session, id_: str, edition: Edition) -> Report:
        """A report that readers of `edition` may see. Raises NotFound."""
        found = store.by_ids(session, [id_])
        if not found or not visible(found[0], edition):
            raise NotFound.resource(f"reports/{id_}")
        return found[0]

    def step(self, session: Session, report: Report, action: Action, actor: str, remark: str) -> Report:
        """Take a step. Raises as `Life.take` does, and Aborted if somebody else took one first."""
        life = report.life.take(Step(action, actor, self.clock.now(), remark.strip()))
        taken = replace(report, life=life)
        store.EDITIONS.add_step(session, taken.id, taken.life)
        return taken

    def recomputed(self, session: Session, report: Report) -> tuple[str, bool]:
        """The digest that release and facts give now, and whether the release itself still comes out as it was signed.

        Raises FailedPrecondition (OTHER_COMPOSITION) for a report of a version that is not composed here.
        """
        version = report.composition_version
        if version not in VERSIONS:
            known = "、".join(VERSIONS)
            raise FailedPrecondition(
                Text(
                    f"该报告按 {version} 编制，本程序有 {known}，不能逐字重算；原文保存完好",
                    f"the report was composed by {version} and this program has {known}: it cannot be "
                    "composed again word for word; what was signed is kept",
                ),
                reason="OTHER_COMPOSITION",
                metadata={"version": report.composition_version},
            )
        facts = store.content(session, report.id).facts
        release = release_store.by_ids(session, [facts.release.id])[0]
        stands = self.releases.recomputed(session, release) == facts.release.sha256
        return content_digest(compose(view_of(session, facts), version), facts, version), stands

    def _report(self, facts: Facts, document: Document, revision: int, asked: Asked, first: Step) -> Report:
        return Report(
            id=self.ids.new(),
            period=facts.period,
            edition=facts.edition,
            revision=revision,
            as_of=facts.release.as_of,
            known_at=facts.known_at,
            release_id=facts.release.id,
            previous_release_id=facts.printed.id if facts.printed else None,
            corrects=asked.corrects,
            correction_reason=asked.reason,
            composition_version=VERSION,
            origin="SYNTHETIC" if facts.synthetic else "REAL",
            content_sha256=content_digest(document, facts),
            life=Life((first,), REPORT),
        )


def _correction(known: Sequence[Report], asked: Asked) -> Correction | None:
    if not asked.corrects:
        return None
    revision = next(each.revision for each in known if each.id == asked.corrects)
    return Correction(asked.corrects, asked.reason, revision)


def visible(report: Report, edition: Edition) -> bool:
    """Whether readers of `edition` may see it: outsiders see what is signed and public."""
    return edition is Edition.INTERNAL or (report.edition is Edition.PUBLIC and report.signed)


def view_of(session: Session, facts: Facts) -> View:
    """What the sections are written from: cells as they were released, and for the internal edition their table."""
    now = _printed(session, facts.release)
    return View(
        facts,
        now,
        _printed(session, facts.printed) if facts.printed else None,
        _printed(session, facts.revised) if facts.revised else None,
        _table(session, facts.release, now) if facts.edition is Edition.INTERNAL else None,
    )


def _printed(session: Session, release: ReleaseFacts) -> Printed:
    return Printed(tuple(release_store.rows(session, release.id)))


def _table(session: Session, release: ReleaseFacts, now: Printed) -> ShortageTable:
    """The table that a release was made of, hiding what the release hid and all that it did not print."""
    table = load(release_store.snapshot(session, release.id))[0]
    hidden = np.ones(table.cube.axes.shape, bool)
    for row in now.rows:
        hidden[table.at(Address(*row.key))] = row.symbol == Symbol.SUPPRESSED
    reach = table.patterns.reach(table.cube, table.edition)
    return table.with_pattern(Pattern(table.edition, hidden, reach))
