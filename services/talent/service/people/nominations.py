"""Nominations through their life: nominated, checked, reviewed, decided, funded, followed up, or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.nomination import (
    Detail,
    Nomination,
    NominationFacts,
    Quota,
    Rules,
    Step,
    StepKind,
    check_award,
    check_nomination,
)
from services.talent.domain.people.person import Person
from services.talent.domain.people.team import Team, TeamStatus
from services.talent.service.people.nomination_steps import read_steps, write_step
from services.talent.service.people.people import People
from services.talent.store import repository
from services.talent.store.people import nominations as store
from services.talent.store.people import statements

MAX_PLACES = 10_000


@dataclass(frozen=True)
class Nominations:
    """The use cases of nominations."""

    catalogue: Catalogue
    axes: Axes
    people: People
    clock: Clock
    ids: Ids
    rules: Rules = field(default_factory=Rules)

    @property
    def programmes(self) -> tuple[str, ...]:
        """Codes of the programmes that the policy names."""
        return tuple(each.id for each in self.catalogue.programmes)

    def get(self, session: Session, id_: str) -> Nomination:
        """The nomination. Raises NotFound."""
        found = store.by_id(session, id_)
        if found is None:
            raise NotFound.resource(f"nominations/{id_}")
        return found

    def nominate(self, session: Session, facts: NominationFacts, origin: str, actor: str) -> Nomination:
        """A new nomination. Raises InvalidArgument; AlreadyExists if the nominee stands for this programme and
        year already; FailedPrecondition for somebody who withdrew or lives outside the province.
        """
        now = self.clock.now()
        check_nomination(facts, self.axes, self.programmes, civil_date(now))
        person = facts.person_id
        records = statements.records_of(session, [person])[person] if person else []
        named = next(each for each in self.catalogue.programmes if each.id == facts.programme)
        standing = store.live_nomination(session, facts.programme, facts.year, records, facts.team_id)
        if standing is not None:
            raise AlreadyExists(
                Text(
                    f"该对象 {facts.year} 年度已申报{named.name.zh}",
                    f"the nominee stands for the {named.name_en} of {facts.year} already",
                ),
                reason="NOMINATED_ALREADY",
                metadata={"resource": f"nominations/{standing}"},
            )
        made, step = Nomination.register(facts, id_=self.ids.new(), actor=actor, origin=origin, now=now)
        session.add(made)
        session.flush()
        write_step(session, self.people, made, step)
        return made

    def person_named(self, session: Session, id_: str) -> Person:
        """Somebody who can be nominated. Raises NotFound, FailedPrecondition."""
        person = self.people.get(session, id_)
        person.require_active()
        if person.outside:
            raise FailedPrecondition(
                Text(
                    "该人才在省外，属引进对象，来苏后方可申报",
                    "the person lives outside the province; nominate after they have come",
                ),
                reason="NOMINEE_OUTSIDE",
            )
        return person

    def team_named(self, session: Session, id_: str) -> Team:
        """A team that can be nominated. Raises NotFound, FailedPrecondition."""
        team = repository.team_by_id(session, id_)
        if team is None:
            raise NotFound.resource(f"teams/{id_}")
        if team.status is TeamStatus.DISSOLVED:
            raise FailedPrecondition(
                Text("该团队已解散，不能申报", "the team is dissolved and cannot be nominated"),
                reason="TEAM_DISSOLVED",
            )
        return team

    def take(
        self, session: Session, nomination: Nomination, kind: StepKind, detail: Detail, actor: str
    ) -> None:
        """The next step of a nomination. Raises what the domain raises, and `check_award` for an award."""
        employer = self._employer(session, nomination)
        if kind is StepKind.DECIDE and detail.approves:
            self._check_award(session, nomination)
        step = nomination.take(
            kind,
            detail,
            taken=self.steps(session, nomination),
            employer=employer,
            actor=actor,
            now=self.clock.now(),
        )
        write_step(session, self.people, nomination, step)

    def require_open(
        self, session: Session, nomination: Nomination, kind: StepKind, taken: Sequence[Step], actor: str
    ) -> None:
        """Whether somebody may take a step now, whatever it would say. Raises as `Nomination.require_open`, and
        FailedPrecondition (NOMINEE_ERASED).
        """
        employer = self._employer(session, nomination)
        nomination.require_open(kind, taken=taken, employer=employer, actor=actor)

    def _employer(self, session: Session, nomination: Nomination) -> str:
        if nomination.subject is None:
            raise FailedPrecondition(
                Text(
                    "被申报人已从库中删除，申报不能继续", "the nominee was erased; the nomination ends here"
                ),
                reason="NOMINEE_ERASED",
            )
        return self.people.get(session, nomination.subject).employer

    def steps(self, session: Session, nomination: Nomination) -> list[Step]:
        """The steps so far; what those about an erased person said is gone."""
        return read_steps(session, self.people.assertions, nomination)

    def set_quota(self, session: Session, quota: Quota, actor: str) -> None:
        """Change how many may be awarded. Raises InvalidArgument."""
        last = civil_date(self.clock.now()).year + 1
        for field_, holds, zh, en in (
            ("programme_code", quota.programme in self.programmes, "没有该人才工程", "no such programme"),
            ("industry_code", quota.industry in self.axes.industries, "没有该产业", "no such industry"),
            (
                "year",
                2023 <= quota.year <= last,
                f"年度须在 2023 至 {last} 之间",
                f"the year must be 2023 to {last}",
            ),
            (
                "place_count",
                0 <= quota.places <= MAX_PLACES,
                f"名额须在 0 至 {MAX_PLACES} 之间",
                f"the places must be 0 to {MAX_PLACES}",
            ),
        ):
            if not holds:
                raise InvalidArgument.field(field_, "QUOTA_OUT_OF_RANGE", zh, en)
        store.set_quota(session, quota, actor, self.clock.now())

    def quotas(self, session: Session, programme: str, year: int) -> Sequence[Quota]:
        """Places and awards by industry."""
        return store.quotas(session, programme, year)

    def _check_award(self, session: Session, nomination: Nomination) -> None:
        records = self._records_of(session, nomination)
        teams = [team.id for record in records for team in repository.teams_of(session, record)]
        held = store.awards_of(session, records, teams, nomination.year)
        quota = store.locked_quota(session, nomination.programme, nomination.year, nomination.industry)
        check_award(nomination.programme, nomination.year, held, quota, self.rules)

    def _records_of(self, session: Session, nomination: Nomination) -> list[str]:
        """All records shown as the nominee, or as anybody in the team; the people are held meanwhile."""
        named = [str(nomination.subject)]
        if nomination.team_id is not None:
            team = self.team_named(session, nomination.team_id)
            named = [team.lead, *(member.person_id for member in team.members)]
        shown_as = repository.people_of(session, named)
        people = sorted({shown_as.get(id_, id_) for id_ in named})
        store.lock_people(session, people)
        return [record for mine in statements.records_of(session, people).values() for record in mine]
