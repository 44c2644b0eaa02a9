import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matcher.encode.grams import WORD_PAIR, WORD_START, grams, normalise
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.encode.sparse import GRID


def _keys(text: str) -> dict[str, int]:
    found = grams([normalise(text)])
    joined = normalise(text) + "\n"
    return {joined[s:e]: int(k) for s, e, k in zip(found.start, found.end, found.key, strict=True)}


def test_grams_follow_the_script() -> None:
    assert set(_keys("碳化硅 SiC-MOSFET！")) == {
        "碳",
        "化",
        "硅",
        "碳化",
        "化硅",
        "sic",
        "mosfet",
        "sic-mosfet",
        "mos",
        "osf",
        "sfe",
        "fet",
        "mosf",
        "osfe",
        "sfet",
    }


def test_kana_have_pairs_and_katakana_words_and_no_grams_of_one() -> None:
    assert set(_keys("ﾀﾞｲﾔ基板の研磨")) == {
        *("ダイヤ", "ダイ", "イヤ", "ヤ基"),
        *("基", "板", "基板", "板の"),
        *("の研", "研", "磨", "研磨"),
    }


def test_a_word_of_katakana_and_a_word_of_letters_are_a_phrase() -> None:
    assert {"sic", "ウエハ", "sic ウエハ"} <= set(_keys("SiC ウエハ"))


def test_width_and_case_do_not_matter_and_place_does_not_change_a_key() -> None:
    assert _keys("ＳｉＣ") == _keys("sic")
    assert _keys("碳化硅")["化硅"] == _keys("氧化硅")["化硅"]
    assert len(set(_keys("碳化硅sic化").values())) == len(_keys("碳化硅sic化"))


def test_a_text_in_traditional_characters_has_the_rows_of_the_simplified_one(encoder: LexicalEncoder) -> None:
    plain, traditional = encoder.encode(["氢燃料电池电堆设计"]), encoder.encode(["氫燃料電池電堆設計"])
    assert plain.sparse.nnz
    assert (plain.sparse != traditional.sparse).nnz == 0
    assert (plain.dense == traditional.dense).all()


@pytest.mark.parametrize(("here", "there"), [("碳化硅外延", "碳化矽外延"), ("钚同位素", "鈽同位素")])
def test_an_element_that_taiwan_writes_otherwise_has_the_same_grams(here: str, there: str) -> None:
    assert _keys(here) == _keys(there)


def test_a_word_and_a_part_of_a_word_are_different_grams() -> None:
    assert _keys("gate")["gate"] != _keys("gates")["gate"]


@pytest.mark.parametrize("text", ["fuel-cell", "fuel\ncell", "Fuel/Cell", "fuel.cell"])
def test_two_words_joined_in_any_way_are_one_phrase(text: str) -> None:
    found = _keys(text)
    assert found[normalise(text)] == _keys("fuel cell")["fuel cell"]
    assert set(found) > {"fuel", "cell"}


@pytest.mark.parametrize("text", ["fuel, cell", "fuel;cell", "fuel  cell", "fuel电cell", "fuel"])
def test_what_stands_in_a_list_or_apart_is_no_phrase(text: str) -> None:
    assert all(not gram.startswith("fuel") or gram == "fuel" for gram in _keys(text))


def test_the_last_word_of_a_text_and_the_first_of_the_next_are_no_phrase() -> None:
    found = grams(["solid fuel", "cell stack"])
    assert sorted(found.document[found.kind == WORD_PAIR].tolist()) == [0, 1]


def test_a_start_is_no_part_inside_a_word() -> None:
    starts = {kind: key for kind, key in _kinds("prozess") if kind == WORD_START}
    assert starts == {kind: key for kind, key in _kinds("process") if kind == WORD_START}
    assert not starts.keys() & {kind for kind, _ in _kinds("pro")}


def _kinds(text: str) -> list[tuple[int, int]]:
    found = grams([text])
    return list(zip(found.kind.tolist(), found.key.tolist(), strict=True))


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_batches_give_the_rows_of_single_texts(texts: list[str]) -> None:
    encoder = LexicalEncoder.fitted(["碳化硅外延生长", "碳化硅器件封装", "海水电解制氢 hydrogen"])
    together = encoder.encode(texts)
    assert np.isfinite(together.dense).all()
    for number, text in enumerate(texts):
        alone = encoder.encode([text])
        assert (alone.dense[0] == together.dense[number]).all()
        assert (alone.sparse != together.sparse[[number]]).nnz == 0


@pytest.mark.parametrize("text", ["", "   ", "。，！？", "……—— \n\t"])
def test_texts_that_say_nothing_have_empty_rows(encoder: LexicalEncoder, text: str) -> None:
    encoded = encoder.encode([text])
    assert not encoded.present[0]
    assert encoded.sparse.nnz == 0
    assert not encoded.dense.any()


def test_rows_are_unit_length_on_the_grid_and_dot_products_exact(encoder: LexicalEncoder) -> None:
    encoded = encoder.encode(["碳化硅外延片缺陷控制", "海水制氢催化剂", "固态储氢材料"])
    assert np.allclose(np.linalg.norm(encoded.dense, axis=1), 1, atol=0.02)
    assert (encoded.dense * GRID == np.rint(encoded.dense * GRID)).all()
    exact = encoded.dense.astype(np.float64) @ encoded.dense.T.astype(np.float64)
    assert (encoded.dense @ encoded.dense.T == exact).all()


def test_rows_of_long_texts_are_longer_than_one_and_of_others_are_one() -> None:
    words = [f"w{number:03d}x" for number in range(400)]
    library = [" ".join(words[first : first + 20]) for first in range(0, 400, 20)]
    encoder = LexicalEncoder.fitted(library)
    texts = [words[0], library[0], " ".join(words[:60]), " ".join(words)]
    rows = encoder.encode(texts).sparse
    short, middle, long, longest = np.sqrt(np.asarray((rows.multiply(rows)).sum(axis=1)).ravel())
    assert short == pytest.approx(1, abs=0.02)
    assert middle == pytest.approx(1, abs=0.02)
    assert 1.05 < long < longest < 4 / 3


def test_what_else_a_long_text_says_costs_it_less() -> None:
    rest = " ".join(f"w{number:03d}x" for number in range(100))
    library = ["fuel cell stack", f"fuel cell membrane {rest}", *(f"other topic {n:02d}x" for n in range(30))]
    rows = LexicalEncoder.fitted(library).encode([*library, "fuel cell"]).sparse
    likeness = (rows[:-1] @ rows[[-1]].T).toarray().ravel()
    whole = float(np.sqrt(rows[[1]].multiply(rows[[1]]).sum()))
    assert likeness[1] / whole < likeness[1] < likeness[0]


def test_what_is_restored_makes_the_same_rows() -> None:
    encoder = LexicalEncoder.fitted(["氢燃料电池电堆设计" * 3, "碳化硅外延", "机器人"])
    again = LexicalEncoder.restored(encoder.arrays(), encoder.facts())
    text = "氢燃料电池与碳化硅" * 20
    assert again.version == encoder.version
    assert (again.encode([text]).sparse != encoder.encode([text]).sparse).nnz == 0


def test_a_new_term_counts_at_once(encoder: LexicalEncoder) -> None:
    rows = encoder.encode(["钙钛矿叠层电池", "钙钛矿组件", "区块链"]).sparse
    similarity = (rows @ rows.T).toarray()
    assert similarity[0, 1] > 0.3 > similarity[0, 2]


def test_version_tells_configuration_and_fitted_state(encoder: LexicalEncoder) -> None:
    texts = ["碳化硅外延生长", "海水电解制氢", "碳化硅器件"]
    assert LexicalEncoder.fitted(texts).version == LexicalEncoder.fitted(texts).version
    assert encoder.fit(texts).version != LexicalEncoder.fitted(texts).version
    assert LexicalEncoder.fitted(texts[:2]).version != LexicalEncoder.fitted(texts).version


def test_works_with_hardly_anything_to_fit_on() -> None:
    for texts in ([], [""], ["碳化硅"]):
        encoded = LexicalEncoder.fitted(texts).encode(["碳化硅外延"])
        assert encoded.present[0]
        assert np.isfinite(encoded.dense).all()


def test_long_text_is_handled(encoder: LexicalEncoder) -> None:
    assert encoder.encode(["碳化硅外延" * 60_000]).present[0]
