"""What stands beside scores: cells and policy; and what no score may ever read."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.catalogue import Catalogue, load
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.cells import cell_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.ordering import CONTRIBUTION, PLACES, VALUES, Facts, Term, key
from services.matcher.domain.priority import (
    PolicyPriority,
    Urgency,
    cell_of_item,
    policy_priority,
)
from services.matcher.encode.lexical import LexicalEncoder
from tests.unit.matcher.examples import FIRMS, FUND, PERSONS, POSITIONS, SIC, TEAM, TEAMS


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


TIERS = tuple(tier.id for tier in load().tiers)
SAID = st.none() | st.builds(
    Urgency, st.integers(0, 5), st.builds(PolicyPriority, st.sampled_from(TIERS), st.booleans())
)


FACTS = st.lists(
    st.builds(
        Facts,
        st.sampled_from((-2.0, -0.5, 0.0, 1.5)),
        SAID,
        st.none() | st.integers(0, 3),
        st.fixed_dictionaries({"city": st.sampled_from((-1.0, 0.0, 0.5))}),
    ),
    max_size=12,
)
FIELDS = (*PLACES, *VALUES, f"{CONTRIBUTION}city")
TERMS = st.lists(st.builds(Term, st.sampled_from(FIELDS), st.booleans()), max_size=3)


def _said(name: str, facts: Facts) -> float | None:
    """What an order by the field reads, the smallest first."""
    said = facts.urgency
    if name in ("score", "probability", f"{CONTRIBUTION}city", "change_time"):
        return {
            "score": -facts.log_odds,
            "probability": facts.log_odds,
            "change_time": facts.changed,
        }.get(name, facts.parts["city"])
    if said is None:
        return None
    if name == "policy":
        return TIERS.index(said.policy.tier) - (100 if said.policy.city_named else 0)
    return -said.stars if name == "shortage" else (said.stars or None)


@given(facts=FACTS, terms=TERMS)
def test_an_order_goes_by_its_terms_one_after_the_other_and_then_by_score(
    facts: list[Facts], terms: list[Term]
) -> None:
    ids = [f"n{at:02}" for at in range(len(facts))]
    keys = {id_: key(terms, id_, each, TIERS) for id_, each in zip(ids, facts, strict=True)}
    expected = sorted(ids, key=lambda id_: (-facts[int(id_[1:])].log_odds, id_))
    for term in reversed(terms):
        values = {id_: _said(term.field, each) for id_, each in zip(ids, facts, strict=True)}
        known = [id_ for id_ in expected if values[id_] is not None]
        known.sort(key=lambda id_: values[id_] or 0, reverse=term.descending)
        expected = known + [id_ for id_ in expected if values[id_] is None]
    assert sorted(ids, key=lambda id_: keys[id_]) == expected


def _other_policy(catalogue: Catalogue, tiers: list[str], named: list[bool]) -> Catalogue:
    """The catalogue with other tiers, and with cities named or not, industry by industry."""
    industries = tuple(
        replace(each, tier=tier, cities=each.cities if keeps else ())
        for each, tier, keeps in zip(catalogue.industries, tiers, named, strict=True)
    )
    return replace(catalogue, industries=industries)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_another_policy_changes_no_score_and_no_order(
    space: MatchSpace, encoder: LexicalEncoder, data: st.DataObject
) -> None:
    catalogue = load()
    count = len(catalogue.industries)
    drawn = _other_policy(
        catalogue,
        data.draw(st.lists(st.sampled_from(TIERS), min_size=count, max_size=count)),
        data.draw(st.lists(st.booleans(), min_size=count, max_size=count)),
    )
    items = (*direction_items(drawn), *PERSONS, *POSITIONS, *FIRMS, *TEAMS, FUND)
    other = MatchSpace(codes_of(drawn), encoder, items)
    for kind in KINDS.values():
        anchors = sorted(Pairs(space).anchors(kind))[:20]
        assert Pairs(space).best(kind, anchors, 20) == Pairs(other).best(kind, anchors, 20)
