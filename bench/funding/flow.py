"""A fund's deal flow of any size, written by bulk statements: the very rows of firms and deals, SYNTHETIC."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, text
from sqlalchemy.orm import Session

from services.catalogue import Catalogue, load
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate
from services.funding.app import BLUEPRINT
from services.funding.domain.deal.deal import Deal, open_deal
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.firm.firm import Firm, FirmStatus
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.fund import Fund, FundKind, establish
from services.funding.domain.fund.mandate import Mandate, with_published_limits
from services.funding.domain.ratio import percent
from services.funding.domain.screening.rulesets import WAN, YI
from services.funding.service.deals.screening.rows import RowMaker
from services.funding.store import repository, schema
from services.funding.store.deals import screened
from services.funding.store.deals.screened import Day
from services.funding.store.firms.findable import FIRMS_BY_WORDS, firm_words
from services.funding.store.mapping import map_aggregates
from services.sample import weights
from services.sample.draws import Weighted

FUND = "fund-bench"
BRANDS = ("未来", "芯源", "氢途", "量子", "深海", "云桥", "智行", "新材", "储能", "星网")
_SHAPES = 4_000
_STAGES = Weighted.of({Stage.SEED: 34, Stage.STARTUP: 40, Stage.EARLY_GROWTH: 20, Stage.GROWTH: 6})
_STATES = Weighted.of(
    {
        DealState.LEAD: 100,
        DealState.SUBMITTED: 150,
        DealState.SCREENING: 200,
        DealState.INITIATED: 40,
        DealState.DUE_DILIGENCE: 30,
        DealState.IC_INTERNAL: 10,
        DealState.IC_EXTERNAL: 5,
        DealState.DECLINED: 420,
        DealState.WITHDRAWN: 40,
        DealState.INVESTED: 5,
    }
)


@contextmanager
def filled(url: str, today: date, deals: int, seed: int) -> Iterator[Database]:
    """A migrated database with one fund and so many deals, each screened."""
    database = Database(open_engine(url))
    try:
        map_aggregates()
        migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
        fill(database, load(), today, deals, seed)
        yield database
    finally:
        database.close()


def fill(database: Database, catalogue: Catalogue, today: date, deals: int, seed: int) -> None:
    """Write the fund and its deals. Firms come in a few thousand shapes; each shape is screened by itself."""
    draw, maker = _Draw(catalogue, today, random.Random(seed)), RowMaker(catalogue)
    mandate = draw.mandate()
    with database.write() as session:
        session.add(draw.fund())
        session.flush()
        repository.save_mandate(session, mandate)
        day = Day(FUND, today, mandate.revision)
        screened.begin_day(session, day)
        shapes = [draw.shape(number) for number in range(min(_SHAPES, deals))]
        kept = list(maker.rows(session, shapes, {FUND: day}))
        _write(session, schema.firm, (_firm(shapes[at % len(shapes)][1], at) for at in range(deals)))
        words = (firm_words(_named(shapes[at % len(shapes)][1], at)) for at in range(deals))
        FIRMS_BY_WORDS.add(session, words)
        _write(session, schema.deal, (_deal(shapes[at % len(shapes)][0], at) for at in range(deals)))
        rows = (_screened(kept[at % len(kept)], at) for at in range(deals))
        names = [column.name for column in schema.screened.columns]
        add_rows(session, schema.screened, names, ([row[name] for name in names] for row in rows))
    _analyse(database.engine)


def _write(session: Session, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    add_rows(session, table, names, ([row.get(name) for name in names] for row in rows))


def _named(shape: Firm, at: int) -> Firm:
    return replace(shape, id=f"x{at:08d}", name=f"{shape.name}{at}")


def _firm(shape: Firm, at: int) -> dict[str, Any]:
    return {**vars(_named(shape, at)), "uscc": f"9132{at:014d}"}


def _deal(shape: Deal, at: int) -> dict[str, Any]:
    return {**vars(shape), "id": f"d{at:08d}", "firm_id": f"x{at:08d}", "round_name": "天使轮"}


def _screened(row: dict[str, Any], at: int) -> dict[str, Any]:
    return {**row, "deal_id": f"d{at:08d}", "firm_id": f"x{at:08d}", "firm_name": f"{row['firm_name']}{at}"}


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


class _Draw:
    def __init__(self, catalogue: Catalogue, today: date, chance: random.Random) -> None:
        self._catalogue, self._today, self._chance = catalogue, today, chance
        self._now = datetime(today.year, today.month, today.day, tzinfo=UTC)
        self._industries = Weighted.of({key: each[1] for key, each in weights.INDUSTRY.items()})
        self._cities = Weighted.of({key: each[1] for key, each in weights.CITY.items()})
        self._leaves = {
            each.id: [leaf.code for leaf in catalogue.leaves_of(each.id)] for each in catalogue.industries
        }

    def fund(self) -> Fund:
        return establish(
            id=FUND,
            name="江苏未来产业天使基金（演示）",
            kind=FundKind.FUTURE_ANGEL,
            city="",
            size_fen=50 * YI,
            paid_in_fen=30 * YI,
            government_fen=20 * YI,
            established=self._today - timedelta(days=700),
            life_years=15,
            investment_years=6,
            origin="SYNTHETIC",
            at=self._now,
        )

    def mandate(self) -> Mandate:
        leaves = tuple(sorted(leaf for each in self._leaves.values() for leaf in each))
        return with_published_limits(
            Mandate(
                fund=FUND,
                revision=1,
                ruleset="national-2025",
                industries=(),
                leaves=leaves,
                concentration_max=percent(20),
                ownership_below=percent(30),
                effective_from=self._today - timedelta(days=700),
            )
        )

    def shape(self, number: int) -> tuple[Deal, Firm]:
        chance = self._chance
        firm = self._firm(number)
        ask = chance.randrange(100, 6_000) * WAN
        state = _STATES.draw(chance)
        deal = open_deal(
            id=f"d{number}",
            fund_id=FUND,
            firm_id=firm.id,
            round_name="天使轮",
            channel="import",
            terms=DealTerms(
                ask_fen=ask,
                pre_money_fen=ask * chance.randrange(4, 20),
                holding_months=12 * chance.randrange(3, 11),
                has_redemption=chance.random() < 0.3 or None,
                fixed_return=False if chance.random() < 0.9 else None,
                verified=chance.random() < 0.5,
            ),
            origin="SYNTHETIC",
            at=self._now,
            owner=f"经理{chance.randrange(12)}",
            expert_rating=chance.choice((None, 2, 3, 4, 5)),
            submitted_at=self._now - timedelta(days=chance.randrange(600)),
        )
        paid = ask if state is DealState.INVESTED else None
        return replace(deal, state=state, approved_fen=paid, signed_fen=paid, paid_fen=paid), firm

    def _firm(self, number: int) -> Firm:
        chance = self._chance
        leaves = self._leaves[self._industries.draw(chance)]
        codes = sorted({chance.choice(leaves) for _ in range(chance.choice((1, 1, 2)))})
        shares = [(code, 1000 // len(codes)) for code in codes]
        return Firm(
            id=f"x{number}",
            uscc="",
            name=f"{chance.choice(BRANDS)}科技",
            city=self._cities.draw(chance),
            direction_shares=tuple(shares),
            stage=_STAGES.draw(chance),
            founded=self._today - timedelta(days=chance.randrange(100, 4000)),
            technology="",
            product="",
            origin="SYNTHETIC",
            snapshot=self._snapshot(),
            status=FirmStatus.ACTIVE,
            withdrawal_reason="",
            version=1,
            created_at=self._now,
            updated_at=self._now,
        )

    def _snapshot(self) -> FirmSnapshot:
        chance = self._chance
        staff, cost = chance.randrange(3, 400), chance.randrange(100, 6000) * WAN
        return FirmSnapshot(
            as_of=self._today - timedelta(days=chance.randrange(400)),
            staff=staff,
            rd_staff=staff * chance.randrange(20, 90) // 100,
            revenue_fen=chance.randrange(0, 6000) * WAN,
            cost_fen=cost,
            rd_cost_fen=cost * chance.randrange(5, 90) // 100,
            inventions=chance.randrange(8),
            pct=chance.randrange(3),
            utility=chance.randrange(9),
            software=chance.randrange(9),
            external_rounds=chance.randrange(5),
            trl=chance.randrange(1, 10),
            verified=chance.random() < 0.5,
            abnormal=None if chance.random() < 0.1 else False,
        )
