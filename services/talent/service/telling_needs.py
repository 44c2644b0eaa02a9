"""What a version before this left out: teams are told anew of whose needs the log knows nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bole.events.v1 import team_event_pb2
from services.chassis.log.topics import TEAMS
from services.chassis.storage.db import Database
from services.talent.domain.people.team import Team, TeamStatus
from services.talent.service.people.teams import Teams
from services.talent.store import repository, schema

ACTOR = "bole/needs"
_PORTION = 200


@dataclass(frozen=True)
class TellingNeeds:
    """Tells of such teams. Safe to break off and to repeat; without effect where it is done."""

    teams: Teams

    def run(self, database: Database) -> int:
        """How many teams were told of anew."""
        told, last = 0, ""
        while True:
            with database.write() as session:
                some = _needing(session, last)
                untold = [each for each in some if not _is_told(session, each)]
                repository.next_version(session, untold)
                self.teams.changed(session, untold, ACTOR)
                told += len(untold)
                if len(some) < _PORTION:
                    return told
                last = some[-1].id


def _needing(session: Session, after: str) -> Sequence[Team]:
    """The next teams by id that have told of a need."""
    table = schema.team
    found = (table.c.id > after) & (table.c.needs != ()) & (table.c.status == TeamStatus.ACTIVE)
    query = select(Team).where(found).order_by(table.c.id).limit(_PORTION).with_for_update()
    return session.scalars(query).all()


def _is_told(session: Session, team: Team) -> bool:
    """Whether its last state on the log says what it needs."""
    history = schema.shared.history
    query = select(history.c.state).where(
        history.c.entity == TEAMS.entity, history.c.id == team.id, history.c.version == team.version
    )
    state = session.execute(query).scalar_one_or_none()
    return bool(state and team_event_pb2.TeamState.FromString(state).needs)
