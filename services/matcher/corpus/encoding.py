"""Encoded rows at hand, so that only what has changed is encoded again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy.sparse import vstack

from services.matcher.corpus.population import Population, columns_with_text
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item, ItemKind
from services.matcher.encode.encoder import Encoded, Encoder

Version = tuple[str, int]


@dataclass(frozen=True, slots=True)
class KnownRows:
    """Rows that one encoder made of items, by id and version; with their columns, where those are known too."""

    row_of: Mapping[Version, int]
    encoded: Encoded
    columns: Columns | None = None

    @classmethod
    def of(cls, versions: Iterable[Version], encoded: Encoded, columns: Columns | None = None) -> "KnownRows":
        """One row for each id and version, in their order."""
        return cls({version: row for row, version in enumerate(versions)}, encoded, columns)


Known = Mapping[ItemKind, KnownRows]


def rows_at_hand(populations: Iterable[Population]) -> Known:
    """What populations hold. Not for directions: they have no versions, and theirs may be of an earlier catalogue."""
    return {
        population.items[0].kind: KnownRows.of(
            ((item.id, item.version) for item in population.items),
            population.encoded(rows := np.arange(population.size, dtype=np.int64)),
            population.columns.take(rows),
        )
        for population in populations
        if population.size
    }


def rows_of(items: Sequence[Item], encoded: Encoded, columns: Columns) -> Known:
    """The rows of items that are in the order of their kinds."""
    found, start = {}, 0
    for kind, group in groupby(items, key=lambda item: item.kind):
        versions = [(item.id, item.version) for item in group]
        end = start + len(versions)
        rows = Encoded(encoded.dense[start:end], encoded.sparse[start:end])
        found[kind] = KnownRows.of(versions, rows, columns.part(start, end))
        start = end
    return found


def population_of(
    items: Sequence[Item], known: KnownRows | None, encoder: Encoder, codes: Codes
) -> Population:
    """All items, those without a row at hand encoded now."""
    if known is None:
        return Population.of(items, encoder.encode([item.text for item in items]), codes)
    fresh = [item for item in items if (item.id, item.version) not in known.row_of]
    added = encoder.encode([item.text for item in fresh]) if fresh else known.encoded
    encoded = joined([known.encoded, added]) if fresh else known.encoded
    first = known.encoded.dense.shape[0]
    row_of = {**known.row_of, **{(item.id, item.version): first + row for row, item in enumerate(fresh)}}
    order = np.array([row_of[item.id, item.version] for item in items], np.int64)
    columns = known.columns
    if columns is not None and fresh:
        columns.extend(columns_with_text(fresh, added, codes), np.arange(len(fresh)))
    if not np.array_equal(order, np.arange(encoded.dense.shape[0])):
        encoded = Encoded(encoded.dense[order], encoded.sparse[order])
        columns = None if columns is None else columns.take(order)
    return Population.of(items, encoded, codes, columns)


def joined(parts: Sequence[Encoded]) -> Encoded:
    """Rows one below the other; there is one part at least."""
    if len(parts) == 1:
        return parts[0]
    dense = np.concatenate([part.dense for part in parts])
    return Encoded(dense, vstack([part.sparse for part in parts], format="csr"))
