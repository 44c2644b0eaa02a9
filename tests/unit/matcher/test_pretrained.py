"""Pretrained models behind the seam of encoders: what holds of every encoder, and how a wrong model is refused."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from services.chassis.configuration import ConfigurationError
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.snapshot import Covers, read_snapshot, write_snapshot
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import STORED, Item, ItemKind, Purpose
from services.matcher.encode.choice import family_named
from services.matcher.encode.encoder import Family
from services.matcher.encode.lexical import LexicalFamily
from services.matcher.encode.models import model as models
from services.matcher.encode.models.remembering import Remembering
from services.matcher.encode.pretrained import PretrainedFamily, dense_weight_at
from services.matcher.encode.sparse import GRID
from services.matcher.index.directory import SnapshotUnusable
from tests.unit.matcher.examples import FIRMS, FUND, ORDINARY, PERSONS, POSITIONS
from tests.unit.matcher.tiny_model import describe, make_model

TEXTS = ("碳化硅外延生长缺陷控制", "海水直接电解制氢", "大模型训练与推理", "SiC epitaxy", "碳" * 90, "")
QUIET = ("", "   ", "。，！？", "……—— \n\t")


def test_rows_are_those_of_single_texts_and_their_products_exact(family: Family) -> None:
    encoder = family.fitted([*TEXTS, *ORDINARY])
    together = encoder.encode(TEXTS)
    assert together.dense.shape == (len(TEXTS), encoder.dimensions)
    assert (together.dense * GRID == np.rint(together.dense * GRID)).all()
    assert (np.linalg.norm(together.dense, axis=1) < 1.02).all()
    exact = together.dense.astype(np.float64) @ together.dense.T.astype(np.float64)
    assert (together.dense @ together.dense.T == exact).all()
    for number, text in enumerate(TEXTS):
        alone = encoder.encode([text])
        assert (alone.dense[0] == together.dense[number]).all()
        assert (alone.sparse != together.sparse[[number]]).nnz == 0


def test_texts_that_say_nothing_and_texts_that_break_rules(family: Family) -> None:
    encoder = family.fitted(TEXTS)
    encoded = encoder.encode(QUIET)
    assert not encoded.present.any()
    assert not encoded.dense.any()
    odd = encoder.encode(["a\0b", "\ud800碳化硅", "\u202e碳化硅", "e\u0301" * 50, "碳化硅" * 20_000])
    assert odd.present.all()
    assert np.isfinite(odd.dense).all()


def test_a_model_reads_broken_words_as_whole_ones(family: Family) -> None:
    rows = (
        family.fitted(ORDINARY).encode(["碳化硅外延 electrolyser", "碳 化\n硅外延 electro\xad\nlyser"]).dense
    )
    assert rows[0].tolist() == rows[1].tolist()


def test_what_was_stored_is_the_same_encoder(family: Family) -> None:
    encoder = family.fitted(TEXTS)
    restored = family.restored(dict(encoder.arrays()), json.loads(json.dumps(dict(encoder.facts()))))
    assert (restored.version, restored.family) == (encoder.version, family.name)
    assert (restored.encode(TEXTS).dense == encoder.encode(TEXTS).dense).all()
    assert family.fitted(TEXTS[:2]).version != encoder.version == family.fitted(TEXTS).version


def test_a_search_finds_who_fits_and_adds_up(
    family: Family, codes: Codes, directions: tuple[Item, ...]
) -> None:
    encoder = family.fitted([*(item.text for item in directions[:20]), *ORDINARY * 3])
    space = MatchSpace(codes, encoder, (*directions[:5], *PERSONS, *POSITIONS, *FIRMS, FUND))
    finder = Finder(space, Pairs(space))
    found = finder.find("person-position", (ItemKind.POSITION, "epitaxy"), 3)
    assert found[0].item.id == "sic"
    explained = finder.explain("person-position", "epitaxy", "sic")
    assert explained.log_odds == found[0].log_odds
    assert sum(part.value for part in explained.contributions) == pytest.approx(explained.log_odds, abs=1e-12)
    assert finder.find("person-position", PERSONS[0], 1)[0].log_odds == found[0].log_odds


def test_a_snapshot_keeps_the_rows_of_any_encoder(
    family: Family, codes: Codes, directions: tuple[Item, ...], tmp_path: Path
) -> None:
    space = MatchSpace(codes, family.fitted(TEXTS), (*directions[:5], *PERSONS))
    items = [item for kind in STORED for item in space.population(kind).items]
    write_snapshot(tmp_path, space, Covers({}))
    restored, _ = read_snapshot(tmp_path, items, codes, (family,))
    assert restored.encoder.version == space.encoder.version
    rows = restored.population(ItemKind.PERSON).vectors.vectors()
    assert (rows == space.population(ItemKind.PERSON).vectors.vectors()).all()
    if family.name != LexicalFamily.name:
        with pytest.raises(SnapshotUnusable):
            read_snapshot(tmp_path, items, codes)


def test_other_weights_are_another_family(tmp_path: Path) -> None:
    one, other = (family_named(str(make_model(tmp_path / str(seed), seed))) for seed in (1, 2))
    assert one.name != other.name
    assert family_named(str(tmp_path / "1")).name == one.name


class _Counting:
    name, dimensions, weight = "counting", 2, 0.4

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vectors(self, texts: object) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        self.asked += list(texts)  # type: ignore[call-overload]
        return np.array([[len(text), 1.0] for text in texts], np.float32).reshape(-1, 2)  # type: ignore[attr-defined]


def test_the_newest_vectors_are_remembered() -> None:
    counting = _Counting()
    model = Remembering(counting, kept=2)
    assert model.vectors(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert model.vectors(["bb"]).tolist() == [[2, 1]]
    assert counting.asked == ["a", "bb"]
    model.vectors(["ccc", "a"])
    assert len(counting.asked) == 3


def _without_description(directory: Path) -> None:
    (directory / "encoder.json").unlink()


def _no_json(directory: Path) -> None:
    (directory / "encoder.json").write_text("{", "utf-8")


def _unknown_pooling(directory: Path) -> None:
    describe(directory, pooling="most")


def _without_model(directory: Path) -> None:
    (directory / "model.onnx").unlink()


def _other_weights(directory: Path) -> None:
    make_model(directory.parent / "other", seed=2)
    (directory / "model.onnx").write_bytes((directory.parent / "other" / "model.onnx").read_bytes())


def _no_model_at_all(directory: Path) -> None:
    (directory / "model.onnx").write_bytes(b"weights")
    describe(directory)


@pytest.mark.parametrize(
    ("spoil", "zh", "en"),
    [
        (_without_description, "没有 encoder.json", "no encoder.json"),
        (_no_json, "不合要求", "not as it must be"),
        (_unknown_pooling, "pooling", "pooling"),
        (_without_model, "缺少文件", "is missing"),
        (_other_weights, "不是 encoder.json 所述的版本", "not the version that encoder.json names"),
        (_no_model_at_all, "无法运行", "cannot be run"),
    ],
)
def test_a_directory_that_is_not_what_it_says_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], zh: str, en: str
) -> None:
    directory = make_model(tmp_path / "model")
    spoil(directory)
    with pytest.raises(ConfigurationError) as refused:
        family_named(str(directory))
    assert refused.value.key == "BOLE_MATCHER_ENCODER"
    assert zh in refused.value.text.zh
    assert en in refused.value.text.en


def test_an_encoder_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="lexical, e5, use"):
        family_named("word2vec")


def test_a_package_that_is_missing_or_of_another_version_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="pip install no-such-package-for-bole==1"):
        models.package("no_such_package_for_bole", "no-such-package-for-bole", ("1",))
    with pytest.raises(ConfigurationError, match="is not known"):
        models.package("numpy", "numpy", ("0.1",))


class _ByMeaning:
    """Three axes: texts of the same sort are alike, whatever their words."""

    name, dimensions, weight = "by-meaning", 3, 0.25
    _SORTS = (("长晶", "crystal"), ("法务", "lawyer"))

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[float(any(w in text for w in words)) for words in self._SORTS] + [0.1] for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimensions)


TITLES = ("长晶工程师", "crystal grower", "法务经理", "lawyer", "销售工程师")


def test_a_model_counts_more_among_shorter_texts() -> None:
    weights = [dense_weight_at(0.25, length) for length in (1, 20, 70, 150, 200, 5_000)]
    assert weights == sorted(weights, reverse=True)
    assert (weights[0], weights[-1]) == (4.0, 0.25)
    family = PretrainedFamily(_ByMeaning())
    short, long = (
        family.fitted(TITLES).mix,
        family.fitted([f"{text}{'，'.join(ORDINARY)}" for text in TITLES]).mix,
    )
    assert short.dense / short.sparse > long.dense / long.sparse
    assert short.dense + short.sparse == pytest.approx(long.dense + long.sparse)
    encoder = family.fitted(TITLES)
    restored = family.restored(dict(encoder.arrays()), json.loads(json.dumps(dict(encoder.facts()))))
    assert (restored.mix, restored.version) == (encoder.mix, encoder.version)


def test_titles_that_share_no_word_are_found_by_what_they_mean(codes: Codes) -> None:
    people = [
        Item(ItemKind.PERSON, f"p{number}", texts=(text,), purposes=frozenset(Purpose))
        for number, text in enumerate(TITLES[1:])
    ]
    space = MatchSpace(codes, PretrainedFamily(_ByMeaning()).fitted(TITLES), people)
    finder = Finder(space, Pairs(space))
    asked = Item(ItemKind.POSITION, "", texts=(TITLES[0],))
    assert finder.find("person-position", asked, 1)[0].item.id == "p0"
    said = {part.name: part.reason for part in finder.explain("person-position", asked, "p0").contributions}
    assert said["text"].zh == "文本没有共同的术语，但意思相近"
