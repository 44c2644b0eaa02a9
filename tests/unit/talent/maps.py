"""Maps compared to the last digit."""

from dataclasses import fields
from typing import Any

import numpy as np

from services.talent.domain.shortage.table import ShortageTable


def assert_same_map(left: ShortageTable, right: ShortageTable) -> None:
    """Every count, every estimate, every star and grade of two maps is the same."""
    for mine, other in ((left.cube, right.cube), (left.indices, right.indices)):
        for name in (each.name for each in fields(type(mine))):
            _assert_same(name, getattr(mine, name), getattr(other, name))
    _assert_same("grades", left.grades, right.grades)
    _assert_same("hidden", left.pattern.hidden, right.pattern.hidden)


def _assert_same(name: str, left: Any, right: Any) -> None:
    if isinstance(left, dict):
        assert left.keys() == right.keys(), name
        for key in left:
            _assert_same(f"{name}.{key}", left[key], right[key])
    elif isinstance(left, np.ndarray):
        nan = left.dtype.kind == "f"
        assert np.array_equal(left, right, equal_nan=nan), (name, np.argwhere(left != right)[:5])
    else:
        assert (left is None) == (right is None), name
