import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import Catalogue, load
from services.catalogue.lookup import Entry, Vocabulary
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

CATALOGUE = load()
VOCABULARIES = {
    "direction": CATALOGUE.vocabulary_of_directions,
    "industry": CATALOGUE.vocabulary_of_industries,
    "city": CATALOGUE.vocabulary_of_cities,
    "category": CATALOGUE.vocabulary_of_categories,
    "label": CATALOGUE.vocabulary_of_labels,
    "programme": CATALOGUE.vocabulary_of_programmes,
}
ALL_NAMES = [
    (kind, name, entry.id)
    for kind, vocabulary in VOCABULARIES.items()
    for entry in vocabulary.entries
    for name in (entry.id, *entry.names)
]


def resolve(kind: str, text: str, **options: str) -> str:
    code: str = getattr(CATALOGUE, f"resolve_{kind}")(text, **options)
    return code


def refusal(kind: str, text: str, **options: str) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        resolve(kind, text, **options)
    return caught.value


def wide(text: str) -> str:
    """The full-width form that a Chinese keyboard gives."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


FORMS: list[Literal["NFC", "NFD", "NFKC"]] = ["NFC", "NFD", "NFKC"]
STYLES: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [str, str.upper, str.lower, str.title, wide, lambda text: f"  {text}　"]
)


@given(st.sampled_from(ALL_NAMES), STYLES, st.sampled_from(FORMS))
def test_every_name_and_alias_resolves_to_its_own_id(
    named: tuple[str, str, str], style: Callable[[str], str], form: Literal["NFC", "NFD", "NFKC"]
) -> None:
    kind, name, id_ = named
    assert resolve(kind, unicodedata.normalize(form, style(name))) == id_


@pytest.mark.parametrize(("kind", "name", "id_"), ALL_NAMES)
def test_every_name_as_written(kind: str, name: str, id_: str) -> None:
    assert resolve(kind, name) == id_


@pytest.mark.parametrize(
    ("kind", "text", "id_"),
    [
        ("city", "苏州", "suzhou"),
        ("city", "江苏省苏州市", "suzhou"),
        ("city", "HUAIAN", "huaian"),
        ("city", "320500", "suzhou"),
        ("industry", "零碳负碳（碳捕集利用及封存）", "ccus"),
        ("industry", "agi", "general-intelligence"),
        ("direction", "agi", "agi"),
        ("direction", "CAR-T 细胞治疗", "car-t"),
        ("direction", "人形机器人", "humanoid-robot"),
        ("category", "Outstanding engineer", "outstanding-engineer"),
        ("place", "省外", "outside"),
        ("place", "outside", "outside"),
        ("place", "南京市", "nanjing"),
    ],
)
def test_usual_ways_of_writing(kind: str, text: str, id_: str) -> None:
    assert resolve(kind, text) == id_


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [
        ("industry", "三代半", "third-gen-semiconductor"),
        ("industry", "氢能源", "hydrogen"),
        ("industry", "基因和细胞技术", "cell-gene"),
        ("industry", "Hydrogen enrgy", "hydrogen"),
        ("city", "suzou", "suzhou"),
        ("city", "南京市江宁区", "nanjing"),
        ("direction", "海水制氧", "seawater-h2"),
        ("direction", "全固态电池", "all-solid-li"),
        ("category", "工程师", "outstanding-engineer"),
        ("programme", "双创", "shuangchuang"),
    ],
)
def test_near_misses_are_refused_with_what_was_meant(kind: str, text: str, first: str) -> None:
    error = refusal(kind, text)
    assert error.metadata["suggestions"].split(",")[0] == first
    assert first in error.text.zh
    assert first in error.text.en


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("direction", "UNKNOWN_DIRECTION"),
        ("industry", "UNKNOWN_INDUSTRY"),
        ("city", "UNKNOWN_CITY"),
        ("category", "UNKNOWN_CATEGORY"),
        ("label", "UNKNOWN_LABEL"),
        ("programme", "UNKNOWN_PROGRAMME"),
    ],
)
def test_the_refusal_names_field_value_rule_and_remedy(kind: str, reason: str) -> None:
    error = refusal(kind, "％％％", field="rows[3].x")
    assert error.reason == reason
    assert error.violations[0].field == "rows[3].x"
    assert error.metadata == {"value": "％％％", "suggestions": ""}
    assert "请填写" in error.text.zh
    assert "; write " in error.text.en


@pytest.mark.parametrize("text", ["", "   ", "-", "上海", "outside", "\x00", "苏" * 10_000])
def test_what_is_no_city_is_refused(text: str) -> None:
    assert refusal("city", text).reason == "UNKNOWN_CITY"


def test_long_values_are_shown_shortened() -> None:
    assert len(refusal("city", "x" * 10_000).metadata["value"]) == 41


def test_an_industry_given_as_direction_proposes_its_directions() -> None:
    error = refusal("direction", "氢能")
    assert error.reason == "UNKNOWN_DIRECTION"
    assert error.metadata["suggestions"].split(",")[:2] == ["renewable-h2", "seawater-h2"]


def test_a_shared_name_is_refused_with_everything_it_could_mean() -> None:
    entries = tuple(Entry(id_, Text(id_, id_), ("同名",)) for id_ in ("first", "second"))
    vocabulary = Vocabulary(Text("物", "thing"), "UNKNOWN_THING", entries)
    with pytest.raises(InvalidArgument) as caught:
        vocabulary.resolve("同名", "thing")
    assert caught.value.metadata["suggestions"] == "first,second"


def test_an_id_wins_over_the_name_of_another() -> None:
    entries = (Entry("a", Text("甲", "A"), ("b",)), Entry("b", Text("乙", "B"), ()))
    assert Vocabulary(Text("物", "thing"), "UNKNOWN_THING", entries).resolve("B", "thing") == "b"


@given(st.text(max_size=30))
def test_any_text_resolves_or_is_refused_as_bad_input(text: str) -> None:
    for kind in VOCABULARIES:
        if VOCABULARIES[kind].find(text) is None:
            assert refusal(kind, text).metadata.keys() == {"value", "suggestions"}
        else:
            assert resolve(kind, text)


def test_the_catalogue_is_read_once(catalogue: Catalogue) -> None:
    assert load() is catalogue
