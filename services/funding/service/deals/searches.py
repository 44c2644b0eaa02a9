"""Saved searches: kept by their owners, looked at whenever something was committed, and told of by alerts."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from bole.events.v1 import screening_alert_event_pb2
from services.catalogue import Catalogue
from services.chassis.filtering import parse
from services.chassis.log.topics import ALERTS
from services.chassis.outbox.journal import Change, Journal
from services.chassis.process.background import Rounds, each_by_itself
from services.chassis.rpc.wire import date_to_wire
from services.chassis.storage.db import Database
from services.funding.domain.fund.fund import Fund
from services.funding.domain.pipeline.stage_times import Sla
from services.funding.domain.screening.saved_search import (
    MOST_SEARCHES,
    Alert,
    Found,
    SavedSearch,
    Seen,
    changes,
    examine_search,
)
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.interests import all_but, clear_for, recusals_of
from services.funding.service.deals.screening.asking import Question, Screens
from services.funding.store.deals import searches
from services.funding.store.deals.screening import Matched
from services.funding.store.deals.screening import schema as fields
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import NotFound, ResourceExhausted
from services.kernel.ids import Ids
from services.kernel.text import Text

ACTOR = "bole/searches"
_LOOK_SECONDS = 15.0
_REST_SECONDS = 2.0


@dataclass(frozen=True)
class Searches:
    """The use cases of their owners."""

    journal: Journal
    clock: Clock

    def create(self, session: Session, search: SavedSearch) -> SavedSearch:
        """Keep a search. Raises InvalidArgument, NotFound for the fund or revision, ResourceExhausted over 100."""
        examine_search(search)
        fund_with_mandate(session, search.fund_id, revision=search.pinned_revision)
        if searches.count_of(session, search.owner) >= MOST_SEARCHES:
            raise ResourceExhausted(
                Text(
                    f"已保存 {MOST_SEARCHES} 个筛选，请先删除不再需要的",
                    f"there are {MOST_SEARCHES} saved searches already; delete some first",
                ),
                reason="TOO_MANY_SEARCHES",
            )
        searches.save(session, search)
        return search

    def delete(self, session: Session, owner: str, id_: str) -> None:
        """Give a search up with its alerts. Raises NotFound, also for somebody else's."""
        if searches.one(session, id_, owner, lock=True) is None:
            raise NotFound.resource(f"savedSearches/{id_}")
        gone = searches.remove(session, id_)
        told = [Change(ALERTS, each.id, _version(each) + 1, None, owner) for each in gone]
        self.journal.record(session, told)

    def acknowledge(self, session: Session, owner: str, id_: str) -> Alert:
        """Take note of an alert. Raises NotFound, also for somebody else's."""
        alert = searches.alert(session, id_, owner)
        if alert is None:
            raise NotFound.resource(f"screeningAlerts/{id_}")
        if alert.acked_at is not None:
            return alert
        at = self.clock.now()
        noted = replace(alert, acked_at=at)
        searches.acknowledge(session, id_, at)
        self.journal.record(session, [_change(noted)])
        return noted


@dataclass(frozen=True)
class Look:
    """What a search finds at one moment, and what its fund has free then."""

    found: Mapping[str, Seen]
    free_fen: int


@dataclass(frozen=True)
class Watcher:
    """Looks at all searches of one database. Any number of processes may: a search is looked at under its lock."""

    database: Database
    screens: Screens
    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids
    _woken: threading.Event = field(default_factory=threading.Event)

    def rounds(self) -> Rounds:
        """Looking after commits, and from time to time because time itself makes deals late."""
        self.database.on_commit(self._woken.set)
        return Rounds(
            lambda stop: stop.wait(_REST_SECONDS) or self.look(),
            "saved searches could not be looked at",
            _LOOK_SECONDS,
            wake=self._woken,
        )

    def first_look(self, session: Session, search: SavedSearch) -> Look:
        """What a new search finds. It takes as long as the fund is large: read it before anything is written.

        Raises InvalidArgument, NotFound for the fund or revision.
        """
        examine_search(search)
        fund_with_mandate(session, search.fund_id, revision=search.pinned_revision)
        _, now, free = self._seen(session, search)
        return Look(now, free)

    def begin(self, session: Session, search: SavedSearch, first: Look) -> SavedSearch:
        """Put down what a new search found: later changes are told against it, and at once that less is free than is
        watched.
        """
        begun = replace(search, looked=True, headroom_fen=first.free_fen, deal_count=len(first.found))
        searches.keep(session, begun, {}, first.found)
        self._tell(session, search, changes(search, {}, first.found, first.free_fen))
        return begun

    def look(self) -> int:
        """Look at every search; how many alerts that made. Raises, after the last one, what was raised for any."""
        with self.database.read() as session:
            ids = searches.everybodys(session)
        return each_by_itself(self._look, ids)

    def _look(self, id_: str) -> int:
        """Screening takes as long as the fund is large: it is done in reading, and what it found is told unless
        somebody else has looked meanwhile.
        """
        with self.database.read() as session:
            search = searches.one(session, id_)
            if search is None:
                return 0
            before, now, free = self._seen(session, search)
            if search.looked and before == now and search.headroom_fen == free:
                return 0
        with self.database.write() as session:
            if searches.one(session, id_, lock=True) != search or searches.matches(session, id_) != before:
                return 0
            told = self._tell(session, search, changes(search, before, now, free))
            searches.keep(session, replace(search, headroom_fen=free), before, now)
        return told

    def _tell(self, session: Session, search: SavedSearch, found: Iterable[Found]) -> int:
        """Alert the owner of each change, once a day; how many alerts that made."""
        alerts = (self._alert(search, each) for each in found)
        told = [each for each in alerts if searches.tell(session, each)]
        self.journal.record(session, [_change(each) for each in told])
        return len(told)

    def _seen(self, session: Session, search: SavedSearch) -> tuple[dict[str, Seen], dict[str, Seen], int]:
        """What was found, what is found now, and what the fund has free."""
        fund = session.get_one(Fund, search.fund_id, populate_existing=True)
        question = Question(
            fund_id=fund.id,
            expression=parse(search.filter, fields(self.catalogue)),
            revision=search.pinned_revision,
            only=self._only(session, search),
            at=self.clock.now(),
        )
        found = self.screens.found(session, question, civil_date(self.clock.now()))
        seen = {each.deal_id: _seen(search, each) for each in found}
        return searches.matches(session, search.id), seen, fund.headroom_fen

    def _only(self, session: Session, search: SavedSearch) -> frozenset[str] | None:
        """What the owner may see: all of the fund as its staff, else the deals without an interest of theirs."""
        if not search.whole_fund:
            return clear_for(session, search.owner, search.fund_id)
        return all_but(session, search.fund_id, recusals_of(session, search.owner))

    def _alert(self, search: SavedSearch, found: Found) -> Alert:
        at = self.clock.now()
        return Alert(
            id=self.ids.new(),
            search_id=search.id,
            owner=search.owner,
            kind=found.kind,
            deal_id=found.deal_id,
            day=civil_date(at),
            before=found.before,
            after=found.after,
            at=at,
        )


def _seen(search: SavedSearch, found: Matched) -> Seen:
    return Seen(
        score=found.scores[search.crossing_score] if search.crossing_score else None,
        gates="/".join(found.gates),
        overdue=found.sla is Sla.OVER,
    )


def _version(alert: Alert) -> int:
    return 1 if alert.acked_at is None else 2


def _change(alert: Alert) -> Change:
    state = screening_alert_event_pb2.ScreeningAlertState(
        id=alert.id,
        version=_version(alert),
        search_id=alert.search_id,
        deal_id=alert.deal_id,
        kind=alert.kind.name,
        day_date=date_to_wire(alert.day),
        owner=alert.owner,
    )
    return Change(ALERTS, alert.id, _version(alert), state, ACTOR)
