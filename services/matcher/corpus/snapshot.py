"""Snapshots of a match space: encoder, encoded rows and columns, so that a start need not make them again.

A snapshot holds no text and no name: items come from the caller's own store, and only rows whose item still has the
stored version are taken over; columns only where they were made with the same codes and words. A removed item is
absent from the next snapshot.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.chassis.process.collecting import collector_rests
from services.kernel.clock import Clock
from services.matcher.corpus.encoding import KnownRows, population_of
from services.matcher.corpus.population import Population
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import STORED, Item, ItemKind
from services.matcher.encode.encoder import Encoded, Encoder, Family
from services.matcher.encode.lexical import LEXICAL, LexicalFamily
from services.matcher.encode.sparse import COLUMNS
from services.matcher.index.directory import SnapshotUnusable, read_directory, write_directory

# Raised when columns or rows are made in another way, or the manifest says other things.
_FORMAT = 7
_COLUMN = "column-"


class Covers(NamedTuple):
    """What a snapshot is of: all records of each topic before an offset; on how many texts the encoder was fitted."""

    offsets: Mapping[str, int]
    fitted_on: int = 0


def write_snapshot(root: Path, space: MatchSpace, covers: Covers) -> Path:
    """Store encoder, rows and what they cover as the current snapshot below `root`; returns its path."""
    with space.lock:
        encoder = space.encoder
        arrays = {f"encoder-{name}": array for name, array in encoder.arrays().items()}
        counts = {}
        for kind in STORED:
            population = space.population(kind)
            counts[kind.value] = population.size
            arrays |= {f"{kind.value}-{name}": array for name, array in _arrays(population).items()}
        facts = {
            "format": _FORMAT,
            "encoder": {
                "family": encoder.family,
                "version": encoder.version,
                "settings": dict(encoder.facts()),
            },
            "counts": counts,
            "offsets": dict(covers.offsets),
            "fitted_on": covers.fitted_on,
            "stamp": space.codes.stamp,
        }
    # The arrays are copies: nobody waits for the disk.
    return write_directory(root, arrays, facts)


def read_snapshot(
    root: Path,
    items: Iterable[Item],
    codes: Codes,
    families: Sequence[Family] = (),
    clock: Clock | None = None,
) -> tuple[MatchSpace, Covers]:
    """The space over `items` with stored rows where they still hold, and what the snapshot covers.

    Items that the snapshot lacks or has in another version are encoded. Raises SnapshotUnusable when there is
    no snapshot, when it is damaged, or when its encoder is neither the default nor of these families, or not what it
    says; build the space from the items.
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
        encoder = _family(facts["encoder"], families).restored(parts, facts["encoder"]["settings"])
        if encoder.version != facts["encoder"]["version"]:
            raise SnapshotUnusable.because("编码器版本不符", "the encoder is of another version")
        if facts["stamp"] != codes.stamp:
            arrays = {name: array for name, array in arrays.items() if _COLUMN not in name}
        space = MatchSpace(codes, encoder, clock=clock)
        with collector_rests():
            space.fill(
                {kind: _population(kind, items_, arrays, encoder, codes) for kind, items_ in _sorted(items)}
            )
        return space, Covers(dict(facts["offsets"]), int(facts["fitted_on"]))
    except (KeyError, TypeError, IndexError) as error:
        raise SnapshotUnusable.because("内容不完整", f"incomplete: {error}") from error


def _family(facts: Mapping[str, str], families: Sequence[Family]) -> Family:
    for family in (*families, LexicalFamily()):
        if family.name == facts.get("family", LEXICAL):
            return family
    raise SnapshotUnusable.because("其编码器不可用", "its encoder is not at hand")


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
    encoder: Encoder,
    codes: Codes,
) -> Population:
    """Stored rows where they hold, freshly encoded ones for the rest, in the order of the items."""
    ids, versions, dense, data, indices, indptr = (
        arrays[f"{kind.value}-{name}"] for name in ("ids", "versions", "dense", "data", "indices", "indptr")
    )
    sparse = csr_array((data, indices, indptr), shape=(len(ids), COLUMNS))
    encoded, columns = Encoded(dense.astype(np.float32, copy=False), sparse), _columns(kind, arrays)
    named, numbered = ids.tolist(), versions.tolist()
    if named == [item.id for item in items] and numbered == [item.version for item in items]:
        return Population.of(items, encoded, codes, columns)
    known = KnownRows.of(zip(named, numbered, strict=True), encoded, columns)
    return population_of(items, known, encoder, codes)


def _columns(kind: ItemKind, arrays: Mapping[str, NDArray[np.generic]]) -> Columns | None:
    """The stored columns, in the order of the stored rows; None where they are of another catalogue."""
    head = f"{kind.value}-{_COLUMN}"
    stored = {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)}
    return Columns.stored(stored) if stored else None
