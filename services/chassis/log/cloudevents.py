"""CloudEvents 1.0 in binary mode: the attributes as `ce_*` headers, the protobuf bytes as the value.

Source: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2; the extensions Partitioning, Sequence and
Distributed Tracing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from services.chassis.feed.received import Poison, Received
from services.chassis.log.log import Stored

CONTENT_TYPE = "application/protobuf"
_MAX_VERSION = 2**63 - 1
_MAX_HEADERS = 64
_MAX_HEADER_LENGTH = 4096
_REQUIRED = ("ce_id", "ce_source", "ce_type", "ce_time", "ce_sequence", "ce_partitionkey")
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class OutgoingEvent(NamedTuple):
    """An event about one entity: its full state as `payload`, or None when it was erased.

    `aggregatetype` and `aggregateid` name the entity (`person`, its bare id), `version` counts its changes
    from 1, `subject` is its resource name, `source` the service, `dataschema` the payload's protobuf name.
    """

    id: str
    topic: str
    aggregatetype: str
    aggregateid: str
    type: str
    source: str
    subject: str
    version: int
    time: datetime
    payload: bytes | None
    dataschema: str | None = None
    traceparent: str | None = None


def make_headers(event: OutgoingEvent) -> dict[str, str]:
    """The headers of `event`. A malformed trace context is left out: it must never stop an event."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": event.id,
        "ce_source": event.source,
        "ce_type": event.type,
        "ce_subject": event.subject,
        "ce_time": _instant(event.time),
        "ce_partitionkey": event.aggregateid,
        "ce_sequence": str(event.version),
    }
    if event.dataschema is not None:
        headers["ce_dataschema"] = event.dataschema
    if event.payload is not None:
        headers["content-type"] = CONTENT_TYPE
    if event.traceparent is not None and _TRACEPARENT.fullmatch(event.traceparent):
        headers["traceparent"] = event.traceparent
    return headers


@lru_cache(maxsize=16)
def _instant(time: datetime) -> str:
    """The same for all events of a transaction."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(stored: Stored) -> Received:
    """Read a record back. Raises Poison that names the first header which is missing or wrong."""
    headers = stored.headers
    _check_form(headers)
    if headers.get("ce_specversion") != "1.0":
        raise Poison(f"ce_specversion is {headers.get('ce_specversion')!r}, not '1.0'")
    if not all(map(headers.get, _REQUIRED)):
        missing = next(name for name in _REQUIRED if not headers.get(name))
        raise Poison(f"{missing} is missing")
    if headers["ce_partitionkey"] != stored.key:
        raise Poison("ce_partitionkey differs from the record's key")
    if stored.value is not None and headers.get("content-type") != CONTENT_TYPE:
        raise Poison(f"content-type is {headers.get('content-type')!r}, not {CONTENT_TYPE!r}")
    version, time = _version(headers["ce_sequence"]), _time(headers["ce_time"])
    return Received(
        stored.topic, stored.offset, stored.key, stored.value, headers["ce_type"], version, time, headers
    )


def _check_form(headers: Mapping[str, str]) -> None:
    if len(headers) > _MAX_HEADERS:
        raise Poison(f"{len(headers)} headers, more than {_MAX_HEADERS}")
    values = headers.values()
    together = "".join(values)
    if together.isprintable() and len(together) <= _MAX_HEADER_LENGTH:
        return
    for name, value in headers.items():
        if len(value) > _MAX_HEADER_LENGTH or not value.isprintable():
            raise Poison(f"header {name[:64]!r} is too long or not printable")


def _version(text: str) -> int:
    version = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0
    if not 1 <= version <= _MAX_VERSION:
        raise Poison(f"ce_sequence {text[:40]!r} is not a version from 1")
    return version


@lru_cache(maxsize=64)
def _time(text: str) -> datetime:
    """The same for all events of a transaction."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Poison(f"ce_time {text[:40]!r} is not an RFC 3339 time") from None
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise Poison(f"ce_time {text[:40]!r} has no zone")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise Poison(f"ce_time {text[:40]!r} is out of range") from None
