"""Every change of state leaves exactly one event: what the log will tell is what history holds, in the same order."""

import random
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.states import ACTIVE
from services.funding.domain.deal.step import Actor, Step
from services.funding.store import schema
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_investments import holdings, sell

STEPS = 40
VERBS = (Action.SUBMIT, Action.START_SCREENING, Action.HOLD, Action.RESUME, Action.DECLINE, Action.WITHDRAW)


def test_whatever_is_done_history_and_outbox_tell_the_same_once(stocked: Funding) -> None:
    """Steps of all kinds, many of them refused, by one who may do everything."""
    draw, done = random.Random(18), 0
    with stocked.database.read() as session:
        active = schema.deal.c.state.in_([state.name for state in ACTIVE])
        query = select(schema.deal.c.id).where(active).order_by(schema.deal.c.id).limit(5)
        ids = list(session.scalars(query))
    for number in range(STEPS):
        stocked.clock.advance(timedelta(minutes=1))
        at = stocked.clock.now()
        step = Step(
            action=draw.choice(VERBS),
            actor=Actor("everybody", frozenset(Role)),
            at=at,
            reason="说明",
            evidence=tuple(Evidence(kind, f"{kind}{number}", f"{number:064x}", at) for kind in EvidenceKind),
            decline_codes=(DeclineCode.TEAM,),
            review_on=civil_date(at) + timedelta(days=30),
        )
        with suppress(BoleError), stocked.database.write() as session:
            deal: Deal = stocked.deals.get(session, draw.choice(ids))
            stocked.deals.take(session, deal, step)
            done += 1
    for held in holdings(stocked)[:3]:
        sell(stocked, held, 5, 1)
    assert 0 < done < STEPS
    history, outbox = schema.shared.history.c, schema.shared.outbox.c
    kept = defaultdict[tuple[str, str], list[tuple[int, object]]](list)
    sent = defaultdict[tuple[str, str], list[object]](list)
    with stocked.database.read() as session:
        rows = session.execute(
            select(history.entity, history.id, history.version, history.state).order_by(history.version)
        ).all()
        for entity, id_, version, state in rows:
            kept[entity, id_].append((version, state))
        events = select(outbox.aggregatetype, outbox.aggregateid, outbox.payload).order_by(outbox.position)
        for entity, id_, payload in session.execute(events):
            sent[entity, id_].append(payload)
        deals = {deal.id: deal.version for deal in session.scalars(select(Deal))}
    assert {key: [state for _, state in found] for key, found in kept.items()} == sent
    for (entity, id_), found in kept.items():
        if entity == "deal":
            versions = [version for version, _ in found]
            assert versions == list(range(versions[0], deals[id_] + 1))
