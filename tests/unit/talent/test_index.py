import math
import re
from dataclasses import fields

import numpy as np
import pytest
from scipy.special import expit

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.shortage.indices.components import Component, Part, tightness_part
from services.talent.domain.shortage.indices.index import Z90, combine
from services.talent.domain.shortage.method import Method

# Five parts of one cell, computed by hand: log-odds, standard deviation, weight, whether demand counts are shared.
WORKED = {
    "tightness": (0.8179161088942406, 0.5132821358982276, 0.35, True),
    "difficulty": (1.27096560274621, 0.51352377550691, 0.25, False),
    "pipeline": (0.7406298011791765, 0.4148719291948572, 0.20, True),
    "momentum": (1.1, 0.7, 0.10, True),
    "flow": (-0.33333333333333315, 0.8238671146400623, 0.10, False),
}
COMPONENTS = [Component(key, Text(key, key), row[3], tightness_part) for key, row in WORKED.items()]
WEIGHTS = {key: row[2] for key, row in WORKED.items()}


def parts(*without: str) -> list[Part]:
    return [
        Part(np.array([np.nan if key in without else row[0]]), np.array([row[1]]))
        for key, row in WORKED.items()
    ]


def test_five_parts_combine_to_the_worked_index() -> None:
    signed, log_odds, sd = combine(COMPONENTS, WEIGHTS, parts())
    assert log_odds[0] == pytest.approx(0.8288046657020387, abs=1e-12)
    assert sd[0] == pytest.approx(0.3659335812023766, abs=1e-12)
    low, high = (100 * expit(log_odds[0] + step * sd[0]) for step in (-Z90, Z90))
    assert [round(float(x), 1) for x in (100 * expit(log_odds[0]), low, high)] == [69.6, 55.6, 80.7]
    assert [round(float(signed[key][0]), 3) for key in WORKED] == [0.286, 0.318, 0.148, 0.110, -0.033]


def test_the_weight_of_a_missing_part_is_spread_over_the_rest() -> None:
    signed, log_odds, _ = combine(COMPONENTS, WEIGHTS, parts("pipeline", "momentum", "flow"))
    assert log_odds[0] == pytest.approx((0.35 * 0.8179161088942406 + 0.25 * 1.27096560274621) / 0.6)
    assert math.isnan(signed["flow"][0])


def test_without_any_part_there_is_no_contribution() -> None:
    signed, log_odds, sd = combine(COMPONENTS, WEIGHTS, parts(*WORKED))
    assert all(math.isnan(value[0]) for value in signed.values())
    assert (log_odds[0], sd[0]) == (0, 0)


@pytest.mark.parametrize(
    "weights",
    [
        (("tightness", 0.0), ("difficulty", 0.0)),
        (("tightness", float("nan")),),
        (("tightness", -1.0), ("difficulty", 2.0)),
        (("tightness", float("inf")),),
        (("charm", 1.0),),
        (),
    ],
)
def test_unusable_weights_are_refused_in_plain_words(weights: tuple[tuple[str, float], ...]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Method(weights=weights)
    assert caught.value.violations[0].field == "weights"


def test_the_note_prints_every_number_that_shapes_the_index() -> None:
    note = Method().note
    for number in ("0.35", "0.25", "180", "60", "90", "730", "0.6", "0.05", "200", "80%"):
        assert number in note.zh
        assert number in note.en
    assert "建议值" in note.zh
    assert "proposals" in note.en


def printed(name: str, value: float) -> set[str]:
    """The ways in which the note may print a number: fen as yuan, shares as percent, others as they are."""
    if name.endswith("_fen"):
        return {str(int(value) // 100)}
    return {f"{value:g}", f"{value:.0%}"} if value <= 1 else {f"{value:g}"}


def numbers(value: object) -> list[float]:
    if isinstance(value, tuple):
        return [number for each in value for number in numbers(each)]
    return [value] if isinstance(value, int | float) else []


@pytest.mark.parametrize("name", [each.name for each in fields(Method)])
def test_the_note_prints_every_value_of_the_method(name: str) -> None:
    method = Method()
    for text in (method.note.zh, method.note.en):
        shown = set(re.findall(r"[0-9.]+%?", text))
        for number in numbers(getattr(method, name)):
            assert printed(name, number) & {each.rstrip(".") for each in shown}, (name, number)


def test_the_version_changes_with_every_value() -> None:
    versions = {
        Method().version,
        Method(sure=0.81).version,
        Method(discount=0.7).version,
        Method(weights=(("tightness", 1.0),)).version,
        Method(star_floors=(40.0, 50.0, 60.0, 70.0, 81.0)).version,
    }
    assert len(versions) == 5
    assert Method().version == Method().version
    assert Method().version in Method().note.zh


@pytest.mark.parametrize("delta", [0.0, -0.1, 1.01, float("nan")])
def test_a_discount_outside_0_to_1_is_refused_in_plain_words(delta: float) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Method(discount=delta)
    assert caught.value.reason == "DISCOUNT_OUT_OF_RANGE"
    assert caught.value.text.zh
