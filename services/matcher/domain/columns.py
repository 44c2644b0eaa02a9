"""Items as columns of numbers: what gates, features and filters read, for one item or a million."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain import declared
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Availability, DataLevel, Item, Mandate, Purpose, Stage

UNKNOWN = -1
NO_LIMIT = np.iinfo(np.int64).max
EVERYTHING = 0xFFFFFFFF
WHOLE = 1000
STAGES = tuple(Stage)
AVAILABILITIES = tuple(Availability)
PURPOSES = tuple(Purpose)
LEVELS = tuple(DataLevel)

_SCHEMA: Mapping[str, type[np.generic]] = {
    "city": np.int16,
    "reach": np.uint32,
    "category": np.int8,
    "stage": np.int8,
    "availability": np.int8,
    "purposes": np.uint32,
    "open": np.bool_,
    "text": np.bool_,
    "ask": np.int64,
    "valuation": np.int64,
    "sought": np.int64,
    "level": np.int8,
    "industries": np.uint32,
    "scope_industries": np.uint32,
    "scope_cities": np.uint32,
    "least_share": np.int16,
    "scope_stages": np.uint32,
    "ticket_max": np.int64,
    "valuation_below": np.int64,
}


class Columns:
    """Arrays of equal length, one per attribute; `shares` is [n, leaves] in per-mille.

    `placed` is [n, leaves] in hundredths: how far the text itself belongs to each leaf, or, below zero, how far
    it belongs to other industries and not at all to this one.

    `lacks` is [n, leaves] in thousandths of heads, and there only where the rows are teams seen by what they lack.

    `known` is how much of a text the library can compare, 0 to 1, and there only where texts came with a request.

    `reach`, `purposes`, `industries` and the scopes are sets of bits by code number; UNKNOWN (-1) stands for
    what is not known in every signed column. The `industries` of a fund are those of its mandate, EVERYTHING where
    that names none. Rows stay dense: removal moves the last row into the gap.
    """

    def __init__(self, arrays: dict[str, NDArray[np.generic]], size: int) -> None:
        self._arrays = arrays
        self.size = size
        self._sorts: dict[tuple[str, ...], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    @classmethod
    def empty(cls, codes: Codes) -> "Columns":
        """No rows yet."""
        arrays: dict[str, NDArray[np.generic]] = {name: np.zeros(0, dtype) for name, dtype in _SCHEMA.items()}
        arrays["shares"] = declared.no_shares(codes)
        arrays["placed"] = np.zeros((0, len(codes.leaves)), np.int8)
        return cls(arrays, 0)

    @classmethod
    def of(cls, items: Sequence[Item], codes: Codes) -> "Columns":
        """One row per item. Raises InvalidArgument for an unknown code or shares over 1."""
        values = {**_facts(items, codes), **_scopes(items, codes)}
        arrays: dict[str, NDArray[np.generic]] = {
            name: np.array(values[name], dtype) for name, dtype in _SCHEMA.items()
        }
        arrays["shares"] = declared.shares(items, codes)
        arrays["placed"] = np.zeros((len(items), len(codes.leaves)), np.int8)
        if items and items[0].staff is not None and items[0].staff.lacking is not None:
            arrays["lacks"] = declared.lacks(items, codes)
        return cls(arrays, len(items))

    @staticmethod
    def check(item: Item, codes: Codes) -> None:
        """Raises as `of` would for this item."""
        for city in item.mobility if item.city is None else (item.city, *item.mobility):
            codes.city(city)
        if item.category is not None:
            codes.category(item.category)
        if item.mandate is not None:
            _scope(item.mandate, codes)
        declared.numbered_shares(item.leaves, codes)
        for leaf, _ in item.staff.needs if item.staff else ():
            codes.leaf(leaf)

    @classmethod
    def stored(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "Columns":
        """From what `arrays` gave. Raises KeyError for a column that is not there."""
        names = (*_SCHEMA, "shares", "placed")
        return cls({name: arrays[name] for name in names}, len(arrays["city"]))

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        return self._arrays[name][: self.size]

    @property
    def known(self) -> NDArray[np.float64] | None:
        """How much of each row's text the library can compare; None where it is all of every one."""
        return self["known"].astype(np.float64) if "known" in self._arrays else None

    def knowing(self, known: NDArray[np.float64]) -> "Columns":
        """The same rows, of whose texts the library can compare so much."""
        return Columns({**self._arrays, "known": known}, self.size)

    def integers(self, name: str) -> NDArray[np.int64]:
        """A column as 64-bit integers."""
        return self[name].astype(np.int64)

    def sets(self, name: str) -> NDArray[np.uint32]:
        """A column of sets of bits."""
        return self[name].astype(np.uint32, copy=False)

    def truth(self, name: str) -> NDArray[np.bool_]:
        """A column of truth values."""
        return self[name].astype(np.bool_)

    def take(self, rows: NDArray[np.int64]) -> "Columns":
        """A copy of some rows, in the order given."""
        return Columns({name: array[rows] for name, array in self._arrays.items()}, len(rows))

    def chosen(self, rows: NDArray[np.int64]) -> "Columns":
        """Some rows, of which each column is copied when it is read; valid until the next change."""
        return _Chosen(self, rows)

    def of_leaves(self, name: str, leaves: NDArray[np.int64]) -> NDArray[np.generic]:
        """[size, leaves]: what `shares` or `placed` says of some leaves."""
        return self[name][:, leaves]

    def works_in(self, leaf: int, codes: Codes) -> NDArray[np.bool_]:
        """Which rows declare something of a leaf, or have a mandate for its industry: a mandate names no directions."""
        industries = self.sets("industries")
        industry = np.uint32(1 << int(codes.leaf_industries[leaf]))
        admits = (industries == self.sets("scope_industries")) & (industries & industry != 0)
        return np.asarray((self["shares"][:, leaf] != 0) | admits, np.bool_)

    def part(self, start: int, end: int) -> "Columns":
        """Some rows that follow one another, without a copy; valid until the next change."""
        end = min(end, self.size)
        return Columns({name: array[start:end] for name, array in self._arrays.items()}, end - start)

    def put(self, row: int, source: "Columns", source_row: int = 0) -> None:
        """Overwrite one row, or append it when `row` is the present size."""
        self._sorts.clear()
        if row == len(self._arrays["city"]):
            self._grow(max(64, row + row // 8 + 1))
        for name, array in self._arrays.items():
            array[row] = source[name][source_row]
        self.size = max(self.size, row + 1)

    def extend(self, source: "Columns", rows: NDArray[np.int64]) -> None:
        """Append some rows of another table."""
        self._sorts.clear()
        end = self.size + len(rows)
        if end > len(self._arrays["city"]):
            self._grow(max(64, end + end // 8))
        for name, array in self._arrays.items():
            array[self.size : end] = source[name][rows]
        self.size = end

    def remove(self, row: int) -> None:
        """Forget one row; the last row takes its place."""
        self._sorts.clear()
        last = self.size - 1
        for array in self._arrays.values():
            array[row] = array[last]
            array[last] = np.zeros((), array.dtype)
        self.size = last

    def alike(self, names: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first row of every sort of rows that do not differ in these columns, and the sort of every row."""
        if names not in self._sorts:
            self._sorts[names] = self._sorted_out(names)
        return self._sorts[names]

    def _sorted_out(self, names: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        parts = [np.ascontiguousarray(self[name]).reshape(self.size, -1).view(np.uint8) for name in names]
        if not parts:
            return np.zeros(min(1, self.size), np.int64), np.zeros(self.size, np.int64)
        rows = np.concatenate(parts, axis=1)
        sorts: dict[bytes, int] = {}
        of_row = np.fromiter(
            (sorts.setdefault(row.tobytes(), len(sorts)) for row in rows), np.int64, self.size
        )
        return np.unique(of_row, return_index=True)[1], of_row

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All columns, cut to size: for storage."""
        return {name: self[name].copy() for name in self._arrays}

    def _grow(self, capacity: int) -> None:
        for name, array in self._arrays.items():
            larger = np.zeros((capacity, *array.shape[1:]), array.dtype)
            larger[: self.size] = array[: self.size]
            self._arrays[name] = larger


# Up to so many leaves it is sooner to name each place than to copy whole rows first; to index by rows and columns at
# once takes two to four times as long as either.
_FEW_LEAVES = 3


class _Chosen(Columns):
    """Rows of another table."""

    def __init__(self, of: Columns, rows: NDArray[np.int64]) -> None:
        super().__init__({}, len(rows))
        self._of, self._rows = of, rows

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        if name not in self._arrays:
            self._arrays[name] = self._of[name].take(self._rows, axis=0)
        return self._arrays[name]

    def of_leaves(self, name: str, leaves: NDArray[np.int64]) -> NDArray[np.generic]:
        of = self._of[name]
        chosen: NDArray[np.generic] = (
            of.reshape(-1).take(self._rows[:, None] * of.shape[1] + leaves)
            if len(leaves) <= _FEW_LEAVES
            else of.take(self._rows, axis=0).take(leaves, axis=1)
        )
        return chosen

    @property
    def known(self) -> NDArray[np.float64] | None:
        known = self._of.known
        return None if known is None else known.take(self._rows)

    def take(self, rows: NDArray[np.int64]) -> Columns:
        return self._of.take(self._rows[rows])

    def part(self, start: int, end: int) -> Columns:
        return _Chosen(self._of, self._rows[start:end])


def bits(numbers: Sequence[int]) -> int:
    """A set of small numbers as one integer."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def _facts(items: Sequence[Item], codes: Codes) -> dict[str, list[Any]]:
    """Columns of what an item says of itself, by name. What many items say alike is worked out once."""
    city, category = _numbering(codes.city), _numbering(codes.category)
    reach = cache(lambda home, mobility: bits([codes.city(code) for code in {*home, *mobility}]))
    purposes = cache(lambda allowed: bits([PURPOSES.index(purpose) for purpose in allowed]))
    stage, availability, level = map(_numbering, (STAGES.index, AVAILABILITIES.index, LEVELS.index))
    industries = cache(lambda leaves: _industries(leaves, codes))
    return {
        "city": [city(item.city) for item in items],
        "reach": [reach(_home(item.city), item.mobility) for item in items],
        "category": [category(item.category) for item in items],
        "stage": [stage(item.stage) for item in items],
        "availability": [availability(item.availability) for item in items],
        "purposes": [purposes(item.purposes) for item in items],
        "open": [item.open for item in items],
        "text": [False] * len(items),
        "ask": [UNKNOWN if item.ask is None else item.ask for item in items],
        "valuation": [UNKNOWN if item.valuation is None else item.valuation for item in items],
        "sought": [UNKNOWN if item.sought is None else item.sought for item in items],
        "level": [level(item.level) for item in items],
        "industries": [
            industries(item.leaves) if item.mandate is None else _admitted(item.mandate, codes)
            for item in items
        ],
    }


def _numbering(number: Callable[[Any], int]) -> Callable[[Any], int]:
    """The number of a value, UNKNOWN for None."""
    return cache(lambda value: UNKNOWN if value is None else number(value))


def _home(city: str | None) -> tuple[str, ...]:
    return () if city is None else (city,)


def _industries(leaves: declared.Leaves, codes: Codes) -> int:
    """The industries of which an item declares something."""
    numbers = [codes.leaf(code) for code, share in leaves if share > 0]
    return bits([int(codes.leaf_industries[leaf]) for leaf in numbers])


def _scopes(items: Sequence[Item], codes: Codes) -> dict[str, list[Any]]:
    """Columns of what the mandate of an item admits, by name."""
    scopes = [_NO_SCOPE if item.mandate is None else _scope(item.mandate, codes) for item in items]
    return {name: [scope[name] for scope in scopes] for name in _NO_SCOPE}


_NO_SCOPE: Mapping[str, int | bool] = {
    "scope_industries": EVERYTHING,
    "scope_cities": EVERYTHING,
    "least_share": 1,
    "scope_stages": EVERYTHING,
    "ticket_max": NO_LIMIT,
    "valuation_below": NO_LIMIT,
}


def _admitted(mandate: Mandate, codes: Codes) -> int:
    """The industries of a mandate."""
    return bits([codes.industry(code) for code in mandate.industries]) or EVERYTHING


def _scope(mandate: Mandate, codes: Codes) -> dict[str, int | bool]:
    return {
        "scope_industries": _admitted(mandate, codes),
        "scope_cities": bits([codes.city(code) for code in mandate.cities]) or EVERYTHING,
        "least_share": mandate.least_share,
        "scope_stages": bits([STAGES.index(stage) for stage in mandate.stages]) or EVERYTHING,
        "ticket_max": NO_LIMIT if mandate.ticket_max is None else mandate.ticket_max,
        "valuation_below": NO_LIMIT if mandate.valuation_below is None else mandate.valuation_below,
    }
