"""What only the internal edition of a report has whole: scores of forecasts, coverage, refusals, programmes, and who of
those awarded is still there.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.talent.domain.axes import Axes
from services.talent.domain.nomination import Nomination, State, StepKind
from services.talent.domain.period import window_start
from services.talent.domain.report.facts import COURSES, CoverageFacts, ForecastFacts, Inner, ProgrammeFacts
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.retention import FATES, YEARS, Award, RetentionFacts, retained
from services.talent.domain.report.returns import Figure, Return, Returns, Source, figures
from services.talent.domain.shortage.reasons.refusals import Refusals
from services.talent.domain.shortage.table import Address
from services.talent.service.people.assertions import Assertions
from services.talent.service.people.nomination_steps import read_steps
from services.talent.service.shortage.analysis import Analysis, TurnedOut
from services.talent.service.shortage.reports.registered import RegisteredFacts
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.store import positions
from services.talent.store.people import nominations
from services.talent.store.shortage import analysis as store
from services.talent.store.shortage import returns

_FORECASTS = 8
"""How many published forecasts, the newest ones, a report scores."""


@dataclass(frozen=True)
class InnerFacts:
    """Reads the map and what was published of it."""

    catalogue: Catalogue
    map: ShortageMap
    analysis: Analysis
    assertions: Assertions
    registered: RegisteredFacts

    def of(
        self, session: Session, period: ReportPeriod, axes: Axes, known_at: datetime, told: Sequence[Return]
    ) -> Inner:
        """Of forecasts and refusals what was known by the period's last day; of coverage what is known today; `told`:
        what other services reported.
        """
        published = store.forecasts_before(session, period.end, _FORECASTS)
        found = [self.analysis.forecast(session, each.id, period.end) for each in published]
        scored = tuple(each for each in map(_scored, found) if each is not None)
        earlier = [self.analysis.forecast(session, each.id, period.before.end) for each in published]
        return Inner(
            forecasts=scored,
            open_forecasts=len(found) - len(scored),
            coverage=tuple(self._coverage(session, axes)),
            refused=tuple(self._refused(session, period)),
            programmes=tuple(found for _, found in self._programmes(session, period.end.year)),
            retention=tuple(found for _, found in self._retention(session, period.end)),
            forecasts_before=tuple(each for each in map(_scored, earlier) if each is not None),
            cities_before=_of_cities(session, period.before),
            registered=self.registered.of(session, period, known_at, told),
        )

    def _coverage(self, session: Session, axes: Axes) -> list[CoverageFacts]:
        table = self.map.frame(session).table
        known = [each for each in axes.categories if each in table.cube.axes.category_at]
        said = ((each, table.coverage_of(table.at(Address(category=each)))) for each in known)
        return [CoverageFacts(category, *each) for category, each in said]

    def _refused(self, session: Session, period: ReportPeriod) -> list[Refusals]:
        since = window_start(period.end, self.map.method.window_days)
        return positions.refusals(session, since, period.end)

    def _programmes(self, session: Session, year: int) -> Iterator[tuple[str, ProgrammeFacts]]:
        """With the ids of the programmes."""
        found, places = nominations.states_of_year(session, year), nominations.places_of_year(session, year)
        for each in self.catalogue.programmes:
            states = found.get(each.id, Counter())
            yield (
                each.id,
                ProgrammeFacts(
                    each.name,
                    states.total(),
                    sum(count for state, count in states.items() if state.open),
                    sum(count for state, count in states.items() if state.holds_award),
                    places.get(each.id),
                ),
            )

    def returned(self, session: Session, period: ReportPeriod) -> tuple[Figure, ...]:
        """Who was nominated and awarded in the year, and who of those awarded stayed, as figures of a return."""
        year = period.end.year
        named = (figures(f"{id_}/{year}", found, COURSES) for id_, found in self._programmes(session, year))
        stayed = (
            figures(f"{id_}/{found.years}", found, ("due", *FATES))
            for id_, found in self._retention(session, period.end)
        )
        return tuple(chain.from_iterable((*named, *stayed)))

    def _retention(self, session: Session, until: date) -> Iterator[tuple[str, RetentionFacts]]:
        """With the ids of the programmes."""
        awards = [self._award(session, each) for each in nominations.awarded_until(session, until)]
        for programme in self.catalogue.programmes:
            mine = [each for each in awards if each.programme == programme.id]
            for years in YEARS:
                yield programme.id, retained(programme.name, mine, years, until)

    def _award(self, session: Session, nomination: Nomination) -> Award:
        """What was entered of an award since; what those about erased people said cannot be read."""
        followed = nomination.state is State.FOLLOWED_UP
        steps = read_steps(session, self.assertions, nomination) if followed else []
        said = [(each.detail.day, each.detail.follow_up) for each in steps if each.kind is StepKind.FOLLOW_UP]
        known = tuple((day, what) for day, what in said if day is not None and what is not None)
        return Award(nomination.programme, nomination.decided or date.max, known)


def _of_cities(session: Session, period: ReportPeriod) -> Returns:
    """What the funding service reported of cities."""
    told = (each for each in returns.of_quarters(session, period.codes) if each.source is Source.FUNDING)
    kept = (
        replace(each, figures=tuple(of for of in each.figures if of[0].startswith("city"))) for each in told
    )
    return Returns(period.codes, tuple(kept))


def _scored(found: TurnedOut) -> ForecastFacts | None:
    score = found.score
    if score is None:
        return None
    made = found.forecast
    return ForecastFacts(
        made.id, made.as_of, score.scored, score.coverage, score.error, score.unchanged_error
    )
