"""Kept rows as time goes by: the turn of the day, revisions and waivers from and until a day, and the upgrade."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, text, update

from services.catalogue import load
from services.chassis.filtering import parse
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.fund.fund import Fund
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.compliance import Compliance
from services.funding.service.deals.screening.asking import Question
from services.funding.service.funds.mandates import Mandates
from services.funding.store import schema
from services.funding.store.deals import screened
from services.funding.store.deals.screening import schema as fields
from tests.integration.funding.installed import Funding
from tests.integration.funding.screening import CATALOGUE, FILTERS, Kept, level, names
from tests.integration.funding.test_deals import leads


def test_the_day_turns_and_only_what_is_due_is_made_anew(kept: Kept) -> None:
    day = kept.today
    for days in (1, 1, 27, 200, 900):
        kept.funding.clock.advance(timedelta(days=days))
        day += timedelta(days=days)
        assert kept.turner.turn() > 0
        assert kept.turner.turn() == 0
        level(kept, FILTERS[:3])
        with kept.funding.database.read() as session:
            assert {each.day for each in screened.days(session).values()} == {day}


def test_an_approved_revision_reads_the_deals_from_its_first_day(kept: Kept) -> None:
    funding, catalogue_mandates = kept.funding, Mandates(CATALOGUE, kept.funding.clock)
    begins = kept.today + timedelta(days=2)
    with funding.database.write() as session:
        fund_id = max(
            session.scalars(select(schema.fund.c.id)), key=lambda id_: screened.number_of_deals(session, id_)
        )
        fund, rules = fund_with_mandate(session, fund_id)
        before = fund.version
        stricter = replace(rules, effective_from=begins, ticket_max_fen=1)
        made = catalogue_mandates.propose(session, fund, stricter, "试", "manager")
        catalogue_mandates.decide(session, fund, made.rules.revision, "supervisor", "文", approve=True)
    question = Question(
        fund_id=fund_id, expression=parse("blocking:TICKET_TOO_LARGE", fields(CATALOGUE)), size=1
    )
    seen = {}
    for day in range(3):
        kept.turner.turn()
        with funding.database.read() as session:
            answer = kept.screens.ask(session, question, kept.today)
            deals = screened.number_of_deals(session, fund_id)
            seen[day] = (answer.mandate.revision, answer.total == deals)
            told = session.get_one(Fund, fund_id).version - before
        assert told == (1 if day == 2 else 0)
        funding.clock.advance(timedelta(days=1))
    assert seen == {0: (1, False), 1: (1, False), 2: (2, True)}


def test_a_waiver_is_in_the_rows_at_once_and_gone_with_its_day(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    compliance = Compliance(load(), kept.funding.clock)
    with kept.funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        for code in ("SINGLE_PROJECT_CONCENTRATION", "EVIDENCE_STALE"):
            waiver = Waiver(code, "纪要", "secretary", kept.today + timedelta(days=1), "补充材料")
            compliance.waive(session, deal, waiver)
        session.execute(update(schema.fund).where(schema.fund.c.id == deal.fund_id).values(paid_in_fen=100))
        fund_id = deal.fund_id
    question = Question(
        fund_id=fund_id,
        expression=parse("blocking:SINGLE_PROJECT_CONCENTRATION", fields(CATALOGUE)),
        size=500,
    )
    blocked = []
    for _ in range(3):
        level(kept, FILTERS[:4])
        with kept.funding.database.read() as session:
            blocked.append(id_ in names(kept.screens.ask(session, question, kept.today).judged))
        kept.funding.clock.advance(timedelta(days=1))
        kept.turner.turn()
    assert blocked == [False, False, True]


def test_deals_from_before_there_were_rows_are_screened_by_the_upgrade(stocked: Funding) -> None:
    with stocked.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM screened")) == 0
    kept = Kept.over(stocked)
    assert kept.turner.turn() > 0
    assert level(kept) > 60
