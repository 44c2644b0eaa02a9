"""Who is recused from firms is told in the transaction that changes it, once, and at a start what was never told."""

import random
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from bole.events.v1.recusal_event_pb2 import RecusalState
from services.chassis.log.topics import RECUSALS
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import Declaration, InterestKind
from services.funding.domain.deal.states import ACTIVE
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.firm.firm import Firm
from services.funding.service.deals.deals import Lead
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.interests import firms_closed_to, tied_to
from services.funding.service.deals.recusals import Recusals
from services.funding.service.firms.firms import Firms
from services.funding.service.firms.identity import Identity
from services.funding.store import schema
from services.funding.store.deals import interests
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition
from tests.integration.funding.installed import Funding

WRITERS = 6


def open_deals(funding: Funding) -> Sequence[Deal]:
    with funding.database.read() as session:
        active = schema.deal.c.state.in_([state.name for state in ACTIVE])
        return session.scalars(select(Deal).where(active).order_by(schema.deal.c.id)).all()


def declare(funding: Funding, deal: Deal, who: str, kind: InterestKind) -> None:
    deals = funding.deals
    said = "" if kind is InterestKind.NONE else "持有其股东的份额"
    with funding.database.write() as session:
        people = Interests(deals.trail, Recusals(deals.journal), funding.clock, deals.ids)
        people.declare(session, deals.get(session, deal.id), who, [kind], said)


def told(funding: Funding) -> list[tuple[str, int, list[str]]]:
    """Everything that was told, in order."""
    outbox = schema.shared.outbox.c
    query = select(outbox.payload).where(outbox.topic == RECUSALS.name).order_by(outbox.position)
    with funding.database.read() as session:
        states = [RecusalState.FromString(payload) for payload in session.scalars(query)]
    return [(state.id, state.version, list(state.subjects)) for state in states]


def test_what_a_word_changes_is_told_with_it_and_nothing_else(stocked: Funding) -> None:
    deal = open_deals(stocked)[0]
    declare(stocked, deal, "b", InterestKind.NONE)
    assert told(stocked) == []
    declare(stocked, deal, "b", InterestKind.EQUITY)
    declare(stocked, deal, "a", InterestKind.KINSHIP)
    declare(stocked, deal, "a", InterestKind.ADVISER)
    stocked.clock.advance(timedelta(seconds=1))
    declare(stocked, deal, "b", InterestKind.NONE)
    firm = deal.firm_id
    assert told(stocked) == [(firm, 1, ["b"]), (firm, 2, ["a", "b"]), (firm, 3, ["a"])]
    with stocked.database.read() as session:
        assert (firms_closed_to(session, "a"), firms_closed_to(session, "b")) == ({firm}, set())


def test_what_stood_before_is_told_once_at_a_start(stocked: Funding) -> None:
    first, other, *_ = open_deals(stocked)
    for deal, kind in ((first, InterestKind.EQUITY), (other, InterestKind.NONE)):
        word = Declaration(
            deal_id=deal.id,
            number=1,
            member="earlier",
            kinds=(kind,),
            commitment="",
            circle="",
            at=stocked.clock.now(),
        )
        with stocked.database.write() as session:
            interests.save_declaration(session, word)
    for _ in range(2):
        with stocked.database.write() as session:
            Recusals(stocked.deals.journal).tell_all(session)
        assert told(stocked) == [(first.firm_id, 1, ["earlier"])]


def another(funding: Funding, deal: Deal) -> Deal:
    """A further round of the same firm."""
    lead = Lead(
        fund_id=deal.fund_id,
        firm_id=deal.firm_id,
        round_name="又一轮",
        terms=DealTerms(ask_fen=100),
        origin="SYNTHETIC",
        owner="",
        expert_rating=None,
        submitted=civil_date(funding.clock.now()),
        ref="",
    )
    with funding.database.write() as session:
        return funding.deals.open(session, lead, "tester")


def test_words_on_one_firm_at_once_are_all_told(stocked: Funding) -> None:
    """On several deals of it; whoever comes later waits, and tells of all before."""
    one = open_deals(stocked)[0]
    deals, barrier = (one, another(stocked, one)), Barrier(WRITERS)

    def act(number: int) -> None:
        barrier.wait()
        word = Declaration(
            deal_id=deals[number % 2].id,
            number=number + 1,
            member=f"m{number}",
            kinds=(InterestKind.EQUITY,),
            commitment="",
            circle="",
            at=stocked.clock.now(),
        )
        with stocked.database.write() as session:
            interests.save_declaration(session, word)
            Recusals(stocked.deals.journal).tell(session, [one.firm_id], word.member)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(act, range(WRITERS)))
    found = told(stocked)
    assert [each[:2] for each in found] == [(one.firm_id, number + 1) for number in range(WRITERS)]
    assert found[-1][2] == [f"m{number}" for number in range(WRITERS)]


def test_whatever_is_declared_merged_and_parted_the_last_told_is_who_is_recused(stocked: Funding) -> None:
    """A random walk over three firms."""
    draw, deals = random.Random(5), stocked.deals
    walked = list({deal.firm_id: deal for deal in open_deals(stocked)}.values())[:3]
    identity = Identity(Firms(stocked.imports.catalogue, deals.journal, stocked.clock, deals.ids))
    merges = 0
    for _ in range(40):
        stocked.clock.advance(timedelta(minutes=1))
        one, other = draw.sample(walked, 2)
        if draw.random() < 0.6:
            kind = draw.choice((InterestKind.NONE, InterestKind.EQUITY))
            declare(stocked, one, draw.choice("abc"), kind)
        else:
            with suppress(FailedPrecondition), stocked.database.write() as session:
                record, survivor = (session.get_one(Firm, each.firm_id) for each in (one, other))
                if record.merged_into:
                    identity.split(session, record, "误并", "manager")
                else:
                    identity.merge(session, record, survivor, "同一企业", "manager")
                merges += 1
        last = {firm: subjects for firm, _, subjects in told(stocked)}
        with stocked.database.read() as session:
            tied = tied_to(session, [each.firm_id for each in walked])
        assert {firm: sorted(who) for firm, who in tied.items() if who} == {
            firm: subjects for firm, subjects in last.items() if subjects
        }
    assert merges > 3
    versions = defaultdict[str, list[int]](list)
    for id_, version, _ in told(stocked):
        versions[id_].append(version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
