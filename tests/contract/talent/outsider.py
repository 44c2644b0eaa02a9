"""What somebody outside can make of the public answers: every cell said, every number, every subtraction."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from numpy.typing import NDArray

from bole.talent.v1 import shortage_pb2, shortage_release_pb2
from services.talent.domain.axes import ALL, Axes
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.rpc.shortage.shortage_wire import CATEGORY, CITY

Mask = NDArray[np.bool_]
Place = tuple[int, int, int]
Saying = tuple[Place, dict[str, Any]]
_NUMERIC = {
    getattr(FieldDescriptor, f"CPPTYPE_{name}")
    for name in ("INT32", "INT64", "UINT32", "UINT64", "DOUBLE", "FLOAT")
}
_COLUMNS = {
    "states": "state",
    "indices": "index",
    "lows": "low",
    "highs": "high",
    "stars": "stars",
    "watches": "watch",
    "grades": "grade",
    "open_headcounts": "open_headcount",
    "supplies": "supply",
    "gaps": "gap",
    "hidden": "hidden",
}
_OF_COUNTS = {"bole.talent.v1.ShortageCell", "bole.talent.v1.ShortageColumns", "bole.common.v1.Facet"}
_OF_COUNTS |= {"bole.talent.v1.ReleasedCell", "bole.talent.v1.ShortageRelease"}


def tells_counts(answer: Descriptor, begun: frozenset[str] = frozenset()) -> bool:
    """Whether an answer of this type can hold cells of the map, facets, or a file."""
    if answer.full_name in _OF_COUNTS or answer.name.startswith("ExportRecords"):
        return True
    inner = [each.message_type for each in answer.fields if each.message_type is not None]
    known = begun | {answer.full_name}
    return any(tells_counts(each, known) for each in inner if each.full_name not in known)


def messages(answer: Message) -> Iterator[Any]:
    """A message and all within it."""
    yield answer
    for field, value in answer.ListFields():
        if field.message_type is not None:
            for each in value if field.is_repeated else (value,):
                yield from messages(each)


def numbers(answer: Message) -> Iterator[tuple[str, float]]:
    """Every number of an answer that is not NaN, with the full name of its field."""
    for message in messages(answer):
        for field, value in message.ListFields():
            if field.cpp_type in _NUMERIC:
                for each in value if field.is_repeated else (value,):
                    if each == each:
                        yield field.full_name, float(each)


def sayings(axes: Axes, request: Any, answer: Message) -> Iterator[Saying]:
    """What an answer says of each cell, by field; nothing for what is not set, NaN or nothing."""
    for message in messages(answer):
        if isinstance(message, shortage_pb2.ShortageCell | shortage_release_pb2.ReleasedCell):
            told = {field.name: value for field, value in message.ListFields()}
            yield place(axes, told.pop("scope", shortage_pb2.ShortageScope())), told
        elif isinstance(message, shortage_pb2.ShortageColumns):
            yield from _of_columns(axes, request, answer, message)


def place(axes: Axes, scope: Any) -> Place:
    """Where a cell is in the arrays."""
    node = axes.node_at[scope.industry_code or scope.direction_code or ALL]
    return node, axes.city_at[scope.city_code or ALL], axes.category_at[scope.category_code or ALL]


def _of_columns(axes: Axes, request: Any, answer: Any, columns: Any) -> Iterator[Saying]:
    dimensions = [each for each in (request.rows, request.columns, request.layers) if each]
    codes = [each for each in (answer.row_codes, answer.column_codes, answer.layer_codes) if each]
    fields = {name: list(getattr(columns, column)) for column, name in _COLUMNS.items()}
    for at, chosen in enumerate(product(*codes)):
        node, city, category = place(axes, request.scope)
        for dimension, code in zip(dimensions, chosen, strict=True):
            if dimension == CITY:
                city = axes.city_at[code]
            elif dimension == CATEGORY:
                category = axes.category_at[code]
            else:
                node = axes.node_at[code]
        told = {name: values[at] for name, values in fields.items() if values}
        yield (node, city, category), {key: each for key, each in told.items() if each and each == each}


def by_subtraction(axes: Axes, hidden: Mask) -> list[Place]:
    """Hidden cells that are a shown total less its shown parts, or a part so found, again and again."""
    left = hidden.copy()
    families = [[*axes.children(node), node] for node in range(len(axes.leaves), len(axes.nodes))]
    while True:
        before = left.sum()
        for axis in (1, 2):
            left &= left.sum(axis=axis, keepdims=True) != 1
        for family in families:
            left[family] &= left[family].sum(axis=0) != 1
        if left.sum() == before:
            return [(int(a), int(b), int(c)) for a, b, c in np.argwhere(hidden & ~left)]


def thin(hidden: Mask, small: Mask, counts: NDArray[np.float64], least: int) -> int:
    """Shown totals over cities or categories whose hidden parts, small ones among them, sum to less than `least`."""
    found = 0
    for axis in (1, 2):
        masks = [np.moveaxis(each, axis, 0) for each in (hidden, small & hidden, np.where(hidden, counts, 0))]
        shown, any_small, sums = ~masks[0][-1], masks[1][:-1].any(axis=0), masks[2][:-1].sum(axis=0)
        found += int((shown & any_small & (sums < least)).sum())
    return found


def small(cube: Cube) -> tuple[Mask, Mask]:
    """Cells of one to nine people, and cells whose demand comes from one or two employers: what has to be hidden."""
    few = (cube.persons > 0) & (cube.persons < 10)
    return np.asarray(few), np.asarray((cube.demand > 0) & (cube.employers < 3))
