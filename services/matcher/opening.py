"""What personal fields hold is unsealed here and nowhere else: the state of a person becomes what is judged of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from google.protobuf.message import DecodeError

from bole.events.v1 import person_event_pb2
from services.catalogue import Catalogue, load
from services.catalogue.succession import Shares, renewed
from services.chassis.sealing import KeyRing, SealBroken, open_sealed
from services.kernel.errors import InvalidArgument
from services.kernel.side_by_side import one_by_one
from services.matcher import events
from services.matcher.corpus.said import Said, said
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item

SEALED_SCHEMA = person_event_pb2.SealedPerson.DESCRIPTOR.full_name
_CLOSED = None, None, ""
UNUSABLE = (DecodeError, KeyError, ValueError, SealBroken)
"""What states that are not what they promise raise, beside InvalidArgument for a code that nobody knows."""


class Job(NamedTuple):
    """States of people to be opened: fields of many, each for itself: so they are handed over at the least cost."""

    ids: Sequence[str]
    states: Sequence[bytes]
    wrapped: Sequence[bytes]
    texts: bool


class Answer(NamedTuple):
    """The fields of what was opened, no name for what cannot be; what the texts say, where that was asked for."""

    items: Sequence[Item | None]
    names: Sequence[str | None]
    origins: Sequence[str]
    said: Said | None


class Opener:
    """Opens people by their keys, and puts items in today's codes. `former`: what stands today for directions of
    earlier catalogues, under which events may still be on the way.
    """

    def __init__(self, ring: KeyRing, catalogue: Catalogue) -> None:
        self.ring, self.local_file = ring, catalogue.local_file
        self.codes: Codes = codes_of(catalogue)
        self._former: Mapping[str, Shares] = catalogue.succession.former

    def opened(self, state: person_event_pb2.PersonState, wrapped: bytes) -> events.Opened:
        """What a state says, in today's codes. Raises UNUSABLE or InvalidArgument."""
        subject = f"persons/{state.id}"
        key = self.ring.unwrap(subject, wrapped)
        plain = open_sealed(subject, state.sealed, key, schema=SEALED_SCHEMA)
        found = events.opened(state, person_event_pb2.SealedPerson.FromString(plain))
        item = None if found.item is None else self.today(found.item)
        return found if item is found.item else found._replace(item=item)

    def decade(self, id_: str, state: bytes, wrapped: bytes) -> int:
        """The decade of birth that the state of somebody holds; 0 for none. Raises UNUSABLE."""
        subject, sealed = f"persons/{id_}", person_event_pb2.PersonState.FromString(state).sealed
        plain = open_sealed(subject, sealed, self.ring.unwrap(subject, wrapped), schema=SEALED_SCHEMA)
        return person_event_pb2.SealedPerson.FromString(plain).birth_decade

    def today(self, item: Item) -> Item:
        """The same in today's codes. Whatever is stored must be comparable: an unknown code would stop the lists for
        ever. Raises InvalidArgument for one.
        """
        leaves = renewed(item.leaves, self._former) if self._former else item.leaves
        if leaves != item.leaves:
            item = replace(item, leaves=leaves)
        if item.staff is not None and self._former:
            item = replace(item, staff=replace(item.staff, needs=renewed(item.staff.needs, self._former)))
        Columns.check(item, self.codes)
        return item


def answered(opener: Opener, job: Job) -> Answer:
    """What a job asks for."""
    people = map(partial(_opened, opener), job.ids, job.states, job.wrapped)
    items, names, origins = zip(*people, strict=True)
    return Answer(items, names, origins, said(opener.codes, texts_of(items)) if job.texts else None)


def _opened(opener: Opener, id_: str, sealed: bytes, wrapped: bytes) -> tuple[Item | None, str | None, str]:
    try:
        state = person_event_pb2.PersonState.FromString(sealed)
        return opener.opened(state, wrapped) if state.id == id_ else _CLOSED
    except (*UNUSABLE, InvalidArgument):
        return _CLOSED


def texts_of(items: Sequence[Item | None]) -> list[str]:
    """The texts of those that there are."""
    return [item.text for item in items if item is not None]


def over_there(terms: tuple[KeyRing, bytes]) -> Callable[[Job], Answer]:
    """As `answered`, on one core: the others are in use."""
    one_by_one()
    ring, local_file = terms
    return partial(answered, Opener(ring, load(local_file)))
