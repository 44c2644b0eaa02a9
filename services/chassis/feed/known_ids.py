"""Whether an event's id has come before with another content: ids of the last events of each topic, by the log itself.

An event that comes again is the same to the byte, whoever repeats it. One that has another's id and says something else
is a fault of who wrote it, and by its version alone it would be dropped in silence, or take effect.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping

from services.chassis.feed.received import Poison, Received
from services.chassis.log.cloudevents import parse
from services.chassis.log.log import Log

_KEPT = 20_000
_RECALLED = 2_000
"""Events of a topic: so many are remembered, and so many read again from the log after a start."""


class KnownIds:
    """What one feed remembers. Memory is bounded; nothing is stored."""

    def __init__(self, kept: int = _KEPT, recalled: int = _RECALLED) -> None:
        self._kept, self._recalled = kept, recalled
        self._known: dict[str, OrderedDict[bytes, bytes]] = {}
        self._seen: dict[str, int] = {}

    def recall(self, log: Log, positions: Mapping[str, int]) -> None:
        """Read what lies before these places and was not seen here: before a start, or handled elsewhere.

        Raises what the log raises.
        """
        for topic, at in positions.items():
            if self._seen.get(topic) == at:
                continue
            offset = max(self._seen.get(topic, 0), at - self._recalled, log.first(topic))
            while offset < at:
                records = log.read(topic, offset, at - offset)
                if not records:
                    break
                for record in records:
                    try:
                        self.require_own(parse(record))
                    except Poison:
                        continue  # set aside when its turn was
                offset = records[-1].offset + 1
            self._seen[topic] = at

    def require_own(self, event: Received) -> Received:
        """The event, and remember it. Raises Poison, with both digests, where its id came with another content."""
        known = self._known.setdefault(event.topic, OrderedDict())
        name, content = _name(event), _content(event)
        first = known.setdefault(name, content)
        if first != content:
            raise Poison(
                f"event id {event.headers['ce_id'][:64]} came before with another content: "
                f"sha256 {first.hex()} then, {content.hex()} now"
            )
        self._seen[event.topic] = event.offset + 1
        if len(known) > self._kept:
            known.popitem(last=False)
        return event


def _name(event: Received) -> bytes:
    """Ids are unique among the events of one source."""
    return hashlib.sha256(f"{event.headers['ce_source']}\n{event.headers['ce_id']}".encode()).digest()[:16]


def _content(event: Received) -> bytes:
    """SHA-256 over type, key, version and payload; a tombstone is not an empty payload."""
    said = hashlib.sha256(f"{event.type}\n{event.key}\n{event.version}\n{event.value is None}\n".encode())
    said.update(event.value or b"")
    return said.digest()
