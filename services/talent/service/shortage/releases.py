"""Drafting, checking and signing releases; reading them; comparing them with others and with today."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.log.topics import RELEASES
from services.chassis.outbox.journal import Change, Journal
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.disclosure.steps import Shown
from services.talent.domain.release import content, hiding
from services.talent.domain.release.comparison import Difference, differences
from services.talent.domain.release.lifecycle import Action, Life, Release, ReleaseState, Step, quarter_end
from services.talent.domain.release.snapshot import dump
from services.talent.domain.shortage.table import ShortageTable
from services.talent.events import release_event
from services.talent.service.shortage.counting.publishing import shown_then
from services.talent.service.shortage.counting.released import released
from services.talent.service.shortage.shortage import ShortageMap, synthetic
from services.talent.store.counts import published
from services.talent.store.shortage import releases as store

_PENDING = (ReleaseState.DRAFT, ReleaseState.CHECKED)


class Draft(NamedTuple):
    """A release that is computed and not yet kept."""

    release: Release
    rows: list[content.Row]
    snapshot: bytes


@dataclass(frozen=True)
class Releases:
    """The use cases of releases."""

    map: ShortageMap
    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids

    def draft(self, session: Session, quarter: str, edition: Edition, actor: str) -> Draft:
        """A release of a quarter from what is known now: seconds of computing, nothing written.

        Raises InvalidArgument for the quarter, FailedPrecondition (RELEASE_PENDING).
        """
        now = self.clock.now()
        as_of = quarter_end(quarter, civil_date(now))
        known = store.of_edition(session, edition)
        require_none_pending(known, quarter)
        last = _before(known, quarter)
        axes = self.map.axes
        before = (
            hiding.hidden_by(store.rows(session, last.id), axes)
            if last
            else np.zeros(axes.shape, bool).ravel()
        )
        states = self._states(session, as_of) if edition is Edition.PUBLIC else []
        safe = hiding.safe(self.map.as_known_now(session, as_of).for_edition(edition), before)
        table = hiding.beside(safe, states)
        rows = content.rows(table)
        release = Release(
            id=self.ids.new(),
            quarter=quarter,
            edition=edition,
            revision=1 + sum(each.quarter == quarter for each in known),
            as_of=as_of,
            known_at=now,
            method_version=table.method.version,
            disclosure_version=table.patterns.rules.version,
            catalogue_version=self.catalogue.version,
            note=table.note,
            origin="SYNTHETIC" if synthetic(session) else "REAL",
            cells=len(rows),
            hidden=sum(row.symbol == content.Symbol.SUPPRESSED for row in rows),
            beside=last.id if last else None,
            content_sha256=content.digest(
                _header(quarter, edition, now, table, self.catalogue.version), rows
            ),
            life=Life((Step(Action.DRAFT, actor, now),)),
        )
        return Draft(release, rows, dump(table, before, states))

    def keep(self, session: Session, draft: Draft) -> Release:
        """Write a draft. Raises FailedPrecondition (RELEASE_PENDING), Aborted if another one came first."""
        require_none_pending(store.of_edition(session, draft.release.edition), draft.release.quarter)
        store.add(session, draft.release, draft.rows, draft.snapshot)
        return draft.release

    def get(self, session: Session, id_: str, edition: Edition) -> Release:
        """A release that readers of `edition` may see. Raises NotFound."""
        found = store.by_ids(session, [id_])
        if not found or not visible(found[0], edition):
            raise NotFound.resource(f"shortageReleases/{id_}")
        return found[0]

    def step(self, session: Session, release: Release, action: Action, actor: str, remark: str) -> Release:
        """Take a step, and tell of the release once it is signed.

        Raises as `Life.take` does, and Aborted if somebody else took one first.
        """
        life = release.life.take(Step(action, actor, self.clock.now(), remark.strip()))
        taken = replace(release, life=life)
        store.EDITIONS.add_step(session, taken.id, taken.life)
        if life.state is ReleaseState.SIGNED:
            self.journal.record(
                session, [Change(RELEASES, taken.id, life.version, release_event(taken), actor)]
            )
        return taken

    def compare(
        self, session: Session, release: Release, other: Release | None
    ) -> tuple[list[Difference], int]:
        """The cells that differ, and how many are equal; without `other`, from what is known today.

        Raises InvalidArgument (OTHER_EDITION) for releases of two editions.
        """
        before = store.rows(session, release.id)
        after = self._today(session, release, before) if other is None else store.rows(session, other.id)
        if other is not None and other.edition is not release.edition:
            raise InvalidArgument.field(
                "other",
                "OTHER_EDITION",
                "内部版与公开版不能相互比较",
                "an internal and a public edition are not compared with each other",
            )
        found = differences(before, after)
        return found, len({row.key for row in before} | {row.key for row in after}) - len(found)

    def recomputed(self, session: Session, release: Release) -> str:
        """The digest that the stored snapshot gives now."""
        again = released(store.snapshot(session, release.id))
        head = _header(release.quarter, release.edition, release.known_at, again, release.catalogue_version)
        return content.digest(head, content.rows(again))

    def _states(self, session: Session, as_of: date) -> list[Shown]:
        """The states of the public edition that tell most of the same counts, and the newest one."""
        frame = self.map.frame(session)
        known = published.around(session, as_of)
        found = (shown_then(session, frame, each, self.map.counter.live.closed) for each in known)
        return [each for each in found if each is not None]

    def _today(self, session: Session, release: Release, before: list[content.Row]) -> list[content.Row]:
        table = self.map.as_known_now(session, release.as_of).for_edition(release.edition)
        return content.rows(hiding.safe(table, hiding.hidden_by(before, table.cube.axes)))


def visible(release: Release, edition: Edition) -> bool:
    """Whether readers of `edition` may see it: outsiders see what is signed and public."""
    public = release.edition is Edition.PUBLIC and release.life.state is ReleaseState.SIGNED
    return edition is Edition.INTERNAL or public


def require_none_pending(known: list[Release], quarter: str) -> None:
    """Raise FailedPrecondition (RELEASE_PENDING) while a release of the quarter waits for a decision."""
    waiting = [each for each in known if each.quarter == quarter and each.life.state in _PENDING]
    if waiting:
        name = f"shortageReleases/{waiting[0].id}"
        raise FailedPrecondition(
            Text(
                f"{quarter} 已有一份发布（{name}）待签发或退回，请先处理",
                f"a release of {quarter} ({name}) waits to be signed or turned down; decide on it first",
            ),
            reason="RELEASE_PENDING",
            metadata={"resource": name},
        )


def _before(known: list[Release], quarter: str) -> Release | None:
    """The release that this one will stand beside: the latest of the quarter, else of the quarter before it."""
    standing = [each for each in known if each.life.state is not ReleaseState.REJECTED]
    return next((each for each in standing if each.quarter <= quarter), None)


def _header(
    quarter: str, edition: Edition, known_at: datetime, table: ShortageTable, catalogue_version: str
) -> dict[str, str]:
    as_of = table.cube.as_of
    return content.header(quarter, edition, as_of, known_at.isoformat(), table, catalogue_version)
