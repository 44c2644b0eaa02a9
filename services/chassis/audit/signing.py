"""Signs the head of the audit while a service runs, and tells it on a topic of the log; reads the heads back."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from bole.events.v1.audit_head_pb2 import AuditHead as Wire
from services.chassis.audit.audit import AuditHead
from services.chassis.audit.heads import SignedHead, Signer
from services.chassis.house import House
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Log, Record, Stored
from services.chassis.outbox.journal import Topic
from services.chassis.process.background import Rounds
from services.chassis.rpc.wire import instant_from_wire, instant_to_wire

_BESIDE = "-beside"
_logger = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
EVERY_ENTRIES = 1_000
_LOOK_SECONDS = 5.0
_PAGE = 500


class Signing:
    """Signs every minute in which entries came, after every thousand of them, at the start and at the end.

    One of several replicas does: the one whose relay leads. A head that does not follow the one told before it, because
    the audit lost its end or the database was put back, takes nothing off the log: it is told beside that of its day.
    """

    def __init__(
        self, house: House, service: str, topic: Topic, signer: Signer, leads: Callable[[], bool]
    ) -> None:
        self._house, self._service, self._topic = house, service, topic
        self._signer, self._leads = signer, leads
        self._told: AuditHead | None = None
        self._told_at: datetime | None = None
        self._last: dict[str, AuditHead] | None = None

    @property
    def rounds(self) -> Rounds:
        """Looking every few seconds, and a last time at the end."""
        return Rounds(
            lambda _stop: self.sign(),
            "the head of the audit could not be told",
            _LOOK_SECONDS,
            _LOOK_SECONDS,
            ending=lambda: self.sign(at_once=True),
        )

    def sign(self, *, at_once: bool = False) -> SignedHead | None:
        """Sign and tell the head if it is new and due, or new and `at_once`. Raises what database and log raise."""
        with self._house.database.read() as session:
            head = self._house.audit.head(session)
        now = self._house.clock.now()
        if not head.sequence or head == self._told or not (at_once or self._is_due(head, now)):
            return None
        if not self._leads():
            return None
        signed = self._signer.sign(self._service, head, now)
        if self._last is None:
            found = _records(self._house.log, self._topic)
            self._last = {each.key: _read(each.value).head for each in found if each.value is not None}
        key = _day(signed)
        if (known := self._last.get(key)) is not None and not self._holds(known):
            _logger.critical("the audit does not hold entry %d as it was told", known.sequence)
            key += _BESIDE
        self._house.log.append([record_of(signed, self._topic, self._house.ids.new(), key)])
        self._told, self._told_at, self._last[key] = head, now, head
        return signed

    def _holds(self, told: AuditHead) -> bool:
        entries = self._house.tables.audit.entries
        with self._house.database.read() as session:
            found = session.scalar(select(entries.c.hash).where(entries.c.sequence == told.sequence))
        return found == told.hash

    def _is_due(self, head: AuditHead, now: datetime) -> bool:
        if self._told is None or self._told_at is None:
            return True
        passed = (now - self._told_at).total_seconds()
        return head.sequence - self._told.sequence >= EVERY_ENTRIES or not 0 <= passed < EVERY_SECONDS


def _day(signed: SignedHead) -> str:
    return signed.signed_at.astimezone(UTC).date().isoformat()


def record_of(signed: SignedHead, topic: Topic, id_: str, key: str = "") -> Record:
    """As it stands on the log: the last under a key, which is the day unless one is given, replaces those before it."""
    day = key or _day(signed)
    wire = Wire(
        service=signed.service,
        sequence=signed.head.sequence,
        hash=signed.head.hash,
        sign_time=instant_to_wire(signed.signed_at),
        key_id=signed.key_id,
        signature=signed.signature,
    )
    event = OutgoingEvent(
        id=id_,
        topic=topic.name,
        aggregatetype=topic.entity,
        aggregateid=day,
        type=f"bole.{topic.entity}.signed.v1",
        source=f"/bole/{signed.service}",
        subject=f"{topic.collection}/{day}",
        version=signed.head.sequence,
        time=signed.signed_at,
        payload=wire.SerializeToString(),
        dataschema=Wire.DESCRIPTOR.full_name,
    )
    return Record(topic.name, day, event.payload, make_headers(event))


def heads_on(reading: Log, topic: Topic) -> Iterator[SignedHead]:
    """All heads that the log still has, as they were told. Raises what the log raises, and DecodeError for a record
    that is no head.
    """
    return (_read(record.value) for record in _records(reading, topic) if record.value is not None)


def _records(reading: Log, topic: Topic) -> Iterator[Stored]:
    offset, end = 0, reading.end(topic.name)
    while offset < end and (records := reading.read(topic.name, offset, _PAGE)):
        yield from records
        offset = records[-1].offset + 1


def _read(value: bytes) -> SignedHead:
    wire = Wire.FromString(value)
    head = AuditHead(wire.sequence, wire.hash)
    return SignedHead(wire.service, head, instant_from_wire(wire.sign_time), wire.key_id, wire.signature)
