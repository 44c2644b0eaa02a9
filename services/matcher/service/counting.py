"""Counting the values of a dimension over rows of a population, by its columns alone."""

from collections.abc import Iterable

import numpy as np

from services.matcher.domain.codes import OUTSIDE, Codes
from services.matcher.domain.columns import AVAILABILITIES, STAGES, Columns
from services.matcher.score.block import Mask

FACETS = ("city_code", "industry_code", "direction_code", "category_code", "stage", "availability")
_SLAB = 65_536


def counted(field: str, rows: Mask, columns: Columns, codes: Codes) -> dict[str, int]:
    """How many of the rows have each value, those that none has left out. Raises KeyError for what is no facet.

    Of industries and directions a row may have several; one without a value is in no count.
    """
    if field == "industry_code":
        bits = columns.integers("industries")[rows]
        return _kept(
            (code, int(np.count_nonzero(bits & (1 << number))))
            for number, code in enumerate(codes.industries)
        )
    if field == "direction_code":
        return _kept(
            zip((leaf.code for leaf in codes.leaves), _directions(rows, columns, codes), strict=True)
        )
    column, values = {
        "city_code": ("city", (*codes.cities, OUTSIDE)),
        "category_code": ("category", codes.categories),
        "stage": ("stage", [each.name for each in STAGES]),
        "availability": ("availability", [each.name for each in AVAILABILITIES]),
    }[field]
    numbers = columns.integers(column)[rows]
    return _kept(zip(values, np.bincount(numbers[numbers >= 0], minlength=len(values)).tolist(), strict=True))


def _directions(rows: Mask, columns: Columns, codes: Codes) -> list[int]:
    """By slabs: the shares are the widest column. A mandate counts in every direction of its industries."""
    shares = columns["shares"]
    total = np.zeros(shares.shape[1], np.int64)
    for start in range(0, columns.size, _SLAB):
        part = slice(start, start + _SLAB)
        total += np.count_nonzero(shares[part][rows[part]], axis=0)
    industries = columns.sets("industries")
    admitted = industries[rows & (industries == columns.sets("scope_industries"))]
    by_mandate = np.bitwise_and(admitted[:, None], np.uint32(1) << codes.leaf_industries.astype(np.uint32))
    return [int(each) for each in total + np.count_nonzero(by_mandate, axis=0)]


def _kept(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {value: count for value, count in counts if count}
