"""A new edition of the catalogue over the funds, firms and deals of the one before: renamed, split, added."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from services.catalogue import Catalogue, load
from services.catalogue.succession import Edition, Succession
from services.chassis.log.topics import DEALS, FIRMS
from services.chassis.storage.db import Database
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.pipeline.hiring import HiringPlan, PlannedHire
from services.funding.service.deals.screening.asking import Screens
from services.funding.service.deals.screening.keeping import Keeper
from services.funding.service.deals.screening.rows import RowMaker
from services.funding.service.deals.screening.turning import Turner
from services.funding.service.deals.searches import Watcher
from services.funding.service.firms.firms import Firms
from services.funding.service.succeeding import Succeeding
from services.funding.store import repository, schema, succession
from services.funding.store.deals import searches
from services.funding.store.funds import mandates
from services.kernel.clock import civil_date
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_searches import save
from tests.unit.catalogue.test_local import BUNKERING, file

NOW = load()
OWN = "local-h2-bunkering"


def later(renamed: str, split: str, parts: tuple[str, str]) -> Catalogue:
    """The catalogue after: `renamed` has another code, `split` two."""
    codes = {renamed: ("renamed-x",), split: parts}
    industries = tuple(
        replace(
            industry,
            directions=tuple(
                replace(each, id=code, parent=None)
                for each in industry.directions
                for code in codes.get(each.id, (each.id,))
            ),
        )
        for industry in NOW.industries
    )
    gone = {renamed: (("renamed-x", 1000),), split: ((parts[0], 700), (parts[1], 300))}
    return replace(NOW, industries=industries, succession=Succession((Edition(NOW.version, gone),)))


def firms_by_leaf(funding: Funding) -> Counter[str]:
    """How many firms with deals stand under each direction that has a name in the document."""
    with funding.database.read() as session:
        query = select(Firm).join(Deal, schema.deal.c.firm_id == schema.firm.c.id).distinct()
        codes = Counter(code for firm in session.scalars(query) for code, _ in firm.direction_shares)
    named = {each.id for each in NOW.directions}
    return Counter({code: count for code, count in codes.items() if code in named})


def carry(funding: Funding, catalogue: Catalogue) -> int:
    """What the service does before it serves."""
    journal, clock = funding.deals.journal, funding.clock
    database = Database(funding.database.engine)
    done = Succeeding(Firms(catalogue, journal, clock, funding.deals.ids)).run(database)
    Turner(database, Keeper(RowMaker(catalogue), clock), journal, clock).turn()
    return done


def blocking(funding: Funding) -> dict[str, tuple[str, ...]]:
    with funding.database.read() as session:
        table = schema.screened
        return dict(session.execute(select(table.c.deal_id, table.c.blocking)).all())


def told(funding: Funding, topic: str) -> int:
    with funding.database.read() as session:
        outbox = schema.shared.outbox
        return session.scalar(select(func.count()).where(outbox.c.topic == topic)) or 0


@pytest.fixture
def loaded(funding: Funding, workbook: bytes) -> Funding:
    Keeper(RowMaker(NOW), funding.clock).attach(funding.database)
    funding.load(workbook)
    return funding


def test_firms_deals_mandates_and_searches_stand_under_todays_directions(loaded: Funding) -> None:
    (renamed, _), (split, _) = firms_by_leaf(loaded).most_common(2)
    parts = ("part-a", "part-b")
    was, firms, deals = blocking(loaded), told(loaded, FIRMS.name), told(loaded, DEALS.name)
    with loaded.database.write() as session:
        deal = session.scalars(select(Deal).order_by(schema.deal.c.id)).first()
        assert deal is not None
        deal.hiring_plan = HiringPlan(
            (PlannedHire(split, "outstanding-engineer", 11), PlannedHire("", "x", 2))
        )
        deal.version += 1
        id_, fund_id = deal.id, deal.fund_id
    asked = f"direction_code : {renamed} OR NOT direction_code : {split}"
    search = save(loaded, fund_id, filter=f"{asked} AND direction_code : {split}")
    looked = Watcher(loaded.database, Screens(NOW), NOW, loaded.deals.journal, loaded.clock, loaded.deals.ids)
    looked.look()

    after = later(renamed, split, parts)
    done = carry(loaded, after)
    assert done > 2
    assert carry(loaded, after) == 0
    with loaded.database.read() as session:
        assert not firms_by_leaf(loaded).keys() & {renamed, split}
        assert succession.strange(session, {leaf.code for leaf in after.leaves}) == []
        plan = session.get_one(Deal, id_).hiring_plan
        assert plan is not None
        assert [(each.leaf, each.heads) for each in plan.hires] == [("part-a", 8), ("part-b", 3), ("", 2)]
        kept = searches.one(session, search.id)
        assert kept is not None
        assert renamed not in kept.filter.split()
        split_now = "direction_code : part-a OR direction_code : part-b"
        assert f"NOT ({split_now})" in kept.filter
        assert kept.filter.count(split_now) == 2
        for rules in repository.mandates_of(session, fund_id):
            assert not set(rules.leaves) & {renamed, split}
            assert next(each.rules.leaves for each in mandates.revisions(session, fund_id)) == rules.leaves
        stored = session.scalars(select(schema.mandate.c.rules)).all()
        assert any({renamed, split} & set(each.leaves) for each in stored)
    assert blocking(loaded) == was
    assert told(loaded, FIRMS.name) > firms
    assert told(loaded, DEALS.name) == deals + 1
    today = Watcher(
        Database(loaded.database.engine),
        Screens(after),
        after,
        loaded.deals.journal,
        loaded.clock,
        loaded.deals.ids,
    )
    assert today.look() == 0


def test_a_direction_that_an_industry_gains_belongs_to_its_mandates(loaded: Funding) -> None:
    region = load(file(BUNKERING))
    was = blocking(loaded)
    assert carry(loaded, region) > 0
    assert carry(loaded, region) == 0
    assert blocking(loaded) == was
    with loaded.database.read() as session:
        for fund_id in repository.fund_ids(session):
            for rules in repository.mandates_of(session, fund_id):
                wide = "hydrogen" in rules.industries or not rules.industries
                assert (OWN in rules.leaves) == wide
    assert carry(loaded, NOW) > 0
    with loaded.database.read() as session:
        assert session.scalar(select(func.count()).select_from(schema.mandate_scope)) == 0


def test_what_was_known_of_a_firm_is_read_in_todays_codes(loaded: Funding) -> None:
    (renamed, _), (split, _) = firms_by_leaf(loaded).most_common(2)
    after = later(renamed, split, ("part-a", "part-b"))
    with loaded.database.read() as session:
        firm = next(each for each in session.scalars(select(Firm)) if renamed in dict(each.direction_shares))
    instant = loaded.clock.now()
    carry(loaded, after)
    kept = Firms(after, loaded.deals.journal, loaded.clock, loaded.deals.ids)
    with loaded.database.read() as session:
        known = kept.as_known(session, firm.id, instant, civil_date(instant)).firm
        assert known is not None
        assert "renamed-x" in dict(known.direction_shares)
