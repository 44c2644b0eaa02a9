import gc
import weakref
from collections.abc import Iterable
from datetime import timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.people.availability import Availability
from services.talent.domain.position.posting import Posting
from services.talent.domain.shortage.counts.tally import Supplied, build
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.reasons import explain
from services.talent.domain.shortage.reasons.drivers import drivers
from services.talent.domain.shortage.table import Address, Cell, CellState, ShortageTable
from tests.unit.talent.library import AXES, CATEGORIES, CITIES, LEAVES, TODAY, Leaf, posting, supplied

HERE = Address("seawater-h2", "nantong", "outstanding-engineer")
MONTH = TODAY - timedelta(days=30)


def table(
    people: Iterable[Supplied] = (), posts: Iterable[Posting] = (), method: Method | None = None
) -> ShortageTable:
    return ShortageTable(build(AXES, people, posts, TODAY, window_days=730), method or Method())


def people(count: int, **changes: object) -> list[Supplied]:
    return [supplied(number, **changes) for number in range(count)]  # type: ignore[arg-type]


def test_no_demand_and_no_supply_is_no_data_not_50() -> None:
    cell = table().cell(HERE)
    assert (cell.state, cell.index, cell.stars, cell.ranked) == (CellState.NO_DATA, None, 0, False)
    assert cell.contributions == ()


def test_supply_without_demand_has_no_star_and_is_not_ranked() -> None:
    cell = table(people(8)).cell(HERE)
    assert (cell.state, cell.index, cell.supply, cell.ranked) == (CellState.NO_DEMAND, None, 8.0, False)


@pytest.mark.parametrize("employers", [1, 5, 900])
def test_demand_without_anyone_leans_on_the_prior_is_flagged_and_never_100(employers: int) -> None:
    posts = [posting(2, f"e{number}", opened=MONTH) for number in range(employers)]
    found = table([], posts)
    cell = found.cell(HERE)
    assert cell.state is CellState.LIBRARY_GAP
    assert cell.index is not None
    assert cell.high is not None
    assert 50 < cell.index <= cell.high < 99.95
    assert "coverage" in [driver.code for driver in drivers(found, HERE)]


def test_one_employer_with_200_posts_is_weak_evidence_and_said_so() -> None:
    crowd = [*people(10), *people(90, city="suzhou")]
    usual = [posting(1, f"s{number}", city="suzhou", opened=MONTH) for number in range(90)]
    one = table(crowd, [*usual, posting(200, "e1", opened=MONTH)])
    many = table(crowd, [*usual, *(posting(2, f"e{number}", opened=MONTH) for number in range(100))])
    tight = [dict(each.cell(HERE).contributions)["tightness"] for each in (one, many)]
    assert 0 < tight[0] < 0.8 * tight[1]
    assert one.cell(HERE).sd > many.cell(HERE).sd  # type: ignore[operator]
    assert any("需求集中于1家" in reason.zh for reason in explain.reasons(one, HERE))
    assert not any("需求集中于1家" in reason.zh for reason in explain.reasons(many, HERE))


def test_a_part_against_the_counts_beside_it_says_why() -> None:
    crowd = [*people(10), *people(400, city="suzhou")]
    few = [posting(1, f"s{number}", city="suzhou", opened=MONTH) for number in range(40)]
    against = table(crowd, [*few, posting(14, "e1", opened=MONTH)])
    along = table(people(10), [posting(14, f"e{number}", opened=MONTH) for number in range(9)])
    assert dict(against.cell(HERE).contributions)["tightness"] < 0
    assert any("兼顾上级单元格" in reason.zh for reason in explain.reasons(against, HERE))
    assert not any("兼顾上级单元格" in reason.zh for reason in explain.reasons(along, HERE))


def test_a_stale_posting_no_longer_counts() -> None:
    old = posting(5, opened=TODAY - timedelta(days=181))
    assert table(people(5), [old]).cell(HERE).state is CellState.NO_DEMAND
    renewed = old._replace(renewed=TODAY)
    assert table(people(5), [renewed]).cell(HERE).demand == 5


def test_people_count_in_fractions() -> None:
    crowd = people(6, availability=Availability.FLEXIBLE, shares=(("seawater-h2", 500), ("liquid-h2", 500)))
    cell = table(crowd, [posting(2, opened=MONTH)]).cell(HERE)
    assert cell.supply == pytest.approx(0.9)
    assert cell.gap == pytest.approx(1.1)


def test_an_empty_parent_hands_down_the_grandparents_share() -> None:
    balanced = Priors.fit(build(AXES, [], [], TODAY, window_days=730), Method())
    assert np.allclose(balanced.share, 0.5)
    posts = [posting(9, f"e{number}", leaf="liquid-h2", opened=MONTH) for number in range(9)]
    found = Priors.fit(build(AXES, [], posts, TODAY, window_days=730), Method())
    at = AXES.node_at
    assert found.share[at["seawater-h2"], -1, -1] == pytest.approx(found.share[at["renewable-h2"], -1, -1])
    assert found.share[at["seawater-h2"], 0, 0] > 0.6


def test_a_direction_added_since_takes_the_priors_of_its_industry() -> None:
    posts = [posting(9, f"e{number}", opened=MONTH) for number in range(9)]
    before = Priors.fit(build(AXES, [], posts, TODAY, window_days=730), Method())
    wider = Axes.of((*LEAVES, Leaf("pipeline-h2", "hydrogen")), CITIES, CATEGORIES)
    after = Priors.of_document(wider, before.document())
    old, new = AXES.node_at, wider.node_at
    assert np.array_equal(after.share[new["pipeline-h2"]], before.share[old["hydrogen"]])
    for name in ("share", "kappa", "rate"):
        kept = getattr(after, name)[[new[code] for code in AXES.nodes]]
        assert np.array_equal(kept, getattr(before, name))


def test_an_industry_without_directions_is_its_own_leaf() -> None:
    cell = table(people(6, shares=(("quantum", 1000),)), [posting(3, leaf="quantum")]).cell(
        Address("quantum")
    )
    assert (cell.demand, cell.supply, cell.state) == (3, 6.0, CellState.ESTIMATED)


def test_under_frozen_priors_a_person_moves_only_the_cell_and_its_ancestors() -> None:
    posts = [posting(4, f"e{city}", city=city, opened=MONTH) for city in CITIES]
    crowd = [*people(9), *people(9, city="suzhou")]
    method = Method()
    before = build(AXES, crowd, posts, TODAY, window_days=730)
    priors = Priors.fit(before, method)
    after = build(AXES, [*crowd, supplied(99)], posts, TODAY, window_days=730)
    old, new = (ShortageTable(cube, method, priors).indices.log_odds for cube in (before, after))
    moved = {tuple(map(int, at)) for at in np.argwhere(old != new)}
    lineage = AXES.lineage[AXES.node_at["seawater-h2"]]
    cities = (AXES.city_at["nantong"], len(CITIES))
    kinds = (AXES.category_at["outstanding-engineer"], len(CATEGORIES))
    assert moved == set(product(lineage, cities, kinds))


@pytest.mark.parametrize(("count", "hidden"), [(1, True), (4, True), (5, False), (6, False)])
def test_fewer_than_five_people_are_hidden_with_all_that_follows_from_them(count: int, hidden: bool) -> None:
    found = table(people(count), [posting(9, opened=MONTH)])
    cell = found.cell(HERE)
    assert cell.hidden is hidden
    if hidden:
        gone = (cell.index, cell.low, cell.high, cell.log_odds, cell.sd, cell.supply, cell.gap, cell.persons)
        assert gone == (None,) * 8
        assert (cell.contributions, cell.grade, cell.sure, cell.ranked) == ((), None, None, False)
        assert cell.band is not None
        assert explain.reasons(found, HERE) == []
        assert drivers(found, HERE) == []


def test_who_is_cleared_sees_small_counts() -> None:
    cell = table(people(3), [posting(9, opened=MONTH)]).cell(HERE, cleared=True)
    assert (cell.hidden, cell.supply, cell.persons) == (False, 3.0, 3)
    assert cell.index is not None


def test_without_exposure_difficulty_is_missing_and_the_grade_drops() -> None:
    crowd = people(150)
    fresh = table(crowd, [posting(1, f"e{n}", opened=TODAY) for n in range(150)]).cell(HERE)
    filled = ((MONTH + timedelta(days=20), 1),)
    known = table(crowd, [posting(2, f"e{n}", opened=MONTH, fills=filled) for n in range(150)]).cell(HERE)
    assert [name for name, _ in fresh.contributions] == ["constant", "tightness"]
    assert [name for name, _ in known.contributions] == ["constant", "tightness", "difficulty"]
    assert (known.grade, fresh.grade) == ("B", "C")


CROWDS = st.lists(
    st.builds(
        lambda city, leaf, share: supplied(0, city, shares=((leaf, share), ("quantum", 1000 - share))),
        st.sampled_from(CITIES),
        st.sampled_from(("seawater-h2", "liquid-h2")),
        st.integers(1, 999),
    ),
    max_size=25,
)
DEMANDS = st.lists(
    st.builds(
        lambda heads, employer, city, age, filled: posting(
            heads,
            employer,
            city=city,
            opened=TODAY - timedelta(days=age),
            fills=((TODAY, 1),) if filled else (),
        ),
        st.integers(1, 30),
        st.sampled_from(("e1", "e2", "e3")),
        st.sampled_from(CITIES),
        st.integers(0, 170),
        st.booleans(),
    ),
    max_size=12,
)


def every_cell(found: ShortageTable) -> list[Cell]:
    return [
        found.cell(Address(*codes), cleared=True)
        for codes in product(AXES.nodes, AXES.cities, AXES.categories)
    ]


@settings(max_examples=30, deadline=None)
@given(CROWDS, DEMANDS)
def test_every_index_adds_up_and_lies_within_its_interval(
    crowd: list[Supplied], posts: list[Posting]
) -> None:
    for cell in every_cell(table(crowd, posts)):
        assert (cell.index is not None) == (cell.demand > 0)
        if cell.index is None or cell.log_odds is None or cell.low is None or cell.high is None:
            continue
        assert sum(value for _, value in cell.contributions) == pytest.approx(cell.log_odds, abs=1e-9)
        assert cell.contributions[0] == ("constant", 0.0)
        assert cell.low <= cell.index <= cell.high
        assert cell.index == pytest.approx(min(99.9, max(0.1, 100 * float(expit(cell.log_odds)))))
        assert cell.stars == sum(cell.index >= floor for floor in Method().star_floors)
        assert cell.watch or (cell.sure is not None and cell.sure >= 0.8)
        assert cell.gap == pytest.approx(max(0.0, cell.demand - (cell.supply or 0.0)))


def test_a_star_in_doubt_is_watched_and_a_sure_one_is_not() -> None:
    doubtful = table(people(5), [posting(1, f"e{n}", opened=MONTH) for n in range(6)]).cell(HERE)
    sure = table(people(60), [posting(1, f"e{n}", opened=MONTH) for n in range(400)]).cell(HERE)
    assert doubtful.watch
    assert not sure.watch
    assert sure.sure is not None
    assert sure.sure >= 0.8


def test_a_city_that_is_short_in_a_balanced_province_is_told_where_the_surplus_is() -> None:
    posts = [posting(1, f"e{n}", opened=MONTH) for n in range(40)]
    crowd = [*people(6), *people(90, city="suzhou")]
    found = table(crowd, posts, Method(weights=(("tightness", 1.0),)))
    location = [driver for driver in drivers(found, HERE) if driver.code == "location"]
    assert len(location) == 1
    assert "suzhou" in location[0].remedy.en


def test_ranking_is_by_index_and_leaves_out_hidden_and_uncertain_cells() -> None:
    posts = [posting(1, f"e{city}{n}", city=city, opened=MONTH) for city in CITIES for n in range(30)]
    crowd = [*people(40), *people(12, city="suzhou"), *people(3, city="nanjing")]
    found = table(crowd, posts)
    addresses = [Address("hydrogen", city) for city in CITIES]
    # With nanjing alone hidden, the province's total would give it away: suzhou, the next smallest, is hidden too.
    assert [found.cell(each).hidden for each in addresses] == [True, True, False]
    assert [cell.address.city for cell in found.tightest(iter(addresses), 5)] == ["nantong"]
    for city in CITIES[:2]:
        crowd += people(60, city=city)
    ranked = table(crowd, posts).tightest(iter(addresses), 5)
    assert [cell.address.city for cell in ranked] == ["nantong", "nanjing", "suzhou"]


def test_a_map_that_nobody_looks_at_any_more_is_gone_at_once() -> None:
    found = table(people(8), [posting(2, "e1", opened=MONTH)])
    for edition in Edition:
        found.for_edition(edition).cell(HERE)
    found.ahead(found.at(HERE))
    seen = [weakref.ref(found), *(weakref.ref(found.for_edition(each)) for each in Edition)]
    was_on = gc.isenabled()
    gc.disable()
    try:
        del found
        assert [each() for each in seen] == [None] * len(seen)
    finally:
        if was_on:
            gc.enable()


def test_an_edition_of_an_edition_shows_what_it_shows_of_the_map_itself() -> None:
    found = table(people(8), [posting(2, "e1", opened=MONTH)])
    public = found.for_edition(Edition.PUBLIC)
    assert public.for_edition(Edition.PUBLIC) is public
    assert public.for_edition(Edition.INTERNAL).cell(HERE) == found.cell(HERE)
