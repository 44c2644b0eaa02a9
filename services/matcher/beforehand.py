"""While a bulk load is read, people are opened one batch ahead, by a process on the second core.

What it has not done, or where there is none, the feed does when it comes to it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from google.protobuf.message import DecodeError

from bole.events.v1 import person_event_pb2
from services.chassis.log.log import Stored
from services.chassis.log.topics import KEYS, PERSONS
from services.chassis.process.beside import Beside
from services.chassis.process.collecting import collector_rests
from services.kernel.side_by_side import at_once
from services.matcher.events import Opened
from services.matcher.opening import Answer, Job, Opener, answered, over_there, texts_of
from services.matcher.service.ahead import Ahead

_SCHEMA = person_event_pb2.PersonState.DESCRIPTOR.full_name
Key = tuple[int, bytes | None]
"""Version and wrapped key, None for a destroyed one."""


class Sealed(NamedTuple):
    """The state of a person as it is on the log, and the key to it."""

    id: str
    state: bytes
    wrapped: bytes


class Hint(NamedTuple):
    """What a state says to whoever opens it by this key."""

    wrapped: bytes
    opened: Opened


class Beforehand:
    """Batches of people, each opened while the one before it is written. For the thread of the feed alone.

    What texts say is worked out there too, unless the feed had to wait for it: then it works on texts itself.
    """

    def __init__(self, opener: Opener, ahead: Ahead) -> None:
        self._opener, self._ahead = opener, ahead
        self._beside: Beside[Job, Answer] | None = None
        self._asked: Mapping[int, Sealed] = {}
        self._texts = True
        self._load: ExitStack | None = None

    @property
    def is_running(self) -> bool:
        """Whether a load is read."""
        return self._load is not None

    def start(self) -> None:
        """A load begins: start the process, where there is a core for it."""
        if self._load is None:
            self._load = ExitStack()
            self._load.enter_context(collector_rests())
        if self._beside is None and at_once() > 1:
            terms = self._opener.ring, self._opener.local_file
            self._beside = Beside(partial(answered, self._opener), over_there, terms, after=0)

    def is_ready(self) -> bool:
        """Whether it makes sense to ask."""
        return self._beside is not None and self._beside.is_ready()

    def ask(self, people: Mapping[int, Sealed]) -> None:
        """Have these opened, who are named by the offsets of their states."""
        if people and self._beside is not None:
            self._asked = people
            ids, states, wrapped = zip(*people.values(), strict=True)
            self._beside.submit(Job(ids, states, wrapped, self._texts))

    def take(self) -> Mapping[int, Hint]:
        """Who was asked for last and can be opened, by offset."""
        asked, self._asked = self._asked, {}
        if not asked or self._beside is None:
            return {}
        self._texts = self._beside.is_answered()
        while not self._beside.is_answered() and self._ahead.work():
            pass
        answer = self._beside.answer()
        if answer.said is not None:
            self._ahead.learn(texts_of(answer.items), answer.said)
        found = zip(asked.items(), answer.items, answer.names, answer.origins, strict=True)
        return {
            at: Hint(sealed.wrapped, Opened(item, name, origin))
            for (at, sealed), item, name, origin in found
            if name is not None
        }

    def close(self) -> None:
        """The load is over: end the process."""
        if self._beside is not None:
            self._beside.close()
            self._beside, self._asked = None, {}
        if self._load is not None:
            self._load.close()
            self._load = None


def sealed(
    before: Sequence[Stored],
    records: Sequence[Stored],
    stored: Callable[[Collection[str]], Mapping[str, Key]],
) -> Mapping[int, Sealed]:
    """The states of people among the records whose keys are there, or among those before, or `stored`; by offset."""
    people = [each for each in records if each.topic == PERSONS.name and each.value and _is_state(each)]
    wrapped = {
        each.key: _wrapped(each.value)
        for some in (before, records)
        for each in some
        if each.topic == KEYS.name
    }
    missing = [each.key for each in people if each.key not in wrapped]
    wrapped |= {id_: key for id_, (_, key) in stored(missing).items()}
    found = ((each, wrapped.get(each.key)) for each in people)
    return {each.offset: Sealed(each.key, each.value or b"", key) for each, key in found if key}


def _is_state(record: Stored) -> bool:
    return record.headers.get("ce_dataschema", _SCHEMA) == _SCHEMA


def _wrapped(value: bytes | None) -> bytes | None:
    try:
        return None if value is None else person_event_pb2.PersonKey.FromString(value).wrapped_key
    except DecodeError:
        return None
