"""Taking the records of people out of whatever else uses them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.talent.domain.people.team import Team
from services.talent.service.people.nomination_steps import leave_nominations
from services.talent.service.people.people import People
from services.talent.store import positions, repository


@dataclass(frozen=True)
class Leaving:
    """What ends with a person's consent: open nominations, team-work, being named as who filled a position."""

    people: People

    def leave(self, session: Session, records: Sequence[str], actor: str) -> None:
        """End all of it, for every record of a person, and tell of the teams that changed."""
        people = self.people
        for record in records:
            leave_nominations(session, people, record, actor)
        self._leave_teams(session, records, actor)
        self._leave_outcomes(session, records)

    def _leave_teams(self, session: Session, records: Iterable[str], actor: str) -> None:
        left: dict[str, Team] = {}
        for record in records:
            for team in repository.teams_of(session, record):
                if team.remove_person(record, self.people.clock.now()):
                    left[team.id] = team
        session.flush()
        self.people.tell_teams(session, list(left.values()), actor)

    def _leave_outcomes(self, session: Session, records: Iterable[str]) -> None:
        for record in records:
            for position_id, number in positions.forget_person(session, record):
                self.people.requests.forget(session, f"positions/{position_id}/outcomes/{number}")
