"""What is asked of a fund's deal flow, and the answer: page, counts, sums and total of one snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.filtering import Expression, OrderTerm
from services.chassis.filtering.facets import without
from services.chassis.searching.terms import Words
from services.chassis.storage.paging import CursorValue
from services.funding.domain.checks.check import Severity
from services.funding.domain.checks.run import CHECKS
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.pipeline.stage_times import Sla
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.scores.score import Band
from services.funding.domain.screening.live import live_limits
from services.funding.domain.screening.surroundings import PledgeStanding
from services.funding.service.deals.cases import Opened, cases_of, fund_with_mandate, open_cases
from services.funding.service.deals.screening.judging import (
    Judged,
    chosen,
    counts,
    first_of_states,
    judge,
    ordered,
)
from services.funding.service.deals.surroundings import capital_view
from services.funding.store import repository, schema
from services.funding.store.deals import live, screened
from services.funding.store.deals.live import NOT_BLOCKED
from services.funding.store.deals.screened import Day
from services.funding.store.deals.screening import GATES, SCORES, STEADY, Matched, Rows
from services.funding.store.deals.screening_facets import Counts, Facets, total_of
from services.funding.store.firms.findable import Findable
from services.kernel.clock import midnight
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

MOST_ONE_BY_ONE = 5_000
MOVING = frozenset(
    {*SCORES, "band", "early_gate", "small_gate", "hard_gate", "eligible", "blocking", "sla", "ip_pledge"}
)
"""What a filter may ask that another day or revision answers otherwise than the kept rows."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `as_of` None: the day at which the rows stand, which is today but for a moment at midnight.

    `only`: the deals that the caller may see, None for all of the fund. `revision`: another revision of the mandate
    to judge by. `at`: the instant by which the times of stages are read; None: the end of the day. `of_each_state`: how
    many deals of each state are wanted beside the page.
    """

    fund_id: str
    expression: Expression
    order: Sequence[OrderTerm] = ()
    facets: Sequence[str] = ()
    cursor: Sequence[CursorValue] | None = None
    size: int = 20
    as_of: date | None = None
    only: frozenset[str] | None = None
    revision: int | None = None
    at: datetime | None = None
    of_each_state: int = 0

    def instant(self, day: date) -> datetime:
        """When deals are asked how they stand by their times."""
        return self.at or midnight(day + timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer. `cursor`: where the next page begins, None at the end. `begun`: the day of the fund's first deal,
    if the question is about an earlier one. `states`: the first deals of each, in the same order.
    """

    judged: Sequence[Judged]
    facets: dict[str, Counts]
    cursor: Sequence[CursorValue] | None
    total: int
    ask_fen: int
    as_of: date
    mandate: Mandate
    begun: date | None = None
    states: Mapping[DealState, Sequence[Judged]] = field(default_factory=dict)


@dataclass(frozen=True)
class Screens:
    """Answers questions about the deal flow."""

    catalogue: Catalogue
    _vocabulary: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def ask(self, session: Session, asked: Question, today: date) -> Answer:
        """The answer. Raises NotFound for the fund, InvalidArgument for a facet, FailedPrecondition
        (NO_MANDATE_IN_FORCE, TOO_MANY_FOR_ANOTHER_DAY) for another day.
        """
        stands = self._stands(session, asked)
        if stands is None:
            return self._one_by_one(session, asked, asked.as_of or today)
        fund, mandate = fund_with_mandate(session, asked.fund_id, revision=stands.mandate_revision)
        rows = self.rows(session, fund, mandate, stands.day, asked)
        found = rows.page(session, asked.expression, asked.order, asked.cursor, asked.size + 1)
        page = found[: asked.size]
        facets = Facets(rows, self.vocabulary()).count(session, asked.expression, asked.facets)
        total, fen = total_of(asked.expression, facets) or rows.total(session, asked.expression)
        first = rows.first_of_states(session, asked.expression, asked.order, asked.of_each_state)
        ids = [str(keys[-1]) for keys in page]
        wanted = list(dict.fromkeys([*ids, *chain.from_iterable(first.values())]))
        cases = cases_of(session, self.catalogue, fund, mandate, stands.day, wanted)
        judged = {each.deal.id: judge(each, self.catalogue) for each in cases}
        return Answer(
            judged=[judged[each] for each in ids],
            states={state: [judged[each] for each in of_state] for state, of_state in first.items()},
            facets=facets,
            cursor=page[-1] if len(found) > asked.size else None,
            total=total,
            ask_fen=fen,
            as_of=stands.day,
            mandate=mandate,
        )

    def found(self, session: Session, asked: Question, today: date) -> list[Matched]:
        """All deals that answer, without their order, pages or counts. Raises as `ask`."""
        stands = self._stands(session, asked)
        if stands is not None:
            fund, mandate = fund_with_mandate(session, asked.fund_id, revision=stands.mandate_revision)
            rows = self.rows(session, fund, mandate, stands.day, asked)
            return rows.matched(session, asked.expression)
        _, _, judged = self._judged(session, asked, asked.as_of or today)
        return [matched(each) for each in chosen(judged, asked.expression)]

    def ids(self, session: Session, asked: Question, today: date) -> set[str]:
        """The deals that answer, without anything else of them. Raises as `ask`."""
        stands = self._stands(session, asked)
        if stands is None:
            return {each.deal_id for each in self.found(session, asked, today)}
        fund, mandate = fund_with_mandate(session, asked.fund_id, revision=stands.mandate_revision)
        rows = self.rows(session, fund, mandate, stands.day, asked)
        return set(rows.ids(session, asked.expression))

    def _stands(self, session: Session, asked: Question) -> Day | None:
        """Where the kept rows stand, if they answer the question."""
        stands = screened.day_of(session, asked.fund_id)
        if stands is None or asked.as_of not in (None, stands.day):
            return None
        return stands if asked.revision in (None, stands.mandate_revision) else None

    def rows(self, session: Session, fund: Fund, mandate: Mandate, day: date, asked: Question) -> Rows:
        """The rows of a fund that are asked about, with what blocks them at this snapshot."""
        capital = capital_view(session, fund)
        limits = live_limits(fund, mandate, live.held_by(session, fund.id), capital, day)
        blocking = live.blocking(limits, live.waived_of(session, fund.id))
        return Rows(fund.id, blocking, self._named(session), asked.instant(day), mandate.times, asked.only)

    @cached_property
    def words(self) -> Words:
        """What people type, by the names of the catalogue."""
        return Words(self.catalogue)

    def _named(self, session: Session) -> Findable:
        return Findable(session, self.words, schema.screened.c.firm_id)

    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """Values that are counted as nought where nothing has them."""
        if not self._vocabulary:
            industries = tuple(each.id for each in self.catalogue.industries)
            self._vocabulary.update(
                state=tuple(each.name for each in DealState),
                stage=tuple(each.name for each in Stage),
                band=tuple(each.name for each in Band),
                **{f"{name}_gate": GATES for name in ("early", "small", "hard")},
                eligible=("true", "false"),
                sla=tuple(each.name for each in Sla),
                first_loan=tuple(each.name for each in FirstLoan),
                ip_pledge=tuple(each.name for each in PledgeStanding),
                origin=("REAL", "SYNTHETIC"),
                city_code=tuple(each.id for each in self.catalogue.cities),
                industry_code=industries,
                direction_code=tuple(
                    leaf.code for each in industries for leaf in self.catalogue.leaves_of(each)
                ),
                blocking=tuple(check.code for check in CHECKS if check.severity is Severity.BLOCK),
            )
        return self._vocabulary

    def _judged(self, session: Session, asked: Question, as_of: date) -> tuple[Fund, Mandate, list[Judged]]:
        """The deals that the caller may see and that may answer, judged anew. Raises as `ask`."""
        if _begun_after(session, asked, as_of):
            return *fund_with_mandate(session, asked.fund_id, revision=asked.revision), []
        on = as_of if asked.revision is None else None
        fund, mandate = fund_with_mandate(session, asked.fund_id, on, revision=asked.revision)
        opened = self._may_answer(session, asked, fund, mandate, as_of)
        found = [each for each in opened if asked.only is None or each.deal.id in asked.only]
        repository.load_transitions(session, [each.deal for each in found])
        at = asked.instant(as_of)
        return fund, mandate, [judge(each, self.catalogue, at, self.words) for each in found]

    def _may_answer(
        self, session: Session, asked: Question, fund: Fund, mandate: Mandate, as_of: date
    ) -> Iterable[Opened]:
        """The deals as cases; of a fund with many, those that the conditions which hold on any day leave.

        Conditions on a counted dimension leave all, since its counts ignore them.
        """
        count = screened.number_of_deals(session, fund.id)
        if count <= MOST_ONE_BY_ONE:
            return open_cases(session, self.catalogue, fund, mandate, as_of)
        narrow = asked.expression
        for field_ in MOVING | frozenset(asked.facets):
            narrow = without(narrow, field_)
        rows = Rows(
            fund.id, NOT_BLOCKED, self._named(session), asked.instant(as_of), mandate.times, asked.only
        )
        ids = rows.ids(session, narrow, MOST_ONE_BY_ONE + 1)
        if len(ids) > MOST_ONE_BY_ONE:
            raise _too_many(count)
        return cases_of(session, self.catalogue, fund, mandate, as_of, ids)

    def _one_by_one(self, session: Session, asked: Question, as_of: date) -> Answer:
        """For a day or a revision for which no rows are kept: every deal is judged anew."""
        _, mandate, judged = self._judged(session, asked, as_of)
        found = ordered(chosen(judged, asked.expression), asked.order)
        start = _start([each.opened.deal.id for each in found], asked.cursor)
        page = found[start : start + asked.size]
        more = start + asked.size < len(found)
        counted = counts(judged, asked.expression, asked.facets)
        known = self.vocabulary()
        return Answer(
            judged=page,
            states=first_of_states(found, asked.of_each_state),
            facets={
                name: {**{value: [0, 0] for value in known.get(name, ())}, **each}
                for name, each in counted.items()
            },
            cursor=(start + asked.size, page[-1].opened.deal.id) if more else None,
            total=len(found),
            ask_fen=sum(each.opened.deal.terms.ask_fen for each in found),
            as_of=as_of,
            mandate=mandate,
            begun=_begun_after(session, asked, as_of),
        )


def _begun_after(session: Session, asked: Question, as_of: date) -> date | None:
    """The day of the fund's first deal if that is after the day asked for."""
    first = screened.first_day(session, asked.fund_id)
    return first if first is not None and as_of < first else None


def matched(judged: Judged) -> Matched:
    """A deal judged by itself, as a row would tell of it."""
    deal, values = judged.opened.deal, judged.values
    return Matched(
        deal.id,
        {name: judged.screening.scores.composite if name == "composite" else values[name] for name in SCORES},
        tuple(judged.gates[name].value for name in ("EARLY", "SMALL", "HARD")),
        Sla[str(values["sla"])],
    )


def _start(ids: list[str], cursor: Sequence[Any] | None) -> int:
    """The place after the last deal that was sent; its place at that time if it no longer matches."""
    if not cursor:
        return 0
    place, last = cursor
    return ids.index(last) + 1 if last in ids else int(place)


def _too_many(count: int) -> FailedPrecondition:
    fields = ", ".join(STEADY)
    return FailedPrecondition(
        Text(
            f"该基金有 {count} 个项目，按其他日期或规则修订须逐个重算，一次最多 {MOST_ONE_BY_ONE} 个；"
            f"请用 {fields} 缩小筛选范围（且不对这些字段要分面），或去掉 as_of_date、mandate_revision",
            f"the fund has {count} deals; on another day or by another revision each is judged anew, "
            f"{MOST_ONE_BY_ONE} at once: narrow the filter by {fields}, without facets of these, "
            "or leave as_of_date and mandate_revision out",
        ),
        reason="TOO_MANY_FOR_ANOTHER_DAY",
        metadata={"dealCount": str(count), "most": str(MOST_ONE_BY_ONE)},
    )
