"""Whom the new rows of a file resemble, as far as the importer may read of the library."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.talent.domain.identity.traits import Traits
from services.talent.service.duplicates.finding import Finding, traits_of
from services.talent.service.duplicates.visibility import Keeper
from services.talent.service.people import Entered

MOST = 5


@dataclass(frozen=True)
class Doubles:
    """For a check of a file before it is written; what is written is followed up like any other change."""

    finding: Finding
    keeper: Keeper

    def of(self, session: Session, entered: Sequence[Entered]) -> list[tuple[str, ...]]:
        """For each new person, the ids of up to 5 known ones who may be the same, strongest first."""
        found = self.finding.resembling(session, [_traits(each) for each in entered], self.keeper)
        return [tuple(each.person_id for each in some[:MOST]) for some in found]


def _traits(entered: Entered) -> Traits:
    said = entered.stated.facts
    return traits_of(entered.person.id, entered.person.facts, said.get("phone", ""), said.get("email", ""))
