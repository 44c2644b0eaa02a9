"""What every question to the shortage map begins with: a day, and the map of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.period import window_start
from services.talent.domain.shortage.reasons.refusals import Refusals
from services.talent.domain.shortage.table import ShortageTable
from services.talent.rpc.reports.editions import edition_for
from services.talent.service.shortage.shortage import ShortageMap, synthetic
from services.talent.store import positions


@dataclass(frozen=True)
class Reading:
    """The map of one day, as the caller may see it, and whether sample data is in it. `recounted`: nothing was kept of
    the day, so that it is counted from today's records.
    """

    table: ShortageTable
    as_of: date
    origin: data_origin_pb2.DataOrigin
    recounted: bool = False


@dataclass(frozen=True)
class MapReader:
    """Reads the map for requests."""

    house: House
    map: ShortageMap

    def day(self, request: Any) -> date:
        """The request's `as_of_date`, or today. Raises InvalidArgument for a day to come."""
        today = civil_date(self.house.clock.now())
        as_of = date_from_wire(request.as_of_date) if request.HasField("as_of_date") else today
        if as_of > today:
            raise InvalidArgument.field(
                "as_of_date",
                "DATE_IN_FUTURE",
                "日期不能晚于今天；预测请用预测功能",
                "the date cannot be after today",
            )
        return as_of

    def read(self, request: Any, *, last_kept: bool = False) -> Reading:
        """The map of the day that the request asks for; `last_kept`: else of the last one before it that was kept.

        Raises FailedPrecondition (DAY_NOT_KEPT) if none was.
        """
        as_of = self.day(request)
        with self.house.database.read() as session:
            if last_kept and edition_for(current_call().clearance) is Edition.INTERNAL:
                as_of = self._last_kept(session, as_of)
            return self.within(session, as_of)

    def _last_kept(self, session: Session, as_of: date) -> date:
        found = self.map.last_held(session, as_of)
        if found is None:
            raise FailedPrecondition(
                Text(
                    f"{as_of} 及以前的图谱没有保存；不设 last_kept 则按现有记录重新统计",
                    f"no map of {as_of} or before was kept; without last_kept it is counted from today's records",
                ),
                reason="DAY_NOT_KEPT",
            )
        return found

    def refused(self, as_of: date) -> list[Refusals]:
        """Proposals refused for want of a skill, within the method's window before a day."""
        since = window_start(as_of, self.map.method.window_days)
        with self.house.database.read() as session:
            return positions.refusals(session, since, as_of)

    def within(self, session: Session, as_of: date) -> Reading:
        """The map of a day as the caller may see it, in a session that is open."""
        table = self._table(session, as_of)
        sample = synthetic(session)
        origin = data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL
        public = table.edition is Edition.PUBLIC
        recounted = not public and not self.map.holds(session, as_of)
        return Reading(table, table.cube.as_of if public else as_of, origin, recounted)

    def kept(self, session: Session, day: date) -> ShortageTable | None:
        """The map at the end of a past day as the caller may see it; None if it was not kept."""
        edition = edition_for(current_call().clearance)
        found = self.map.public(session, day) if edition is Edition.PUBLIC else self.map.kept(session, day)
        return None if found is None else found.for_edition(edition)

    def _table(self, session: Session, as_of: date) -> ShortageTable:
        """Outsiders read what was published, others what is counted. Raises FailedPrecondition for a day before the
        first public state.
        """
        if edition_for(current_call().clearance) is Edition.INTERNAL:
            return self.map.table(session, as_of)
        table = self.map.public(session, as_of)
        if table is None:
            raise _before_the_first(self.map.public_since(session), as_of)
        return table


def _before_the_first(first: date | None, as_of: date) -> FailedPrecondition:
    begun = first.isoformat() if first else ""
    return FailedPrecondition(
        Text(
            f"{as_of} 尚无公开版；公开版自 {begun} 起" if begun else "尚无公开版，请稍后重试",
            f"there is no public edition of {as_of}; it begins on {begun}"
            if begun
            else "there is no public edition yet; retry later",
        ),
        reason="NO_PUBLIC_EDITION",
        metadata={"first_date": begun},
    )
