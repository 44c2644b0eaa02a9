"""Funded deals become expected demand in the talent service, each once, on both pairs of engines."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bole.events.v1 import deal_event_pb2
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Log, Record, open_log
from services.chassis.log.topics import DEALS, FIRMS, policies
from services.chassis.outbox.journal import Topic
from services.chassis.storage.db import Database, open_engine
from services.funding.app import BLUEPRINT as FUNDING
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.firm import Firm, withdraw
from services.funding.domain.pipeline.hiring import HiringPlan, PlannedHire
from services.funding.events import firm_event
from services.funding.store import schema as funding_schema
from services.sample import write_sample
from services.talent.app import BLUEPRINT as TALENT
from services.talent.domain.shortage.table import Address
from services.talent.store import schema
from tests.integration.funding.installed import Funding
from tests.integration.matcher.producing import OwnTopics
from tests.integration.talent.funded import Houses, make_feed
from tests.integration.talent.installed import Talent
from tests.integration.templates import Stock, Templates
from tests.servers.postgres import PostgresServer

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
PLAN = HiringPlan((PlannedHire("", "outstanding-engineer", 6), PlannedHire("", "highly-skilled", 2)), 36)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample(path, "small")
    return path.read_bytes()


@pytest.fixture(params=["embedded", "full"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Databases of funding and talent, and the log."""
    if request.param == "embedded":
        yield tuple(f"sqlite:///{tmp_path}/{name}.db" for name in ("funding", "talent", "log"))  # type: ignore[misc]
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    names = [server.create_database() for _ in range(2)]
    yield (*map(server.database_url, names), request.getfixturevalue("kafka").url)
    for name in names:
        server.drop_database(name)


@pytest.fixture
def log(urls: tuple[str, str, str]) -> Iterator[Log]:
    opened = OwnTopics(open_log(urls[2]), secrets.token_hex(4))
    opened.ensure_topics(policies())
    yield opened
    opened.close()


@pytest.fixture
def houses(urls: tuple[str, str, str], log: Log, workbook: bytes, templates: Templates) -> Iterator[Houses]:
    """Both services, funding with the sample in it."""
    opened = [Database(open_engine(url, pool_size=4, busy_seconds=120)) for url in urls[:2]]
    earlier = NOW - timedelta(seconds=1)
    stock = Stock("sample", lambda empty: Funding.over(empty, earlier).load(workbook))
    templates.fill(opened[0], FUNDING, stock)
    templates.fill(opened[1], TALENT)
    funding = Funding.over(opened[0], NOW)
    talent = Talent.over(opened[1], funding.clock)
    talent.ticker.turn()
    made = Houses.over(funding, talent, log)
    made.carry()
    yield made
    made.lock.release()
    for database in opened:
        database.close()


def invested(houses: Houses) -> tuple[str, str]:
    """The paid deal that was submitted last, and its firm."""
    table = funding_schema.deal
    with houses.funding.database.read() as session:
        query = select(table.c.id, table.c.firm_id).where(table.c.state == DealState.INVESTED)
        row = session.execute(query.order_by(table.c.submitted_at.desc(), table.c.id)).first()
    assert row is not None
    return row.id, row.firm_id


def lines(houses: Houses, deal_id: str) -> list[Any]:
    with houses.talent.database.read() as session:
        return list(
            session.execute(
                select(schema.funded_hire)
                .where(schema.funded_hire.c.deal_id == deal_id)
                .order_by(*schema.funded_hire.primary_key)
            )
        )


def schema_of(state: Any) -> str:
    kind = deal_event_pb2.DealState if isinstance(state, bytes | None) else type(state)
    return str(kind.DESCRIPTOR.full_name)


def say(houses: Houses, topic: Topic, id_: str, version: int, state: Any) -> None:
    """Put a record on the log."""
    event = OutgoingEvent(
        id=f"{id_}-{version}-{secrets.token_hex(2)}",
        topic=topic.name,
        aggregatetype=topic.entity,
        aggregateid=id_,
        type=f"bole.{topic.entity}.changed.v1",
        source="/bole/test",
        subject=f"{topic.collection}/{id_}",
        version=version,
        time=NOW,
        payload=state if isinstance(state, bytes | None) else state.SerializeToString(),
        dataschema=schema_of(state),
    )
    houses.log.append([Record(topic.name, id_, event.payload, make_headers(event))])


def funded(houses: Houses, address: Address) -> float:
    """Heads that the map's cell expects of funded deals."""
    cube = houses.talent.frame().cube
    return 0.0 if cube.funded is None else float(cube.funded[houses.talent.frame().table.at(address)])


def open_heads(houses: Houses) -> float:
    """What the map counts as advertised."""
    return float(houses.talent.frame().cube.demand.sum())


def test_a_paid_deal_with_a_plan_is_expected_demand_until_the_plan_or_the_firm_goes(houses: Houses) -> None:
    deal_id, firm_id = invested(houses)
    assert lines(houses, deal_id) == []
    houses.plan(deal_id, PLAN)
    houses.carry()
    found = lines(houses, deal_id)
    assert sum(row.micro for row in found) == 8_000_000
    assert {row.category for row in found} == {"outstanding-engineer", "highly-skilled"}
    assert all(row.counted for row in found)
    city = {row.city for row in found}.pop()
    whole, before = funded(houses, Address()), open_heads(houses)
    assert 0 < whole <= 8  # of the window, what lies before this quarter has passed
    assert funded(houses, Address(city=city)) == pytest.approx(whole)
    houses.plan(deal_id, HiringPlan(PLAN.hires[:1], 36))
    houses.carry()
    assert sum(row.micro for row in lines(houses, deal_id)) == 6_000_000
    assert (funded(houses, Address()), open_heads(houses)) == (pytest.approx(whole * 6 / 8), before)
    with houses.funding.database.write() as session:
        firm = session.get_one(Firm, firm_id)
        withdraw(firm, "迁出", at=NOW)
        version, state = firm.version, firm_event(firm)
    say(houses, FIRMS, firm_id, version, state)
    houses.carry()
    assert not any(row.counted for row in lines(houses, deal_id))
    assert funded(houses, Address()) == 0
    houses.plan(deal_id, None)
    houses.carry()
    assert lines(houses, deal_id) == []


def test_old_news_repeated_news_and_a_restart_change_nothing(houses: Houses) -> None:
    deal_id, _ = invested(houses)
    houses.plan(deal_id, PLAN)
    houses.carry()
    before = lines(houses, deal_id)
    old = deal_event_pb2.DealState(id=deal_id, version=1, firm_id="f", state="STATE_INVESTED")
    say(houses, DEALS, deal_id, 1, old)
    houses.carry()
    again = make_feed(houses.talent, houses.log)
    again.step()
    assert lines(houses, deal_id) == before


def test_an_erased_deal_takes_its_hires_with_it_and_does_not_come_back(houses: Houses) -> None:
    deal_id, _ = invested(houses)
    houses.plan(deal_id, PLAN)
    houses.carry()
    say(houses, DEALS, deal_id, 99, None)
    houses.carry()
    assert lines(houses, deal_id) == []
    houses.plan(deal_id, HiringPlan(PLAN.hires, 6))
    houses.carry()
    assert lines(houses, deal_id) == []


@pytest.mark.parametrize("broken", ["bytes", "code", "window"])
def test_what_cannot_be_used_is_set_aside_and_the_rest_is_read(houses: Houses, broken: str) -> None:
    deal_id, _ = invested(houses)
    wrong: Any = b"\xff\xff\xff"
    if broken != "bytes":
        wrong = deal_event_pb2.DealState(id="d-wrong", version=1, firm_id="f")
        expected = wrong.expected_hires
        hire = expected.hires.add(city_code="nantong", category_code="outstanding-engineer")
        hire.direction_code = "seawater-h2" if broken == "window" else "perpetual-motion"
        expected.start_date.year, expected.start_date.month, expected.start_date.day = 2026, 7, 1
        end = (2020, 1, 1) if broken == "window" else (2027, 7, 1)
        expected.end_date.year, expected.end_date.month, expected.end_date.day = end
    say(houses, DEALS, "d-wrong", 1, wrong)
    houses.plan(deal_id, PLAN)
    houses.carry()
    assert len(lines(houses, deal_id)) >= 2
    assert houses.feed.buried == 1
    assert lines(houses, "d-wrong") == []
