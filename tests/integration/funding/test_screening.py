"""The kept rows of screenings against deals judged one by one: the same deals, order, counts and sums."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.chassis.filtering import parse, parse_order
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm, FirmFacts, revise
from services.funding.domain.screening.screening import Standing
from services.funding.service.deals.screening import asking
from services.funding.service.deals.screening.asking import Question
from services.funding.store.deals import reports, screened
from services.funding.store.deals.screening import SORTABLE
from services.funding.store.deals.screening import schema as fields
from services.kernel.errors import FailedPrecondition, InvalidArgument
from tests.integration.funding.screening import CATALOGUE, FILTERS, ORDERS, Kept, funds, level, names
from tests.integration.funding.test_deals import WAY, leads, step, take


def test_rows_agree_with_deals_judged_one_by_one_after_every_kind_of_change(kept: Kept) -> None:
    funding = kept.funding
    ids = leads(funding, 3)
    assert level(kept, FILTERS[:4]) > 0
    for action, actor in WAY:
        funding.clock.advance(timedelta(minutes=1))
        funding.people_do(action, ids[0])
        take(funding, ids[0], step(funding, action, actor))
        if action in (Action.APPROVE, Action.SIGN, Action.CLOSE):
            level(kept, FILTERS[:2])
    with funding.database.read() as session:
        runs = reports.of_deal(session, ids[0])
    assert [each.occasion for each in runs[::-1]] == [
        "INITIATE",
        "SUBMIT_TO_COMMITTEE",
        "PASS_INTERNAL",
        "APPROVE",
        "SIGN",
    ]
    assert all(reports.recompute(each).same for each in runs)
    assert all(each.standing is not Standing.INELIGIBLE for each in runs)
    with funding.database.write() as session:
        deal = session.get_one(Deal, ids[1])
        firm = session.get_one(Firm, deal.firm_id)
        assert firm.snapshot
        known = {name: getattr(firm, name) for name in FirmFacts.__dataclass_fields__}
        known["snapshot"] = replace(firm.snapshot, abnormal=True, staff=299, rd_staff=1, bachelor_staff=None)
        revise(firm, FirmFacts(**{**known, "city": "nantong"}), at=funding.clock.now())
    assert level(kept) > 60


def test_pages_follow_one_another_without_a_gap(kept: Kept) -> None:
    expression = parse("", fields(CATALOGUE))
    with kept.funding.database.read() as session:
        for fund_id in funds(kept):
            for order in ORDERS:
                terms = parse_order(order, SORTABLE)
                question = Question(fund_id=fund_id, expression=expression, order=terms, size=10_000)
                whole = [
                    each.opened.deal.id for each in kept.screens.ask(session, question, kept.today).judged
                ]
                seen: list[str] = []
                question = replace(question, size=7)
                while True:
                    answer = kept.screens.ask(session, question, kept.today)
                    seen += names(answer.judged)
                    if answer.cursor is None:
                        break
                    question = replace(question, cursor=answer.cursor)
                assert seen == whole


def test_the_first_of_each_state_are_those_of_pages_of_that_state(kept: Kept) -> None:
    """By the kept rows as for another day, where deals are judged one by one; the page is as without them."""
    seen = 0
    with kept.funding.database.read() as session:
        for fund_id in funds(kept):
            asked = Question(
                fund_id=fund_id, expression=parse("", fields(CATALOGUE)), of_each_state=3, size=2
            )
            for question in (asked, replace(asked, as_of=kept.today + timedelta(days=1))):
                answer = kept.screens.ask(session, question, kept.today)
                alone = kept.screens.ask(session, replace(question, of_each_state=0), kept.today)
                assert (names(answer.judged), alone.states) == (names(alone.judged), {})
                for state, first in answer.states.items():
                    of_state = parse(f"state = {state.name}", fields(CATALOGUE))
                    page = replace(question, expression=of_state, of_each_state=0, size=3)
                    assert names(first) == names(kept.screens.ask(session, page, kept.today).judged)
                    seen += 1
    assert seen > 6


def test_a_question_beyond_what_can_be_answered_is_refused_with_what_can(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another day is judged within what narrows it on any day; an unknown dimension is refused with those there are."""
    with kept.funding.database.read() as session:
        fund_id = max(funds(kept), key=lambda each: screened.number_of_deals(session, each))
        filter_ = "state = SCREENING AND eligible = true"
        asked = Question(
            fund_id=fund_id,
            expression=parse(filter_, fields(CATALOGUE)),
            as_of=kept.today + timedelta(days=1),
            size=10_000,
        )
        whole = kept.screens.ask(session, asked, kept.today)
        every = replace(asked, expression=parse("state = SCREENING", fields(CATALOGUE)))
        count = kept.screens.ask(session, every, kept.today).total
        assert 0 < count < screened.number_of_deals(session, fund_id)
        monkeypatch.setattr(asking, "MOST_ONE_BY_ONE", count)
        narrowed = kept.screens.ask(session, asked, kept.today)
        assert (names(narrowed.judged), narrowed.total) == (names(whole.judged), whole.total)
        wide = parse("eligible = true", fields(CATALOGUE))
        for beyond in (replace(asked, expression=wide), replace(asked, facets=("state",))):
            with pytest.raises(FailedPrecondition) as error:
                kept.screens.ask(session, beyond, kept.today)
            assert error.value.reason == "TOO_MANY_FOR_ANOTHER_DAY"
            assert "city_code" in error.value.text.en
    question = Question(fund_id=funds(kept)[0], expression=parse("", fields(CATALOGUE)), facets=["mood"])
    with kept.funding.database.read() as session, pytest.raises(InvalidArgument) as refused:
        kept.screens.ask(session, question, kept.today)
    assert "city_code" in refused.value.text.en
