"""Each of the seven causes is named by its rule, with its evidence, and not without."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.coverage import Overlap
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.reasons import explain
from services.talent.domain.shortage.reasons.drivers import Driver, drivers
from services.talent.domain.shortage.reasons.refusals import Refusals
from services.talent.domain.shortage.reasons.surplus import surplus_cities
from services.talent.domain.shortage.table import Address, ShortageTable
from tests.unit.talent.library import Leaf
from tests.unit.talent.shortage_cells import cube, history, priors

AXES = Axes.of(
    [Leaf("quantum", "quantum")], ["nantong", "suzhou"], ["outstanding-engineer", "highly-skilled"]
)
ENGINEERS = Address("quantum", "nantong", "outstanding-engineer")
SKILLED = Address("quantum", "nantong", "highly-skilled")
SHORT: dict[str, Any] = {"demand": 40, "squared": 40, "supply": 10, "persons": 20}
EVEN: dict[str, Any] = {"demand": 20, "squared": 20, "supply": 20, "persons": 30}


def table(**given: Any) -> ShortageTable:
    return ShortageTable(cube(AXES, **given), Method(), priors(AXES))


def found(address: Address = ENGINEERS, **given: Any) -> dict[str, Driver]:
    return {each.code: each for each in drivers(table(**given), address)}


def test_long_training_when_the_pipeline_is_uncovered() -> None:
    driver = found(**SHORT, arrivals=2, funded=9)["training-long"]
    assert "49" in driver.cause.zh
    assert "12" in driver.cause.en
    assert "未纳入" not in driver.cause.zh
    assert "training-long" not in found(**SHORT, arrivals=90, funded=9)


def test_long_training_says_so_when_the_pipeline_is_not_known() -> None:
    assert "未纳入" in found(**SHORT)["training-long"].cause.zh


def test_short_training_for_the_skilled() -> None:
    assert "training-short" in found(SKILLED, **SHORT, arrivals=2, funded=9)
    assert "training-long" not in found(SKILLED, **SHORT, arrivals=2, funded=9)
    assert not {"training-long", "training-short"} & found(Address("quantum", "nantong"), **SHORT).keys()


def test_suitability_when_there_are_enough_and_positions_stay_open() -> None:
    driver = found(**EVEN, fills=0, exposure=9000)["suitability"]
    assert "%" in driver.cause.zh
    assert "suitability" not in found(**EVEN, fills=90, exposure=900)
    assert "suitability" not in found(**SHORT, fills=0, exposure=9000)


def test_suitability_when_proposals_are_refused_for_the_same_skill_again_and_again() -> None:
    said = [
        Refusals("quantum", "nantong", "outstanding-engineer", "低温测控", 2),
        Refusals("quantum", "nantong", "outstanding-engineer", "低温 测控", 1),
        Refusals("quantum", "nantong", "outstanding-engineer", "英语", 2),
        Refusals("quantum", "suzhou", "outstanding-engineer", "英语", 9),
        Refusals("gone-since", "nantong", "outstanding-engineer", "英语", 9),
    ]
    balanced = table(**EVEN, fills=90, exposure=900)
    driver = {each.code: each for each in drivers(balanced, ENGINEERS, refused=said)}["suitability"]
    assert "低温测控（3 人）" in driver.cause.zh
    assert "低温测控 (3)" in driver.cause.en
    assert "英语" not in driver.cause.zh
    assert "低温测控" in driver.remedy.zh
    above = {each.code: each for each in drivers(balanced, Address("quantum"), refused=said)}["suitability"]
    assert above.cause.zh.index("英语（11 人）") < above.cause.zh.index("低温测控（3 人）")
    assert "suitability" not in {each.code for each in drivers(table(**SHORT), ENGINEERS, refused=said)}
    assert "suitability" not in {each.code for each in drivers(balanced, SKILLED, refused=said)}


def test_retention_when_surely_more_leave_than_come() -> None:
    assert "80%" in found(**EVEN, moved_out=16, moved_in=4)["retention"].cause.zh
    assert "retention" not in found(**EVEN, moved_out=4, moved_in=16)
    assert "retention" not in found(**EVEN, moved_out=4, moved_in=0), "a handful of people stays unsaid"


def test_location_when_the_city_is_short_and_the_province_is_not() -> None:
    demand, supply = np.full(AXES.shape, 10.0), np.full(AXES.shape, 10.0)
    demand[:, AXES.city_at["nantong"]], supply[:, AXES.city_at["suzhou"]] = 60.0, 90.0
    demand[:, -1], supply[:, -1] = 70.0, 100.0
    given: dict[str, Any] = {"demand": demand, "squared": demand, "supply": supply, "persons": 30}
    driver = found(**given)["location"]
    assert "suzhou" in driver.remedy.en
    assert "location" not in found(**SHORT)
    places = {"nantong": (120.89, 31.98), "suzhou": (120.59, 31.30)}
    (spare,) = surplus_cities(table(**given), ENGINEERS, places)
    assert (spare.city, spare.people) == ("suzhou", 80.0)
    assert spare.km == pytest.approx(81, abs=2)
    assert [each.km for each in surplus_cities(table(**given), Address("quantum"), places)] == [None]
    assert surplus_cities(table(**{**given, "persons": 3}), ENGINEERS, places) == []


def test_funded_demand_over_30_percent() -> None:
    steady = history(AXES, [20] * 8, [20] * 8, opened=[2] * 8)
    assert "funded" in found(**EVEN, arrivals=9, funded=12, history=steady)
    assert "funded" not in found(**EVEN, arrivals=9, funded=4, history=steady)


@pytest.mark.parametrize(("both", "named"), [(8, True), (30, False), (3, False)])
def test_coverage_when_the_library_knows_few_of_them(both: int, named: bool) -> None:
    counts = np.stack([np.full(AXES.shape, each) for each in (40, 40, both, 80 - both)])
    made = table(**EVEN)
    made.cube = replace(made.cube, overlap=Overlap(("import", "registry"), counts))
    assert ("coverage" in {each.code for each in drivers(made, ENGINEERS)}) is named


def test_coverage_when_there_is_nobody() -> None:
    assert "coverage" in found(demand=4, squared=4)


def test_nothing_is_said_of_a_hidden_cell() -> None:
    hidden = {**SHORT, "persons": 3, "moved_out": 16, "moved_in": 4}
    assert found(**hidden, arrivals=2, funded=30) == {}
    assert explain.reasons(table(**hidden, arrivals=2, funded=30), ENGINEERS) == []


def test_reasons_of_all_five_parts_carry_their_numbers() -> None:
    whole = table(
        **SHORT,
        fills=4,
        exposure=1120,
        arrivals=2,
        funded=9,
        moved_out=16,
        moved_in=4,
        history=history(AXES, [20, 22, 25, 28, 31, 34, 37], [10] * 7),
    )
    said = [each.zh for each in explain.reasons(whole, ENGINEERS)]
    for words in (
        "每位可得人才对应 4.0 个岗位",
        "未招到的概率",
        "今后 8 季需 49 人",
        "近 7 季供需比趋紧",
        "80% 为流出",
    ):
        assert any(words in each for each in said), words


def test_a_ratio_that_hardly_moved_neither_rises_nor_falls() -> None:
    level = table(**SHORT, history=history(AXES, [40, 41, 40, 40, 41, 40, 40], [10] * 7))
    assert abs(dict(level.cell(ENGINEERS).contributions)["momentum"]) < 0.05
    said = [each.zh for each in explain.reasons(level, ENGINEERS)]
    assert "近 7 季供需比大致持平" in said


def test_a_floored_pipeline_is_flagged() -> None:
    losing = table(**EVEN, arrivals=1, funded=3, moved_in=0, moved_out=30)
    assert any("按 0 计" in each.zh for each in explain.reasons(losing, ENGINEERS))
