"""Decisions that lapse, are taken up again, are superseded, and interests asked about anew."""

from datetime import date, timedelta

import pytest

from services.funding.domain.committee.committee import Seat, Tier
from services.funding.domain.committee.vote import Purpose
from services.funding.domain.deal.actions import Action, DeclineCode
from services.funding.domain.deal.interest import InterestKind, Standing
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.firm_people import FirmPerson, Part
from services.funding.service.deals.committees import Committees
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.interests import standings
from services.funding.service.deals.recusals import Recusals
from services.funding.service.lapsing import Lapser
from services.funding.store.deals import committees
from services.funding.store.firms.identity import save_people
from services.kernel.errors import AlreadyExists, FailedPrecondition
from tests.integration.funding.dossier import UNTIL_APPROVED, advance, deal_of
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import WAY, fund_of, leads, step, take


def test_an_approval_lapses_by_itself_and_its_capital_is_free_again(stocked: Funding) -> None:
    ids = leads(stocked, 2)
    for id_ in ids:
        advance(stocked, id_, UNTIL_APPROVED)
    held = fund_of(stocked, ids[0]).headroom_fen
    lapser = Lapser(stocked.database, stocked.deals, stocked.clock)
    stocked.clock.advance(timedelta(days=180))
    assert lapser.lapse_due() == 0
    stocked.clock.advance(timedelta(days=1))
    take(stocked, ids[1], step(stocked, Action.HOLD, WAY[0][1], review_on=date(2027, 2, 1)))
    assert lapser.lapse_due() >= 2
    assert lapser.lapse_due() == 0
    with stocked.database.read() as session:
        for id_ in ids:
            deal = deal_of(stocked, session, id_)
            assert (deal.state, deal.transitions[-1].actor) == (DealState.LAPSED, "system")
    ticket = deal.terms.ask_fen
    assert fund_of(stocked, ids[0]).headroom_fen >= held + 2 * ticket


def test_a_declined_deal_is_taken_up_again_as_a_new_one(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    with stocked.database.write() as session:
        with pytest.raises(FailedPrecondition) as caught:
            stocked.deals.reopen(session, deal_of(stocked, session, id_), "条件变化", "manager")
        assert caught.value.reason == "NOT_ENDED"
    take(stocked, id_, step(stocked, Action.DECLINE, WAY[0][1], decline_codes=(DeclineCode.TEAM,)))
    with stocked.database.write() as session:
        old = deal_of(stocked, session, id_)
        version = old.version
        new = stocked.deals.reopen(session, old, "团队补强", "manager")
        assert (new.state, new.reopened_from, new.terms) == (DealState.LEAD, id_, old.terms)
        assert (old.state, old.version) == (DealState.DECLINED, version)
        with pytest.raises(AlreadyExists):
            stocked.deals.reopen(session, old, "再来", "manager")


def test_votes_are_counted_once_and_decisions_supersede(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    advance(stocked, id_, UNTIL_APPROVED)
    stocked.clock.advance(timedelta(minutes=1))
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        vote = stocked.vote(session, deal, Tier.EXTERNAL, purpose=Purpose.CORRECTION)
        said = {"conditions": "完成专利转让", "reason": "补充条件", "actor": "secretary"}
        made = stocked.deals.voting.correct(session, deal, vote, **said)
        assert (made.number, made.supersedes) == (3, 2)
        assert [each.supersedes for each in committees.decisions(session, id_)] == [0, 0, 2]


def test_interests_are_asked_about_again_when_the_firms_people_change(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    people = Interests(stocked.deals.trail, Recusals(stocked.deals.journal), stocked.clock, stocked.deals.ids)

    def standing_of(member: str) -> Standing:
        with stocked.database.read() as session:
            deal = deal_of(stocked, session, id_)
            return standings(session, [deal])[id_][member]

    def people_are(*names: str) -> None:
        with stocked.database.write() as session:
            firm_id = deal_of(stocked, session, id_).firm_id
            save_people(session, firm_id, [FirmPerson(Part.SHAREHOLDER, name, 1) for name in names])

    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        seats = [Seat(member="li", name="李明"), *(Seat(member=each) for each in ("wang", "zhao"))]
        Committees(stocked.clock, stocked.deals.ids).set_up(session, deal.fund_id, Tier.INTERNAL, seats)
        for member in ("li", "wang"):
            people.declare(session, deal, member, [InterestKind.NONE], "")
    assert (standing_of("li"), standing_of("wang")) == (Standing.CLEAR, Standing.CLEAR)
    people_are("陈晨")
    assert (standing_of("li"), standing_of("wang")) == (Standing.ASK_AGAIN, Standing.ASK_AGAIN)
    people_are("陈晨", "李明")
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        for member in ("li", "wang"):
            made = people.declare(session, deal, member, [InterestKind.NONE], "")
        assert made.standing is Standing.CLEAR
    assert (standing_of("li"), standing_of("wang")) == (Standing.CONTRADICTED, Standing.CLEAR)
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        settled = people.resolve(session, deal, 3, recused=False, reason="同名，非本人", actor="secretary")
        assert settled.standing is Standing.CLEAR
        assert "李明" not in str(settled.against)
