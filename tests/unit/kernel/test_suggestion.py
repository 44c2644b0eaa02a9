from hypothesis import given
from hypothesis import strategies as st

from services.kernel.suggestion import likeness, nearest, nearest_words

NAMES = st.text(alphabet="abc氢能源储", max_size=12)


@given(NAMES, NAMES)
def test_likeness_lies_between_zero_and_one(left: str, right: str) -> None:
    assert 0.0 <= likeness(left, right) <= 1.0


@given(NAMES.filter(bool))
def test_a_name_is_most_like_itself(name: str) -> None:
    assert likeness(name, name) == 1.0


def test_typing_errors_find_their_word() -> None:
    assert nearest_words("Idustry", ["city", "stage", "industry"])[0] == "industry"


def test_abbreviations_find_the_shortest_name_first() -> None:
    names = {"fcv": ["氢燃料电池汽车"], "sodium": ["钠镍电池"]}
    assert nearest("电池", names) == ["sodium", "fcv"]


def test_words_in_another_order_are_near() -> None:
    assert nearest("基因和细胞技术", {"cell-gene": ["细胞和基因技术"], "vr": ["虚拟现实"]}) == ["cell-gene"]


def test_nothing_near_gives_nothing() -> None:
    assert nearest_words("xyz", ["industry", "city"]) == []
