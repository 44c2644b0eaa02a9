"""The trail of a deal: one chain of hashes that nobody rewrites, and words about people beside it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bole.events.v1 import deal_event_pb2
from services.funding.domain.deal.deal import replay
from services.funding.domain.deal.interest import InterestKind
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.recusals import Recusals
from services.funding.service.dossier import verifier
from services.funding.service.dossier.assembling import dossier_of, first_broken
from services.funding.service.dossier.bundle import bundle
from services.funding.service.dossier.determining import Determining
from services.funding.store.deals import trails
from services.kernel.errors import NotFound
from tests.integration.funding.dossier import advance, deal_of, dossier
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import WAY, leads


def test_words_about_people_are_erased_and_the_chain_stays_whole(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    people = Interests(stocked.deals.trail, Recusals(stocked.deals.journal), stocked.clock, stocked.deals.ids)
    determining = Determining(stocked.deals.trail, stocked.clock)
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        people.declare(session, deal, "li", [InterestKind.KINSHIP], "其兄为董事")
        [commitment] = trails.private_texts(session, id_)
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        assert (
            determining.erase_words(session, deal, "interests", 1, reason="本人要求", actor="auditor")
            == commitment
        )
        with pytest.raises(NotFound):
            determining.erase_words(session, deal, "interests", 1, reason="本人要求", actor="auditor")
    with stocked.database.read() as session:
        deal = deal_of(stocked, session, id_)
        assert first_broken(session, id_) is None
        now = dossier_of(session, deal, stocked.clock.now())
        packed, seal = bundle(session, now, "auditor", with_words=True)
        assert "其兄为董事".encode() not in packed
        assert any(commitment in link.text for link in trails.links(session, id_))
    verifier.verify(packed, seal)


def test_an_entry_cannot_be_changed_and_a_forged_one_is_found(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    advance(stocked, id_, WAY[:2])
    for statement in ("DELETE FROM trail", "UPDATE trail SET actor = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), stocked.database.write() as session:
            session.execute(text(statement))
    with stocked.database.write() as session:
        last = trails.head(session, id_)
        forged = {"deal_id": id_, "sequence": last.sequence + 1, "kind": "X", "actor": "x"}
        session.execute(
            text(
                "INSERT INTO trail (deal_id, sequence, kind, actor, at, text, hash) "
                "VALUES (:deal_id, :sequence, :kind, :actor, CURRENT_TIMESTAMP, '{}', :hash)"
            ),
            {**forged, "hash": bytes(32)},
        )
    assert dossier(stocked, id_).broken == last.sequence + 1


def test_every_step_leaves_one_event_in_order_and_the_head_of_the_trail_goes_with_it(
    stocked: Funding,
) -> None:
    [id_] = leads(stocked, 1)
    advance(stocked, id_)
    with stocked.database.read() as session:
        deal = deal_of(stocked, session, id_)
        query = text(
            "SELECT payload FROM outbox WHERE aggregateid = :id AND aggregatetype = 'deal' ORDER BY position"
        )
        events = session.execute(query, {"id": id_}).all()
        known = {link.sequence: link.hash for link in trails.links(session, id_)}
    states = [deal_event_pb2.DealState.FromString(event.payload) for event in events]
    assert [each.version for each in states] == list(range(2, deal.version + 1))
    assert len(states) == len(deal.transitions) + 1  # the team was set once
    assert all(known[each.trail_sequence] == each.trail_hash for each in states)
    assert [each.trail_sequence for each in states] == sorted({each.trail_sequence for each in states})
    assert replay(deal.transitions) is deal.state
