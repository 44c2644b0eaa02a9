"""Telling partners' own topics: a loop of its own, in one process at a time.

How far a topic has been told is written after its records are durable. A process that dies in between leaves records
that are appended again, under the same ids and numbers, and none that is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.catalogue.succession import Shares
from services.chassis.fail_points import reach
from services.chassis.house import House
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Record, TopicPolicy
from services.chassis.process.background import Rounds, each_by_itself
from services.chassis.process.leadership import LeaderLock
from services.chassis.storage.news import News
from services.matcher.domain.partners.partner_topic import PartnerTopic
from services.matcher.domain.partners.subscription import Subscription, partners_subscription
from services.matcher.service.partners.partners import secret_of
from services.matcher.service.telling import event_to_wire, moment
from services.matcher.store import matches
from services.matcher.store.partners import partner_topics

_LOOK_SECONDS: Final = 0.2
_BACK_OFF_SECONDS: Final = (5.0, 5.0)
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class _Turn:
    """A topic as it was read, what its pseudonyms are made with, and the events that come next."""

    of: PartnerTopic
    secret: bytes
    rows: Sequence[Any]


class Telling:
    """The loop. `former`: what stands today for directions of earlier catalogues."""

    def __init__(self, house: House, lock: LeaderLock, former: Mapping[str, Shares]) -> None:
        self._house = house
        self._lock = lock
        self._everything: Subscription = partners_subscription((), "", (), (), former)
        self._news = News(house.database)
        self._known: set[str] = set()
        self._busy = False

    @property
    def rounds(self) -> Rounds:
        """Telling topics while no other process does."""
        return Rounds(
            lambda _stop: self._round(),
            "partners' topics could not be told",
            lambda: 0.0 if self._busy else _LOOK_SECONDS,
            again=_BACK_OFF_SECONDS,
            ending=self._lock.release,
        )

    def _round(self) -> None:
        leads = self._lock.held() or self._lock.acquire()
        try:
            self._busy = leads and self.step()
        except Exception:  # nothing was marked: what was appended is appended again
            self._known.clear()
            self._busy = True
            raise

    def step(self) -> bool:
        """Tell each topic that is behind the next events; whether there was one."""
        with self._news.since() as came:
            self._busy = (self._busy or came) and self._tell_each()
        return self._busy

    def _tell_each(self) -> bool:
        with self._house.database.read() as session:
            behind = partner_topics.behind(session, matches.mark(session).last)
        each_by_itself(self._take_turn, behind)
        return bool(behind)

    def _take_turn(self, partner_id: str) -> bool:
        turn = self._read(partner_id)
        if turn is not None:
            self._tell(turn)
        return turn is not None

    def _read(self, partner_id: str) -> _Turn | None:
        with self._house.database.read() as session:
            found = partner_topics.get(session, partner_id)
            if found is None:
                return None
            rows = matches.events_after(session, found.position, _PAGE)
            secret = secret_of(session, partner_id)
            session.expunge(found)
        return _Turn(found, secret, rows) if rows else None

    def _tell(self, turn: _Turn) -> None:
        wanted = [row for row in turn.rows if self._everything.wants(row)]
        if wanted:
            self._ensure(turn.of.topic)
            self._house.log.append(list(_records(turn, wanted)))
        reach("partner_topic.after_append_before_mark")
        with self._house.database.write() as session:
            fresh = partner_topics.get(session, turn.of.partner_id, lock=True)
            if fresh is not None and fresh.position == turn.of.position:
                fresh.position = turn.rows[-1].sequence
                fresh.sent = wanted[-1].sequence if wanted else fresh.sent

    def _ensure(self, topic: str) -> None:
        if topic not in self._known:
            self._house.log.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS})
            self._known.add(topic)


def _records(turn: _Turn, wanted: Sequence[Any]) -> Iterator[Record]:
    previous = turn.of.sent
    for row in wanted:
        event = event_to_wire(row, previous, turn.secret)
        out = OutgoingEvent(
            id=f"{turn.of.partner_id}-{row.sequence}-{moment(row)}",
            topic=turn.of.topic,
            aggregatetype="match",
            aggregateid=event.anchor or event.candidate,
            type=f"bole.match.{row.type.lower()}.v1",
            source="/bole/matcher",
            subject=f"matches/{row.sequence}",
            version=row.sequence,
            time=row.event_at,
            payload=event.SerializeToString(),
            dataschema=event.DESCRIPTOR.full_name,
        )
        yield Record(out.topic, out.aggregateid, out.payload, make_headers(out))
        previous = row.sequence
