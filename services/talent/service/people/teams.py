"""Teams through their life. They never count as supply: their members do."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalogue.staffing import Gap, gaps
from services.chassis.log.topics import TEAMS
from services.chassis.outbox.journal import Change
from services.kernel.clock import civil_date
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound, Violation
from services.kernel.text import Text
from services.talent import events
from services.talent.domain.people.person import PersonStatus
from services.talent.domain.people.team import Team, TeamFacts
from services.talent.service.people.people import People
from services.talent.store import repository, schema


@dataclass(frozen=True)
class Teams:
    """The use cases of teams."""

    people: People

    def get(self, session: Session, id_: str) -> Team:
        """The team. Raises NotFound."""
        team = repository.team_by_id(session, id_)
        if team is None:
            raise NotFound.resource(f"teams/{id_}")
        return team

    def register(self, session: Session, facts: TeamFacts, origin: str, actor: str) -> Team:
        """A new team. Raises InvalidArgument, AlreadyExists, and FailedPrecondition for who cannot be in it."""
        people = self.people
        team = Team.register(
            facts, id_=people.ids.new(), origin=origin, axes=people.axes, now=people.clock.now()
        )
        taken = repository.by_refs(session, Team, schema.team, [team.ref])
        if taken:
            raise AlreadyExists(
                Text(
                    f"来源编号“{team.ref}”已登记，请改用更新",
                    f"the source number {team.ref!r} is registered; update that record instead",
                ),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"teams/{taken[team.ref].id}"},
            )
        self._require_people(session, team, before=frozenset())
        session.add(team)
        self.changed(session, [team], actor)
        return team

    def revise(self, session: Session, team: Team, facts: TeamFacts, actor: str) -> None:
        """Replace the facts. Raises as `register` does, and FailedPrecondition for a dissolved team."""
        before = _people_in(team)
        if team.revise(facts, axes=self.people.axes, now=self.people.clock.now()):
            self._require_people(session, team, before)
            self.changed(session, [team], actor)

    def dissolve(self, session: Session, team: Team, actor: str) -> None:
        """End a team; doing so twice changes nothing."""
        version = team.version
        team.dissolve(self.people.clock.now())
        session.flush()
        if team.version != version:
            self.changed(session, [team], actor)

    def changed(self, session: Session, teams: Sequence[Team], actor: str) -> None:
        """Write teams and tell of them."""
        session.flush()
        repository.index_teams(session, teams, self.people.catalogue)
        shown_as = repository.shown_as(session, teams)
        told = [Change(TEAMS, t.id, t.version, events.team_event(t, shown_as), actor) for t in teams]
        self.people.journal.record(session, told)

    def gaps(self, session: Session, team: Team) -> list[Gap]:
        """What the team has and lacks today, by direction."""
        today = civil_date(self.people.clock.now())
        members = team.members_on(today, repository.shown_as(session, [team]))
        people = repository.persons_by_id(session, [member.person_id for member in members])
        present = [
            (member.share, people[member.person_id].direction_shares)
            for member in members
            if member.person_id in people
        ]
        return gaps(team.needs, present)

    def _require_people(self, session: Session, team: Team, before: frozenset[str]) -> None:
        """Whoever is new to a team is in the library and has not withdrawn."""
        new = sorted(_people_in(team) - before)
        found = repository.persons_by_id(session, new)
        text = Text(
            "团队中有人不在库中或已撤回，请先核对",
            "somebody in the team is not in the library or has withdrawn; check them first",
        )
        missing = [id_ for id_ in new if id_ not in found or found[id_].status is PersonStatus.WITHDRAWN]
        if missing:
            raise FailedPrecondition(
                text,
                reason="MEMBER_NOT_AVAILABLE",
                violations=[
                    Violation("lead" if id_ == team.lead else "members", "MEMBER_NOT_AVAILABLE", text)
                    for id_ in missing
                ],
                metadata={"people": ", ".join(f"persons/{id_}" for id_ in missing[:20])},
            )


def _people_in(team: Team) -> frozenset[str]:
    return frozenset([team.lead, *(member.person_id for member in team.members)])
