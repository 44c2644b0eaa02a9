"""What stands beside scores: cells and policy; and what no score may ever read."""

from dataclasses import replace

import pytest

from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.cells import cell_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.priority import cell_of_item, policy_priority
from tests.unit.matcher.examples import FIRMS, FUND, PERSONS, POSITIONS, SIC, TEAM


@pytest.mark.parametrize(
    ("item", "cell"),
    [
        (SIC, "sic.suzhou.outstanding-engineer"),
        (replace(SIC, city="outside"), "sic.all.outstanding-engineer"),
        (replace(SIC, city=None, category=None), "sic.all.all"),
        (
            replace(SIC, leaves=(("power-device", 500), ("sic", 500))),
            "power-device.suzhou.outstanding-engineer",
        ),
        (replace(SIC, leaves=()), None),
        (POSITIONS[1], "seawater-h2.nantong.outstanding-engineer"),
        (FIRMS[0], "sic.suzhou.all"),
        (TEAM, "sic.suzhou.all"),
        (FUND, None),
    ],
)
def test_the_cell_of_an_item(item: Item, cell: str | None) -> None:
    assert cell_of_item(item) == cell


def test_a_cell_is_its_own(codes: Codes) -> None:
    assert cell_of_item(cell_of(codes, "sic.nanjing.all")) == "sic.nanjing.all"


def test_the_policy_names_cities_for_industries() -> None:
    catalogue = load()
    network = next(leaf.code for leaf in catalogue.leaves if leaf.industry == "future-network")
    for city, named in (("nanjing", True), ("xuzhou", False), (None, False)):
        found = policy_priority(replace(SIC, leaves=((network, 1000),), city=city), catalogue)
        assert found is not None
        assert (found.tier, found.city_named) == ("growth", named)
    assert policy_priority(FUND, catalogue) is None


def test_when_somebody_was_born_changes_nothing(space: MatchSpace, finder: Finder, codes: Codes) -> None:
    for person in PERSONS:
        old, young = replace(person, cohort="1950s"), replace(person, cohort="2000s")
        one, other = (Columns.of([each], codes).arrays() for each in (old, young))
        assert all((one[name] == other[name]).all() for name in one)
        for key, kind in KINDS.items():
            if kind.candidate is ItemKind.PERSON and kind.anchor is ItemKind.POSITION:
                told = [finder.explain(key, "epitaxy", each) for each in (person, old, young)]
                assert len({each.log_odds for each in told}) == 1
                assert told[0].contributions == told[1].contributions == told[2].contributions
