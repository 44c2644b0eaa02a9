"""Finding records that may be of one person, and keeping what was found level with the library."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.talent.domain.identity.blocking import block_keys
from services.talent.domain.identity.comparison import Band, Comparison, compare
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.traits import Traits
from services.talent.domain.people.team import TeamStatus
from services.talent.service.people.assertions import Assertions
from services.talent.service.people.duplicates.suggesting import Suggesting
from services.talent.service.people.duplicates.visibility import Keeper
from services.talent.store import repository
from services.talent.store.people import duplicate_blocks, duplicates
from services.talent.store.people.duplicate_blocks import Keys
from services.talent.store.people.known import of_batch_alone, spoken_of_before

_NOBODY: Final[Keys] = MappingProxyType({})


class Resemblance(NamedTuple):
    """A person who may be the one given."""

    person_id: str
    comparison: Comparison


@dataclass(frozen=True)
class Finding:
    """What resembles what. `secret` keys the blocks."""

    assertions: Assertions
    secret: bytes
    clock: Clock
    method: Method = field(default_factory=Method)

    @property
    def suggesting(self) -> Suggesting:
        """The part that needs no secret."""
        return Suggesting(self.assertions, self.clock, self.method)

    def refresh(
        self,
        session: Session,
        ids: Iterable[str],
        require: Callable[[int], None] = lambda _pairs: None,
        *,
        gone: Keys = _NOBODY,
    ) -> None:
        """Find anew what these people resemble; ids of nobody are dropped. `gone`: the keys of people whose rows were
        taken away in the same transaction.

        What is found depends on nothing but the people as they stand and the judgements: refreshing those who
        changed leaves the same suggestions as refreshing everybody. `require` is told how many pairs there are at most
        before they are compared, and may raise.
        """
        listed = sorted(set(ids))
        before = {
            **dict.fromkeys(listed, frozenset[str]()),
            **duplicate_blocks.keys_of(session, listed),
            **gone,
        }
        traits, keys = self._write(session, listed)
        self.suggesting.again(session, before, keys, require, traits)

    def enter(self, session: Session, id_: str) -> None:
        """Let the next entry be compared with this new person, in the transaction that makes them."""
        self._write(session, [id_])

    def _write(
        self, session: Session, ids: Sequence[str]
    ) -> tuple[dict[str, Traits], dict[str, frozenset[str]]]:
        traits = self.suggesting.traits(session, ids)
        keys = {id_: block_keys(each, self.method, self.secret) for id_, each in traits.items()}
        duplicate_blocks.write(session, keys)
        return traits, keys

    def follow_teams(self, session: Session, team_ids: Iterable[str]) -> set[str]:
        """Learn who is in these teams now; the people for whom that may have changed anything."""
        listed = sorted(set(team_ids))
        teams = [team for id_ in listed if (team := repository.team_by_id(session, id_)) is not None]
        shown_as = repository.shown_as(session, teams)
        people = dict.fromkeys(listed, frozenset[str]())
        for team in teams:
            if team.status is TeamStatus.ACTIVE:
                lead, members = team.people(shown_as)
                people[team.id] = frozenset({lead, *(member.person_id for member in members)})
        return duplicates.follow_teams(session, people)

    def resembling(
        self, session: Session, given: Sequence[Traits], keeper: Keeper, batch: str = ""
    ) -> list[list[Resemblance]]:
        """For each of `given`, the people who may be the same, strongest first, as far as the caller may read.

        Each is compared with the oldest of every block, as far as the caller may read them. People of whom nothing but
        the import `batch` has said anything are rows of its file, which the caller holds: they are compared whole.
        """
        keys = [block_keys(each, self.method, self.secret) for each in given]
        sharing = duplicate_blocks.sharing(
            session, frozenset().union(*keys), _candidates(keeper, batch), self.method.oldest
        )
        met = [
            sorted({id_ for key in mine for id_ in sharing.get(key, ())} - {each.id})
            for each, mine in zip(given, keys, strict=True)
        ]
        ids = sorted({id_ for some in met for id_ in some})
        known = self.suggesting.traits(session, ids)
        whole = set(ids) - spoken_of_before(session, ids, batch) if batch else set()
        return [
            self._strongest(each, [known[id_] for id_ in some], keeper, whole)
            for each, some in zip(given, met, strict=True)
        ]

    def _strongest(
        self, given: Traits, known: Iterable[Traits], keeper: Keeper, whole: Collection[str]
    ) -> list[Resemblance]:
        weighed = (
            Resemblance(
                other.id,
                self._within_a_file(given, other)
                if other.id in whole
                else compare(
                    keeper.readable(given, other.city), keeper.readable(other, other.city), self.method
                ),
            )
            for other in known
        )
        found = [each for each in weighed if each.comparison.band is not Band.APART]
        return sorted(found, key=lambda each: (-each.comparison.bits, each.person_id))

    def _within_a_file(self, given: Traits, other: Traits) -> Comparison:
        """Two rows of one file, in full."""
        found = compare(given, other, self.method)
        listed_twice = found.band is Band.APART and found.twice_in_a_list
        return replace(found, band=Band.REVIEW) if listed_twice else found


def _candidates(keeper: Keeper, batch: str) -> ColumnElement[bool]:
    return or_(keeper.candidates(), of_batch_alone(batch)) if batch else keeper.candidates()
