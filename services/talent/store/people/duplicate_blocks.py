"""Who meets whom: the people of a block with the oldest of them.

A block of n people would have n·(n - 1)/2 pairs, and a name that thousands share (a placeholder, most often) has
millions that tell nothing. So a pair meets in a block if the older of the two is among the `first` oldest people of
it: at most n·first pairs, and all of them where a block has first + 1 people or fewer. Records of one person stay
together whatever the block's size, because each meets the oldest. Ids sort by age.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.talent.store import schema

Pair = tuple[str, str]
Keys = Mapping[str, frozenset[str]]
"""The keys of people, by id."""


class Block(NamedTuple):
    """How many hold a key, and the oldest of them: all, if they are not many."""

    size: int
    oldest: tuple[str, ...]

    def crowded(self, first: int) -> bool:
        """Whether not everybody meets everybody."""
        return self.size > first + 1


@dataclass
class Meetings:
    """The people around some others. `first`: how many of the oldest of a block meet all in it. `blocks`: by key."""

    first: int
    keys: dict[str, frozenset[str]]
    blocks: dict[str, Block] = field(default_factory=dict)

    @classmethod
    def around(cls, session: Session, before: Keys, after: Keys, first: int) -> "Meetings":
        """Around people who had the keys `before` and have those `after`, and around everybody who came among the
        oldest of a block by that, or is among them no longer.
        """
        found = cls(first, dict(after))
        found.blocks |= _blocks(session, _all(before) | _all(after), first + len(after))
        shifted = found._shifted(before, after) - after.keys()
        found.keys |= keys_of(session, shifted)
        found.blocks |= _blocks(session, _all(found.keys) - found.blocks.keys(), first)
        return found

    def most(self) -> int:
        """At least as many as there are pairs: who meets in two blocks counts twice."""
        total = 0
        for key, ids in self._holders():
            block = self.blocks[key]
            oldest = len(ids & set(block.oldest[: self.first])) if block.crowded(self.first) else len(ids)
            total += oldest * (block.size - 1) + (len(ids) - oldest) * self.first
        return total

    def pairs(self, session: Session) -> set[Pair]:
        """The pairs that meet, one of whom is among `keys`; each in order."""
        found: set[Pair] = set()
        for key, ids in self._holders():
            block = self.blocks[key]
            oldest = block.oldest[: self.first] if block.crowded(self.first) else block.oldest
            everybody = _all_of(session, key) if block.crowded(self.first) and ids & set(oldest) else oldest
            for id_ in ids:
                others = everybody if id_ in oldest else oldest
                found.update((id_, each) if id_ < each else (each, id_) for each in others if each != id_)
        return found

    def _holders(self) -> Iterator[tuple[str, set[str]]]:
        """Keys that more than one person has, with those of them who are among `keys`."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for id_, mine in self.keys.items():
            for key in mine:
                found[key].add(id_)
        return ((key, ids) for key, ids in found.items() if key in self.blocks)

    def _shifted(self, before: Keys, after: Keys) -> set[str]:
        """Who is among the oldest of a block, or is not, because others have its key by now or have it no longer.

        Whether one of `after` came only now cannot be told, as a new person's keys are written at once: the others are
        looked at as if all of them had.
        """
        found: set[str] = set()
        have, had = _by_key(after), _by_key(before)
        for key, (_, people) in self.blocks.items():
            oldest, left = set(people[: self.first]), had[key] - have[key]
            found |= oldest - set(sorted({*oldest, *left})[: self.first])
            found |= set([each for each in people if each not in have[key]][: self.first]) - oldest
        return found


def keys_of(session: Session, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The keys that people are written under; those without any are not there."""
    table, found = schema.duplicate_block, defaultdict[str, set[str]](set)
    for some in chunks(sorted(ids)):
        query = select(table.c.person_id, table.c.key).where(table.c.person_id.in_(some))
        for id_, key in session.execute(query):
            found[id_].add(key)
    return {id_: frozenset(mine) for id_, mine in found.items()}


def write(session: Session, keys: Keys) -> None:
    """Write anew the keys of people."""
    table = schema.duplicate_block
    for ids in chunks(sorted(keys)):
        session.execute(delete(table).where(table.c.person_id.in_(ids)))
    rows = [{"person_id": id_, "key": key} for id_, mine in keys.items() for key in sorted(mine)]
    if rows:
        session.execute(insert(table), rows)


def sharing(
    session: Session, keys: frozenset[str], allowed: ColumnElement[bool], first: int
) -> dict[str, list[str]]:
    """Of each key the `first` oldest people that `allowed` admits."""
    table, found = schema.duplicate_block, defaultdict[str, list[str]](list)
    place = func.row_number().over(partition_by=table.c.key, order_by=table.c.person_id).label("place")
    joined = table.join(schema.person, schema.person.c.id == table.c.person_id)
    for some in chunks(sorted(keys)):
        inner = select(table.c.key, table.c.person_id, place).select_from(joined)
        held = inner.where(table.c.key.in_(some), allowed).subquery()
        query = select(held.c.key, held.c.person_id).where(held.c.place <= first)
        for key, id_ in session.execute(query.order_by(held.c.person_id)):
            found[key].append(id_)
    return found


def in_crowds(session: Session, first: int) -> dict[str, int]:
    """How many people of each city hold a key of more than `first` + 1 people: not everybody of it is compared."""
    table, person = schema.duplicate_block, schema.person
    crowds = select(table.c.key).group_by(table.c.key).having(func.count() > first + 1)
    held = select(table.c.person_id).where(table.c.key.in_(crowds)).distinct().subquery()
    query = select(person.c.city, func.count()).join(held, held.c.person_id == person.c.id)
    return dict(session.execute(query.group_by(person.c.city)).all())


def _blocks(session: Session, keys: set[str], most: int) -> dict[str, Block]:
    """The blocks of keys that anybody else has too, with their `most` + 1 oldest people."""
    table, found = schema.duplicate_block, dict[str, Block]()
    place = func.row_number().over(partition_by=table.c.key, order_by=table.c.person_id).label("place")
    size = func.count().over(partition_by=table.c.key).label("size")
    for some in chunks(sorted(keys)):
        held = select(table.c.key, table.c.person_id, place, size).where(table.c.key.in_(some)).subquery()
        query = select(held.c.key, held.c.person_id, held.c.size).where(held.c.place <= most + 1)
        oldest: defaultdict[str, list[str]] = defaultdict(list)
        sizes: Counter[str] = Counter()
        for key, id_, held_by in session.execute(query.order_by(held.c.person_id)):
            oldest[key].append(id_)
            sizes[key] = held_by
        found.update({key: Block(sizes[key], tuple(ids)) for key, ids in oldest.items()})
    return found


def _all_of(session: Session, key: str) -> tuple[str, ...]:
    table = schema.duplicate_block
    query = select(table.c.person_id).where(table.c.key == key).order_by(table.c.person_id)
    return tuple(session.scalars(query))


def _all(keys: Keys) -> set[str]:
    return {key for mine in keys.values() for key in mine}


def _by_key(keys: Keys) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for id_, mine in keys.items():
        for key in mine:
            found[key].add(id_)
    return found
