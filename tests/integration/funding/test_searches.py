"""Saved searches on a database: what is told, once a day, to whom it belongs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, true, update

from services.catalogue import load
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm, FirmFacts, revise
from services.funding.domain.fund.fund import Fund
from services.funding.domain.pipeline.stage_times import ALLOWED_DAYS
from services.funding.domain.screening.saved_search import AlertKind, SavedSearch
from services.funding.service.deals.analysis import Analysis
from services.funding.service.deals.screening.asking import Screens
from services.funding.service.deals.screening.keeping import Keeper
from services.funding.service.deals.screening.rows import RowMaker
from services.funding.service.deals.screening.turning import Turner
from services.funding.service.deals.searches import Searches, Watcher
from services.funding.store import schema
from services.funding.store.deals import searches
from services.kernel.errors import InvalidArgument, NotFound, ResourceExhausted
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import MANAGER, leads, step, take

CATALOGUE = load()


@pytest.fixture
def watcher(screening: Funding) -> Watcher:
    deals = screening.deals
    return Watcher(
        screening.database, Screens(CATALOGUE), CATALOGUE, deals.journal, screening.clock, deals.ids
    )


def save(funding: Funding, fund_id: str, **more: Any) -> SavedSearch:
    given = SavedSearch(
        id=funding.deals.ids.new(),
        owner="analyst",
        title="关注",
        fund_id=fund_id,
        filter="state = LEAD OR state = SUBMITTED",
        order_by="",
        columns=(),
        pinned_revision=None,
        crossing_score="hard",
        crossing_value=1.0,
        headroom_below_fen=None,
        whole_fund=True,
        created_at=funding.clock.now(),
    )
    with funding.database.write() as session:
        return Searches(funding.deals.journal, funding.clock).create(session, replace(given, **more))


def told(funding: Funding, owner: str = "analyst") -> list[tuple[AlertKind, str]]:
    with funding.database.read() as session:
        found = searches.alerts(session, owner, "", "", 1_000, acknowledged=True)
    return sorted((each.kind, each.deal_id) for each in found)


def firm_of(funding: Funding, deal_id: str) -> tuple[str, str]:
    with funding.database.read() as session:
        deal = session.get_one(Deal, deal_id)
        return deal.fund_id, deal.firm_id


def test_a_deal_that_enters_and_leaves_is_told_once_a_day(screening: Funding, watcher: Watcher) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    search = save(screening, fund_id, filter="state = SUBMITTED")
    assert watcher.look() == 0  # where alerts begin from
    take(screening, id_, step(screening, Action.SUBMIT, MANAGER))
    assert watcher.look() == 1
    assert watcher.look() == 0
    assert told(screening) == [(AlertKind.NEW_MATCH, id_)]
    screening.clock.advance(timedelta(days=1))
    take(screening, id_, step(screening, Action.WITHDRAW, MANAGER))
    assert watcher.look() == 1
    assert told(screening) == [(AlertKind.LEFT, id_), (AlertKind.NEW_MATCH, id_)]
    with screening.database.read() as session:
        events = session.scalar(
            select(func.count()).where(schema.shared.outbox.c.topic == "bole.screening-alerts.v1")
        )
        kept = searches.one(session, search.id, "analyst")
        assert searches.one(session, search.id, "somebody") is None
    assert events == 2
    assert kept
    assert kept.looked


def test_what_changes_between_the_first_look_and_the_keeping_is_told(
    screening: Funding, watcher: Watcher
) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    search = save(screening, fund_id, filter="state = SUBMITTED")
    with screening.database.read() as session:
        first = watcher.first_look(session, search)
    take(screening, id_, step(screening, Action.SUBMIT, MANAGER))
    with screening.database.write() as session:
        assert watcher.begin(session, search, first).deal_count == 0
    watcher.look()
    assert told(screening) == [(AlertKind.NEW_MATCH, id_)]


def test_changes_of_scores_gates_time_and_capital_are_told(screening: Funding, watcher: Watcher) -> None:
    [id_] = leads(screening, 1)
    fund_id, firm_id = firm_of(screening, id_)
    take(screening, id_, step(screening, Action.SUBMIT, MANAGER))
    with screening.database.read() as session:
        free = session.get_one(Fund, fund_id).headroom_fen
    save(screening, fund_id, filter="state = SUBMITTED", crossing_value=20.0, headroom_below_fen=free)
    watcher.look()
    with screening.database.write() as session:
        firm = session.get_one(Firm, firm_id)
        assert firm.snapshot
        known = {name: getattr(firm, name) for name in FirmFacts.__dataclass_fields__}
        known["snapshot"] = replace(
            firm.snapshot, inventions=0, pct=0, utility=0, software=0, rd_cost_fen=0, rd_staff=0
        )
        revise(firm, FirmFacts(**known), at=screening.clock.now())
        session.execute(
            update(schema.fund)
            .where(schema.fund.c.id == fund_id)
            .values(reserved_fen=schema.fund.c.reserved_fen + 1)
        )
    watcher.look()
    kinds = {kind for kind, deal in told(screening) if deal in (id_, "")}
    assert kinds == {AlertKind.SCORE_CROSSED, AlertKind.GATE_CHANGED, AlertKind.HEADROOM_BELOW}
    screening.clock.advance(timedelta(days=ALLOWED_DAYS[funding_state(screening, id_)] + 1))
    watcher.look()
    assert (AlertKind.SLA_DUE, id_) in told(screening)
    analysis = Analysis(CATALOGUE, watcher.screens)
    with screening.database.read() as session:
        stalled = analysis.stalled(session, fund_id, true(), screening.clock.now())
    assert id_ in {each.deal_id for each in stalled}
    assert all(each.days >= ALLOWED_DAYS[each.state] for each in stalled)


def funding_state(funding: Funding, id_: str) -> Any:
    with funding.database.read() as session:
        return session.get_one(Deal, id_).state


def test_a_pinned_revision_judges_the_search_whatever_is_in_force(
    screening: Funding, watcher: Watcher
) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    for revision in (None, 1):
        save(screening, fund_id, pinned_revision=revision, owner=f"reader-{revision}")
    watcher.look()
    with screening.database.read() as session:
        counts = {
            each.deal_count
            for owner in ("reader-None", "reader-1")
            for each in searches.of_owner(session, owner)
        }
    assert len(counts) == 1
    assert counts.pop() > 0
    with pytest.raises(NotFound):
        save(screening, fund_id, pinned_revision=99)


def test_a_member_is_told_of_deals_only_after_declaring_no_interest(
    screening: Funding, watcher: Watcher
) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    save(screening, fund_id, owner="m1", whole_fund=False, filter="")
    watcher.look()
    take(screening, id_, step(screening, Action.SUBMIT, MANAGER))
    watcher.look()
    assert told(screening, "m1") == []
    with screening.database.write() as session:
        screening.declare(session, session.get_one(Deal, id_), "m1")
    watcher.look()
    assert told(screening, "m1") == [(AlertKind.NEW_MATCH, id_)]


def test_searches_and_alerts_are_their_owners(screening: Funding, watcher: Watcher) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    search = save(screening, fund_id, filter="state = SUBMITTED")
    watcher.look()
    take(screening, id_, step(screening, Action.SUBMIT, MANAGER))
    watcher.look()
    cases = Searches(screening.deals.journal, screening.clock)
    with screening.database.read() as session:
        [alert] = searches.alerts(session, "analyst", search.id, "", 10, acknowledged=False)
    with screening.database.write() as session, pytest.raises(NotFound):
        cases.acknowledge(session, "somebody", alert.id)
    with screening.database.write() as session:
        noted = cases.acknowledge(session, "analyst", alert.id)
        assert cases.acknowledge(session, "analyst", alert.id) == noted
    with screening.database.read() as session:
        assert searches.alerts(session, "analyst", "", "", 10, acknowledged=False) == []
    with screening.database.write() as session, pytest.raises(NotFound):
        cases.delete(session, "somebody", search.id)
    with screening.database.write() as session:
        cases.delete(session, "analyst", search.id)
    assert told(screening) == []
    assert watcher.look() == 0


def test_there_is_an_end_to_searches(
    screening: Funding, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.funding.service.deals.searches.MOST_SEARCHES", 1)
    fund_id, _ = firm_of(screening, leads(screening, 1)[0])
    save(screening, fund_id)
    with pytest.raises(ResourceExhausted):
        save(screening, fund_id)


def test_the_turn_of_the_day_is_what_searches_see(screening: Funding, watcher: Watcher) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    save(screening, fund_id, filter="NOT blocking:FUND_TERM_TOO_SHORT AND state = LEAD")
    watcher.look()
    keeper = Keeper(RowMaker(CATALOGUE), screening.clock)
    screening.clock.advance(timedelta(days=365 * 14))
    Turner(screening.database, keeper, screening.deals.journal, screening.clock).turn()
    watcher.look()
    assert (AlertKind.LEFT, id_) in told(screening)


def test_a_search_that_cannot_be_read_any_more_keeps_no_other_from_its_alerts(
    screening: Funding, watcher: Watcher
) -> None:
    [id_] = leads(screening, 1)
    fund_id, _ = firm_of(screening, id_)
    former, other = (save(screening, fund_id, filter="state = SUBMITTED") for _ in range(2))
    assert (former.id < other.id, watcher.look()) == (True, 0)
    with screening.database.write() as session:
        table = schema.saved_search
        session.execute(update(table).where(table.c.id == former.id).values(filter="a_field_of_before = 1"))
    take(screening, id_, step(screening, Action.SUBMIT, MANAGER))
    with pytest.raises(InvalidArgument):
        watcher.look()
    assert told(screening) == [(AlertKind.NEW_MATCH, id_)]
