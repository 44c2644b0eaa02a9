"""Training, moves and expected hires in the live counts: streamed equals recounted, over quarters, on both engines."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from services.talent.domain.axes import OUTSIDE
from services.talent.domain.flows.hiring import FundedHire
from services.talent.domain.flows.move import MoveFacts, MoveReason
from services.talent.domain.flows.training import TrainingFacts
from services.talent.domain.shortage.table import Address
from services.talent.service.positions.hires import DealHeard, ExpectedHires
from services.talent.service.shortage.shortage import ShortageMap
from tests.integration.talent.installed import Talent

TODAY = date(2026, 7, 1)
LEAF, KIND = "seawater-h2", "outstanding-engineer"


@pytest.fixture
def counted(talent: Talent) -> Talent:
    talent.ticker.turn()
    return talent


def train(talent: Talent, completes: date) -> None:
    facts = TrainingFacts(
        ref=f"T-{completes}",
        provider="南通大学",
        city="nantong",
        leaf=LEAF,
        category=KIND,
        places=40,
        starts=completes - timedelta(days=700),
        completes=completes,
        completion=900,
        retention=500,
    )
    with talent.database.write() as session:
        talent.training.register(session, facts, "SYNTHETIC", "tester")


def move(talent: Talent, from_city: str, to_city: str, heads: int, **changes: Any) -> str:
    given: dict[str, Any] = {
        "category": KIND,
        "shares": ((LEAF, 1000),),
        "from_city": from_city,
        "to_city": to_city,
        "day": TODAY,
        "heads": heads,
    }
    with talent.database.write() as session:
        made = talent.moves.record(session, MoveFacts(**{**given, **changes}), "SYNTHETIC", "tester")
        return made.id


def seen(talent: Talent, measure: str, **address: str) -> float | None:
    frame = talent.frame()
    counts = getattr(frame.cube, measure)
    return None if counts is None else float(counts[frame.table.at(Address(**address))])


def assert_level(talent: Talent) -> None:
    with talent.database.write() as session:
        assert talent.counter.rebuild(session, check=True) == (0, 0)


def test_training_arrives_within_eight_quarters_and_in_its_industry_alone(counted: Talent) -> None:
    assert seen(counted, "arrivals") is None
    train(counted, date(2027, 6, 30))
    train(counted, date(2029, 6, 30))
    assert seen(counted, "arrivals", node=LEAF, city="nantong") == 18
    assert seen(counted, "arrivals", node="hydrogen") == 18
    assert seen(counted, "arrivals", node="hydrogen", city="suzhou") == 0
    other = seen(counted, "arrivals", node="quantum")
    assert other is not None
    assert np.isnan(other)
    assert_level(counted)
    counted.pass_days(400)
    counted.ticker.turn()
    assert seen(counted, "arrivals", node="hydrogen") == 18
    counted.pass_days(600)
    counted.ticker.turn()
    assert seen(counted, "arrivals", node="hydrogen") == 18
    assert_level(counted)


def test_moves_within_the_province_count_for_cities_and_not_for_the_province(counted: Talent) -> None:
    within = move(counted, "nantong", "suzhou", 5)
    move(counted, "nantong", OUTSIDE, 2)
    move(counted, OUTSIDE, "suzhou", 3)
    move(counted, "nantong", "", 4, reason=MoveReason.RETIRED, day=TODAY + timedelta(days=300))
    assert seen(counted, "moved_out", city="nantong") == 5
    assert seen(counted, "moved_in", city="suzhou") == 10
    assert (seen(counted, "moved_out"), seen(counted, "moved_in")) == (0, 5)
    assert seen(counted, "retiring", node=LEAF) == 5
    assert_level(counted)
    with counted.database.write() as session:
        counted.moves.void(session, counted.moves.get(session, within), "登记有误", "tester")
    assert seen(counted, "moved_out", city="nantong") == 0
    counted.pass_days(500)
    counted.ticker.turn()
    assert_level(counted)
    assert seen(counted, "moved_in", node="hydrogen") is None
    assert seen(counted, "retiring") is None


def test_a_release_of_today_knows_of_training_moves_and_funded_hires(counted: Talent) -> None:
    train(counted, date(2027, 6, 30))
    move(counted, "nantong", OUTSIDE, 9)
    move(counted, OUTSIDE, "suzhou", 12)
    with counted.database.read() as session:
        frame = counted.counter.live.follow(session)
        assert frame is not None
        drafted = ShortageMap(counted.counter).as_known_now(session, frame.state.day)
    for name in ("arrivals", "funded", "moved_in", "moved_out", "retiring"):
        mine, live = getattr(drafted.cube, name), getattr(frame.cube, name)
        assert (mine is None) == (live is None), name
        if live is not None:
            np.testing.assert_array_equal(mine, live, err_msg=name)
    assert drafted.cube.arrivals is not None
    assert drafted.cube.moved_out is not None


def test_hires_of_funded_deals_run_out_with_their_window(counted: Talent) -> None:
    hires = ExpectedHires(counted.clock)
    hire = FundedHire(LEAF, "nantong", KIND, TODAY, date(2027, 7, 1), 12_000_000)
    with counted.database.write() as session:
        hires.hear_deal(session, DealHeard("d1", 1, "f1", basis="BASIS_PLAN", hires=(hire,)))
    assert seen(counted, "funded", node=LEAF, city="nantong", category=KIND) == 12
    left = []
    for _ in range(5):
        counted.pass_days(92)
        counted.ticker.turn()
        assert_level(counted)
        found = seen(counted, "funded", node=LEAF)
        left.append(0.0 if found is None else found)
    assert left == sorted(left, reverse=True)
    assert (left[0], left[-1]) == (pytest.approx(9, abs=0.1), 0.0)
