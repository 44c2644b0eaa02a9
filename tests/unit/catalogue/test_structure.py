"""The sections fit together."""

from typing import Any

import pytest

from services.catalogue import OUTSIDE, Catalogue
from services.kernel.errors import NotFound


def test_counts(catalogue: Catalogue) -> None:
    assert len(catalogue.industries) == 14
    assert len(catalogue.directions) == 114
    assert len(catalogue.leaves) == 117
    assert len(catalogue.cities) == 13
    assert len(catalogue.targets) == 8
    assert len(catalogue.categories) == 6
    assert len(catalogue.departments) == 27


def test_ids_are_unique_in_every_list(nodes: list[tuple[str, dict[str, Any]]]) -> None:
    for path, node in nodes:
        for key, children in node.items():
            if isinstance(children, list):
                ids = [child["id"] for child in children if isinstance(child, dict) and "id" in child]
                assert len(ids) == len(set(ids)), f"{path}.{key}"


def test_leaf_codes_are_unique_across_industries(catalogue: Catalogue) -> None:
    codes = [leaf.code for leaf in catalogue.leaves]
    assert len(set(codes)) == len(codes)
    assert OUTSIDE not in {city.id for city in catalogue.cities}


def test_parents_are_directions_of_the_same_industry(catalogue: Catalogue) -> None:
    for industry in catalogue.industries:
        own = {direction.id for direction in industry.directions}
        assert {direction.parent for direction in industry.directions} - {None} <= own


def test_directions_use_the_vocabulary_and_cite_their_industry(catalogue: Catalogue, document: str) -> None:
    verbs = {stance.id: stance.verbs for stance in catalogue.stances}
    for direction in catalogue.directions:
        assert direction.kind in catalogue.direction_kinds
        assert direction.verb in verbs[direction.stance]
        assert direction.verb in document
        assert direction.clause == catalogue.industry(direction.industry).clause


def test_industries_are_numbered_in_order_and_have_a_tier(catalogue: Catalogue) -> None:
    assert [industry.number for industry in catalogue.industries] == list(range(1, 15))
    tiers = [industry.tier for industry in catalogue.industries]
    assert tiers == ["growth"] * 10 + ["frontier"] * 4


def test_industries_without_directions_are_their_own_leaves(catalogue: Catalogue) -> None:
    alone = [leaf.code for leaf in catalogue.leaves if leaf.code == leaf.industry]
    assert alone == ["quantum", "humanoid-robot", "advanced-nuclear"]


def test_references_between_sections_exist(catalogue: Catalogue) -> None:
    cities = {city.id for city in catalogue.cities}
    industries = {industry.id for industry in catalogue.industries}
    platforms = {platform.id: platform for platform in catalogue.platforms}
    labels = {label.id for label in catalogue.labels}
    for industry in catalogue.industries:
        assert all(platforms[id_].industry == industry.id for id_ in industry.platforms)
        assert {city for role in industry.cities for city in role.cities} <= cities
    assert {city for role in catalogue.city_roles for city in role.cities} <= cities
    assert {mention.industry for mention in catalogue.industry_mentions} <= industries
    assert {id_ for target in catalogue.targets for id_ in target.scope} <= labels | platforms.keys()


def test_targets_keep_value_year_and_clause(catalogue: Catalogue) -> None:
    target = next(target for target in catalogue.targets if target.id == "T2030-innovative-talent")
    assert (target.value, target.year, target.comparator, target.clause) == (100, 2030, "at_least", "3.4")
    assert target.text.zh == "到2030年，系统培养具有交叉复合背景的未来产业创新人才（团队）100个以上"


def test_look_up_by_id(catalogue: Catalogue) -> None:
    assert catalogue.direction("seawater-h2").parent == "renewable-h2"
    assert catalogue.leaf("quantum").name.zh == "量子科技"
    assert catalogue.industry("ccus").short == "零碳负碳"
    assert catalogue.city("huaian").name.en == "Huai'an"
    assert catalogue.category("master-craftsman").order == 6
    assert catalogue.clause("3.4").title.zh == "加大关键要素支撑"
    assert catalogue.industry_of("fcv") == "hydrogen"
    assert len(catalogue.leaves_of("hydrogen")) == 9


@pytest.mark.parametrize(
    "method", ["direction", "leaf", "industry", "city", "category", "clause", "industry_of"]
)
def test_an_unknown_id_is_not_found(method: str, catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        getattr(catalogue, method)("nowhere")


def test_an_industry_is_not_a_direction_and_outside_is_not_a_city(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.direction("quantum")
    with pytest.raises(NotFound):
        catalogue.city(OUTSIDE)


def test_leaf_text_joins_what_describes_a_leaf(catalogue: Catalogue) -> None:
    both = catalogue.leaf_text("seawater-h2")
    for word in (
        "海水制氢",
        "可再生能源制氢",
        "氢能",
        "关键技术",
        "Hydrogen from seawater",
        "Hydrogen energy",
    ):
        assert word in both
    assert "Hydrogen" not in catalogue.leaf_text("seawater-h2", "zh")
    assert "氢" not in catalogue.leaf_text("seawater-h2", "en")
    assert "GaN" in catalogue.leaf_text("gan", "zh")
    assert all(catalogue.leaf_text(leaf.code) for leaf in catalogue.leaves)
