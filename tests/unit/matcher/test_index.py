import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from services.kernel import side_by_side as side_by_side_module
from services.kernel.errors import InvalidArgument
from services.matcher.index import compressed, packing
from services.matcher.index.directory import SnapshotUnusable, read_directory, write_directory
from services.matcher.index.sparse_rows import SparseRows, few_products
from services.matcher.index.vectors import VectorIndex


def _vectors(seed: int, rows: int = 200, dimensions: int = 16) -> np.ndarray:
    return _of_length_one(np.random.default_rng(seed).normal(size=(rows, dimensions)))


def _of_length_one(drawn: np.ndarray) -> np.ndarray:
    """On the grid on which sums are exact."""
    return (np.rint(drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * 2048) / 2048).astype(np.float32)


def _recall(index: VectorIndex, query: np.ndarray, admitted: np.ndarray) -> float:
    """How many of the ten nearest by NumPy, ties by row, are found; in the right order as far as they are."""
    rows, similarities = index.search(query, 10, admitted)
    scores = np.where(admitted, index.vectors() @ query, -np.inf)
    expected = np.lexsort((np.arange(len(scores)), -scores))[: min(10, int(admitted.sum()))]
    assert admitted[rows].all()
    assert similarities.tolist() == [scores[row] for row in rows]
    assert rows.tolist() == sorted(rows.tolist(), key=lambda row: (-scores[row], row))
    return len(set(rows) & set(expected)) / len(expected) if len(expected) else 1.0


@pytest.mark.parametrize("share", [1.0, 0.6, 0.2, 0.05, 0.005, 0.0])
def test_packed_search_finds_what_the_oracle_finds_at_every_selectivity(share: float) -> None:
    vectors, queries = _vectors(1, 4_000, 32), _vectors(2, 30, 32)
    index = VectorIndex.of(vectors, few=50)
    index.pack()
    rng = np.random.default_rng(4)
    recalls = [_recall(index, query, rng.random(index.size) < share) for query in queries]
    against = [_recall(index, query, index.vectors() @ query < 0.1) for query in queries]
    for number in range(60):
        index.put(number * 3, _vectors(number + 9, 1, 32)[0])
        index.remove(number * 40)
    index.extend(_vectors(8, 100, 32))
    changed = [_recall(index, query, rng.random(index.size) < share) for query in queries]
    assert min(np.mean(recalls), np.mean(against), np.mean(changed)) >= 0.99


@pytest.mark.parametrize("lists", [False, True])
@pytest.mark.parametrize("dimensions", [32, 256])
def test_vectors_in_any_direction_are_found_at_every_selectivity(
    dimensions: int, lists: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have nothing in common by which packed rows could be told from one another, so that ten times as many of
    them have to be compared as of what encoders make.
    """
    if lists:
        monkeypatch.setattr(compressed, "LISTED_FROM", 1_000)
    rng = np.random.default_rng(3)
    index = VectorIndex.of(_vectors(1, 8_000, dimensions), few=50)
    index.pack()
    for share in (1.0, 0.5, 0.2, 0.1, 0.03, 0.01):
        recalls = [
            _recall(index, query, rng.random(index.size) < share) for query in _vectors(2, 50, dimensions)
        ]
        assert np.mean(recalls) >= 0.99, share


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([8, 30, 64]),
    st.floats(0, 2),
    st.sampled_from([1, 4, 2048]),
    st.floats(0.05, 1),
)
@settings(max_examples=10, deadline=None)
def test_rows_of_any_kind_are_found(
    seed: int, dimensions: int, common: float, grid: int, share: float
) -> None:
    """Rows around a few centres or none, on a grid so coarse that many are equal, or fine."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(12, dimensions))
    drawn = rng.normal(size=(6_000, dimensions)) + common * centres[rng.integers(0, 12, 6_000)]
    rows = (np.rint(drawn * grid) / grid).astype(np.float32)
    index = VectorIndex.of(rows, few=50)
    index.pack()
    found, wanted = 0, 0
    for query in rows[rng.choice(6_000, 40, replace=False)]:
        if query.any():
            admitted = rng.random(6_000) < share
            nearest = index.search(query, 10, admitted, exact=True)[1]
            found += int(np.count_nonzero(index.search(query, 10, admitted)[1] >= nearest[-1]))
            wanted += len(nearest)
    assert found >= 0.99 * wanted


@pytest.mark.parametrize("of_group", [1_000, 150])
def test_rows_that_are_admitted_together_are_found_among_themselves(of_group: int) -> None:
    groups = np.random.default_rng(5).integers(0, 4_000 // of_group, 4_000)
    vectors = _vectors(1, 4_000, 32) + _vectors(6, 4_000 // of_group, 32)[groups]
    index = VectorIndex.of(vectors, few=50, groups=lambda: groups)
    index.pack()
    recalls = []
    for number, query in enumerate(_vectors(2, 30, 32)):
        one, other = groups == number % groups.max(), groups == (number + 1) % groups.max()
        recalls += [_recall(index, query, mask) for mask in (one, one | other, one & (vectors[:, 0] > 0))]
        index.put(number, vectors[number + 100])  # by now in a group that is not its own
    assert np.mean(recalls) >= 0.99


def test_a_group_too_small_to_be_packed_is_compared() -> None:
    groups = np.repeat([1, 2, 3, 4], [1_500, 1_900, 550, 50])
    index = VectorIndex.of(_vectors(1, 4_000, 32), few=50, groups=lambda: groups)
    index.pack()
    for query in _vectors(2, 10, 32):
        assert _recall(index, query, groups >= 3) == 1.0


def test_very_many_rows_are_found_with_the_grain_and_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "LISTED_FROM", 1_000)
    groups = np.random.default_rng(5).integers(0, 5, 4_000)
    vectors = _of_length_one(_vectors(1, 4_000, 32) + 2 * _vectors(6, 5, 32)[groups])
    index = VectorIndex.of(vectors, few=50, groups=lambda: groups)
    index.pack()
    some = np.random.default_rng(7).random(4_000) < 0.3
    recalls = []
    for query in vectors[:20]:
        likeness = vectors @ query
        own = groups == groups[likeness.argmax()]
        masks = (np.ones(4_000, np.bool_), some, ~own, ~own & some, likeness < 0.3)
        recalls += [_recall(index, query, mask) for mask in masks]
    assert np.mean(recalls) >= 0.99


def test_what_is_put_into_a_packed_index_is_found_at_once_and_what_is_removed_is_not() -> None:
    index = VectorIndex.of(_vectors(1, 3_000, 32), few=50)
    new = _vectors(7, 1, 32)[0]
    index.pack()
    index.put(3, new)
    index.put(index.size, new)
    assert index.search(new, 2)[0].tolist() == [3, 3_000]
    index.remove(3)
    assert index.search(new, 2)[0][0] == 3
    index.remove(3)
    assert index.search(new, 1)[1][0] < 0.99
    assert index.search(new, 5, exact=True)[0].tolist() == index.search(new, 5)[0].tolist()


def test_rows_are_packed_beside_while_searches_and_changes_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is packed is what stood there at some moment, so that a run differs from the next by a few of the nearest:
    three hundred searches tell a recall of 0.999, which it is, from one of 0.99, and thirty do not.
    """
    begun: list[Future[None]] = []

    def noted(work: Callable[[], None]) -> Future[None]:
        begun.append(side_by_side_module.beside(work))
        return begun[-1]

    monkeypatch.setattr(packing, "beside", noted)
    index = VectorIndex.of(_vectors(1, 3_000, 32), few=50, packed_from=1_000)
    admitted = np.ones(index.size, np.bool_)
    meanwhile = []
    for number, query in enumerate(_vectors(2, 300, 32)):
        meanwhile.append(_recall(index, query, admitted))
        index.put(number, _vectors(number + 9, 1, 32)[0])
        assert index.search(index.vectors()[number], 1)[0].tolist() == [number]
    wait(begun)
    assert [each.exception() for each in begun] == [None] * len(begun) != []
    packed = [_recall(index, query, admitted) for query in _vectors(3, 300, 32)]
    assert min(np.mean(meanwhile), np.mean(packed)) >= 0.99


@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.01, 0.0])
def test_search_equals_the_exhaustive_oracle_at_every_selectivity(share: float) -> None:
    vectors, query = _vectors(1), _vectors(2, 1)[0]
    admitted = np.random.default_rng(3).random(200) < share
    rows, similarities = VectorIndex.of(vectors).search(query, 10, admitted)
    scores = np.where(admitted, vectors @ query, -np.inf)
    expected = sorted(np.flatnonzero(admitted), key=lambda row: (-scores[row], row))[:10]
    assert rows.tolist() == expected
    assert similarities.tolist() == [scores[row] for row in expected]


def test_filter_against_the_grain_of_the_query_finds_the_best_of_the_rest() -> None:
    vectors, query = _vectors(1), _vectors(2, 1)[0]
    admitted = vectors @ query < 0
    rows, _ = VectorIndex.of(vectors).search(query, 5, admitted)
    assert set(rows) == set(np.argsort(-np.where(admitted, vectors @ query, -9))[:5])


def test_removal_forgets_the_bytes() -> None:
    index = VectorIndex.of(_vectors(1, 5))
    secret = index.vectors()[1].copy()
    index.remove(1)
    assert index.size == 4
    assert not (index.vectors() == secret).all(axis=1).any()
    assert index.search(secret, 10)[0].size == 4


def test_blank_rows_are_never_found() -> None:
    index = VectorIndex(16)
    vectors = _vectors(1, 3)
    for row, vector in enumerate((vectors[0], None, vectors[2])):
        index.put(row, vector)
    assert set(index.search(vectors[1], 3)[0]) == {0, 2}


@pytest.mark.parametrize(
    ("vector", "reason"),
    [
        (np.zeros(16, np.float32), "ZERO_VECTOR"),
        (np.full(16, np.nan, np.float32), "NOT_FINITE"),
        (np.full(16, np.inf, np.float32), "NOT_FINITE"),
        (np.full(16, 3e38, np.float32), "NOT_COMPARABLE"),
        (np.full(16, -3e38, np.float32), "NOT_COMPARABLE"),
        (np.ones(15, np.float32), "WRONG_DIMENSION"),
    ],
)
def test_vectors_that_cannot_be_compared_are_refused(vector: np.ndarray, reason: str) -> None:
    index = VectorIndex.of(_vectors(1))
    for call in (lambda: index.search(vector, 5), lambda: index.put(0, vector)):
        with pytest.raises(InvalidArgument) as refusal:
            call()
        assert refusal.value.reason == reason


def test_mask_of_another_length_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="200"):
        VectorIndex.of(_vectors(1)).search(_vectors(2, 1)[0], 5, np.ones(3, np.bool_))


_ROWS = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.25, 0.5]), min_size=12, max_size=12)
_STEPS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 200), _ROWS), max_size=150)


@pytest.mark.parametrize("turned_from", [3, 1_000])
@pytest.mark.parametrize("groups", [1, 3])
@given(_STEPS)
@settings(max_examples=30, deadline=None)
def test_sparse_rows_follow_a_plain_matrix(
    groups: int, turned_from: int, steps: list[tuple[int, int, list[float]]]
) -> None:
    plain: list[list[float]] = []
    rows = SparseRows(12, turned_from, lambda: np.arange(rows.size) % groups)
    for what, where, values in steps:
        if what == 0 or not plain:
            rows.put(len(plain), csr_array(np.array([values], np.float32)))
            plain.append(values)
        elif what == 1:
            rows.put(where % len(plain), csr_array(np.array([values], np.float32)))
            plain[where % len(plain)] = values
        else:
            rows.remove(where % len(plain))
            assert rows.dot(csr_array(np.ones((1, 12), np.float32))).shape == (1, len(plain) - 1)
            plain[where % len(plain)] = plain[-1]
            plain.pop()
    expected = np.array(plain, np.float32).reshape(len(plain), 12)
    assert (rows.matrix().toarray() == expected).all()
    for count in (1, 7):
        queries = np.arange(count * 12, dtype=np.float32).reshape(count, 12)
        assert (rows.dot(csr_array(queries)) == queries @ expected.T).all()
        assert (few_products(csr_array(queries), rows.matrix()) == queries @ expected.T).all()
        for some in (
            np.arange(len(plain))[::3],
            np.arange(len(plain))[: len(plain) // 2],
            np.arange(len(plain))[3:4],
        ):
            assert (rows.dot(csr_array(queries), some) == (queries @ expected.T)[:, some]).all()


def test_arrays_of_every_shape_order_and_type_are_read_as_written(tmp_path: Path) -> None:
    written: dict[str, np.ndarray] = {
        "table": np.arange(12, dtype=np.int16).reshape(3, 4),
        "turned": np.asfortranarray(np.arange(12, dtype=np.float32).reshape(3, 4)),
        "nothing": np.zeros((0, 7), np.uint8),
        "truths": np.array([True, False]),
        "one": np.array(5.0),
    }
    write_directory(tmp_path, written, {})
    for name, array in read_directory(tmp_path)[0].items():
        assert array.dtype == written[name].dtype
        assert np.array_equal(array, written[name])


def test_heads_of_files_are_parsed_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_directory(tmp_path, {f"a{n}": np.arange(n) for n in range(20)}, {})
    parse, busy, parsed = np.lib.format.read_array_header_1_0, threading.Lock(), []

    def alone(file: IO[bytes]) -> Any:
        assert busy.acquire(blocking=False)
        threading.Event().wait(0.002)
        parsed.append(parse(file))
        busy.release()
        return parsed[-1]

    monkeypatch.setattr(np.lib.format, "read_array_header_1_0", alone)
    monkeypatch.setattr(side_by_side_module, "_cores", lambda: 4)
    assert len(read_directory(tmp_path)[0]) == len(parsed) == 20


def test_directory_round_trip_keeps_one_generation(tmp_path: Path) -> None:
    for n in range(3):
        write_directory(tmp_path, {"a": np.arange(n + 1)}, {"offsets": {"persons": n}})
    arrays, facts = read_directory(tmp_path)
    assert arrays["a"].tolist() == [0, 1, 2]
    assert facts == {"offsets": {"persons": 2}}
    assert len(list(tmp_path.glob("generation-*"))) == 1


@pytest.mark.parametrize("file", ["a.npy", "manifest.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
def test_damage_is_detected(tmp_path: Path, file: str, damage: str) -> None:
    target = write_directory(tmp_path, {"a": np.arange(100)}, {"offsets": {}}) / file
    data = target.read_bytes()
    if damage == "delete":
        target.unlink()
    else:
        target.write_bytes(data[: len(data) // 2] if damage == "cut" else data[:-9] + b"?" + data[-8:])
    with pytest.raises(SnapshotUnusable):
        read_directory(tmp_path)


def test_no_snapshot_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SnapshotUnusable) as refusal:
        read_directory(tmp_path / "nothing")
    assert refusal.value.reason == "SNAPSHOT_UNUSABLE"
