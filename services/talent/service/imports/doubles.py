"""Whom the new rows of a file resemble: people whom the importer may read, and each other, whoever imports them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from services.talent.domain.identity.blocking import block_keys
from services.talent.domain.identity.comparison import Evidence
from services.talent.domain.identity.traits import Traits
from services.talent.service.people.duplicates.finding import Finding, Resemblance
from services.talent.service.people.duplicates.visibility import Keeper
from services.talent.store import repository
from services.talent.store.people import duplicate_blocks, known

MOST = 5


class Double(NamedTuple):
    """Somebody whom a new row may be about: a person of the library, or the row of this file with the number `ref`."""

    city: str
    person_id: str
    ref: str
    band: str
    millibits: int
    evidence: tuple[Evidence, ...]

    @classmethod
    def of(cls, kept: Sequence[Any]) -> "Double":
        """What was kept as JSON."""
        city, person_id, ref, band, millibits, evidence = kept
        return cls(city, person_id, ref, band, millibits, tuple(Evidence(*each) for each in evidence))

    def kept(self) -> list[Any]:
        """As it is kept in JSON."""
        return [*self[:-1], [[each.feature, each.outcome, each.bits] for each in self.evidence]]


@dataclass(frozen=True)
class Doubles:
    """For a check of a file before it is written; what is written is followed up like any other change."""

    finding: Finding
    keeper: Keeper
    batch: str

    def of(self, session: Session, given: Sequence[Traits]) -> list[tuple[Double, ...]]:
        """For each new person, up to 5 others who may be the same, strongest first.

        The new people have been written within the transaction that the check rolls back: rows are compared with
        rows before them, and with those that came with them.
        """
        finding = self.finding
        keys = {each.id: block_keys(each, finding.method, finding.secret) for each in given}
        duplicate_blocks.write(session, keys)
        found = [some[:MOST] for some in finding.resembling(session, given, self.keeper, self.batch)]
        ids = sorted({each.person_id for some in found for each in some})
        before = known.spoken_of_before(session, ids, self.batch)
        refs = repository.refs_of(session, [id_ for id_ in ids if id_ not in before])
        cities = repository.cities_of(session, ids)
        return [tuple(_double(each, refs, cities) for each in some) for some in found]


def _double(found: Resemblance, refs: Mapping[str, str], cities: Mapping[str, str]) -> Double:
    id_, compared = found.person_id, found.comparison
    ref = refs.get(id_, "")
    return Double(
        cities[id_], "" if ref else id_, ref, compared.band.name, compared.millibits, tuple(compared.evidence)
    )
