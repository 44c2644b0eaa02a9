"""Snapshots of a match space: encoder, encoded rows and columns, so that a start need not make them again.

A snapshot holds no text and no name: items come from the caller's own store, and only rows whose item still has the
stored version are taken over; columns only where they were made with the same codes and words. A removed item is
absent from the next snapshot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from services.matcher.corpus.population import Population, columns_with_text
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import STORED, Item, ItemKind
from services.matcher.encode.encoder import Encoded
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.encode.sparse import COLUMNS
from services.matcher.index.directory import SnapshotUnusable, read_directory, write_directory

# Raised when columns or rows are made in another way.
_FORMAT = 2
_COLUMN = "column-"


def write_snapshot(root: Path, space: MatchSpace, offsets: Mapping[str, int]) -> Path:
    """Store encoder, rows and the caller's offsets as the current snapshot below `root`; returns its path.

    Raises SnapshotUnusable for an encoder that cannot be stored here.
    """
    with space.lock:
        encoder = space.encoder
        if not isinstance(encoder, LexicalEncoder):
            raise SnapshotUnusable.because("该编码器不支持快照", "this encoder is not stored in snapshots")
        arrays = {f"encoder-{name}": array for name, array in encoder.arrays().items()}
        counts = {}
        for kind in STORED:
            population = space.population(kind)
            counts[kind.value] = population.size
            arrays |= {f"{kind.value}-{name}": array for name, array in _arrays(population).items()}
        facts = {
            "format": _FORMAT,
            "encoder": {"version": encoder.version, "settings": asdict(encoder.settings)},
            "counts": counts,
            "offsets": dict(offsets),
            "stamp": space.codes.stamp,
        }
    # The arrays are copies: nobody waits for the disk.
    return write_directory(root, arrays, facts)


def read_snapshot(root: Path, items: Iterable[Item], codes: Codes) -> tuple[MatchSpace, dict[str, int]]:
    """The space over `items` with stored rows where they still hold, and the offsets of the snapshot.

    Items that the snapshot lacks or has in another version are encoded. Raises SnapshotUnusable when there is
    no snapshot, when it is damaged, or when its encoder is not what it says; build the space from the items.
    """
    arrays, facts = read_directory(root)
    try:
        if facts["format"] != _FORMAT:
            raise SnapshotUnusable.because("格式版本不同", "another format")
        parts = {
            name.removeprefix("encoder-"): array
            for name, array in arrays.items()
            if name.startswith("encoder-")
        }
        encoder = LexicalEncoder.restored(parts, facts["encoder"]["settings"])
        if encoder.version != facts["encoder"]["version"]:
            raise SnapshotUnusable.because("编码器版本不符", "the encoder is of another version")
        if facts["stamp"] != codes.stamp:
            arrays = {name: array for name, array in arrays.items() if _COLUMN not in name}
        space = MatchSpace(codes, encoder)
        space.fill(
            {kind: _population(kind, items_, arrays, encoder, codes) for kind, items_ in _sorted(items)}
        )
        return space, dict(facts["offsets"])
    except (KeyError, TypeError, IndexError) as error:
        raise SnapshotUnusable.because("内容不完整", f"incomplete: {error}") from error


def _sorted(items: Iterable[Item]) -> list[tuple[ItemKind, list[Item]]]:
    by_kind: dict[ItemKind, list[Item]] = {kind: [] for kind in STORED}
    for item in sorted(items, key=lambda item: item.id):
        by_kind[item.kind].append(item)
    return list(by_kind.items())


def _arrays(population: Population) -> dict[str, NDArray[np.generic]]:
    sparse = population.sparse.matrix()
    return {
        "ids": np.array([item.id for item in population.items], dtype=np.str_),
        "versions": np.array([item.version for item in population.items], dtype=np.int64),
        "dense": population.vectors.vectors().copy(),
        "data": sparse.data,
        "indices": sparse.indices,
        "indptr": sparse.indptr,
        **{f"{_COLUMN}{name}": array for name, array in population.columns.arrays().items()},
    }


def _population(
    kind: ItemKind,
    items: list[Item],
    arrays: Mapping[str, NDArray[np.generic]],
    encoder: LexicalEncoder,
    codes: Codes,
) -> Population:
    """Stored rows first, freshly encoded ones for the rest, put into the order of the items."""
    ids, versions, dense, data, indices, indptr = (
        arrays[f"{kind.value}-{name}"] for name in ("ids", "versions", "dense", "data", "indices", "indptr")
    )
    sparse = csr_array((data, indices, indptr), shape=(len(ids), COLUMNS))
    stored = {(str(i), int(v)): row for row, (i, v) in enumerate(zip(ids, versions, strict=True))}
    fresh = [item for item in items if (item.id, item.version) not in stored]
    encoded = encoder.encode([item.text for item in fresh])
    number = {item.id: len(ids) + row for row, item in enumerate(fresh)}
    order = [stored.get((item.id, item.version), number.get(item.id, 0)) for item in items]
    rows = vstack([sparse, encoded.sparse], format="csr")[order]
    vectors = np.concatenate([dense.astype(np.float32), encoded.dense])[order]
    columns = _columns(kind, arrays)
    if columns is not None:
        columns.extend(columns_with_text(fresh, encoded, codes), np.arange(len(fresh)))
        columns = columns.take(np.array(order, np.int64))
    return Population.of(items, Encoded(vectors, rows), codes, columns)


def _columns(kind: ItemKind, arrays: Mapping[str, NDArray[np.generic]]) -> Columns | None:
    """The stored columns, in the order of the stored rows; None where they are of another catalogue."""
    head = f"{kind.value}-{_COLUMN}"
    stored = {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)}
    return Columns.stored(stored) if stored else None
