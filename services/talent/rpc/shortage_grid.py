"""Whole grids: built once for a state of the map, a question and an edition, then handed out as they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from weakref import WeakKeyDictionary

import numpy as np

from bole.talent.v1 import shortage_pb2
from bole.talent.v1 import shortage_service_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.shortage.columns import STATES, Columns, Where, columns
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.rpc.shortage_reading import Reading
from services.talent.rpc.shortage_wire import CATEGORY, CITY, CellWire, Dimension, check_dimensions, narrow

View = shortage_pb2.ShortageGridView
_NONE = Dimension.SHORTAGE_DIMENSION_UNSPECIFIED
_COLUMNS = View.SHORTAGE_GRID_VIEW_COLUMNS
_KEPT = 64
_AXIS = {CITY: 1, CATEGORY: 2}
"""Of the map's arrays; industries and directions share the first."""
_STATE_NUMBERS = np.array(
    [shortage_pb2.ShortageCell.State.Value(f"STATE_{each}") for each in (*STATES, "UNSPECIFIED")]
)
"""The last one is of what is WITHHELD."""


@dataclass(frozen=True)
class Grids:
    """Answers by the table they were made of: they go when it goes."""

    cells: CellWire
    _kept: "WeakKeyDictionary[ShortageTable, dict[bytes, wire.GetShortageGridResponse]]" = field(
        default_factory=WeakKeyDictionary
    )

    def check(self, request: wire.GetShortageGridRequest) -> None:
        """Raise InvalidArgument unless the dimensions differ, fit the scope, and can be sent in this view."""
        check_dimensions(request.rows, request.columns, request.scope)
        if request.layers != _NONE:
            for other in (request.rows, request.columns):
                check_dimensions(request.layers, other, request.scope, field="layers")
            if request.view != _COLUMNS:
                raise InvalidArgument.field(
                    "view",
                    "VIEW_REQUIRED",
                    "三个维度只能以 SHORTAGE_GRID_VIEW_COLUMNS 返回",
                    "three dimensions are sent as SHORTAGE_GRID_VIEW_COLUMNS only",
                )

    def answer(self, request: wire.GetShortageGridRequest, found: Reading) -> wire.GetShortageGridResponse:
        """The grid. The message is shared: it must not be changed."""
        kept = self._kept.setdefault(found.table, {})
        key = (
            request.SerializeToString(deterministic=True) + bytes([found.origin]) + str(found.as_of).encode()
        )
        answer = kept.get(key)
        if answer is None:
            answer = self._made(request, found)
            if len(kept) < _KEPT:
                kept[key] = answer
        return answer

    def _made(self, request: wire.GetShortageGridRequest, found: Reading) -> wire.GetShortageGridResponse:
        dimensions = [each for each in (request.rows, request.columns, request.layers) if each != _NONE]
        codes = [self.cells.codes(each) for each in dimensions]
        within = self.cells.address(request.scope)
        answer = wire.GetShortageGridResponse(
            row_codes=codes[0],
            column_codes=codes[1],
            layer_codes=codes[2] if len(codes) > 2 else (),
            as_of_date=date_to_wire(found.as_of),
            method_note=text_to_wire(found.table.note),
            method_version=found.table.method.version,
            origin=found.origin,
        )
        if request.view == _COLUMNS:
            where = _positions(found.table, within, dimensions, codes)
            answer.columns.CopyFrom(_columns(columns(found.table, where)))
        else:
            addresses = [_narrowed(within, dimensions, each) for each in product(*codes)]
            answer.cells.extend(self.cells.cell(found.table.cell(each)) for each in addresses)
        return answer


def _narrowed(within: Address, dimensions: Sequence[Dimension], codes: Sequence[str]) -> Address:
    for dimension, code in zip(dimensions, codes, strict=True):
        within = narrow(within, dimension, code)
    return within


def _positions(
    table: ShortageTable, within: Address, dimensions: Sequence[Dimension], codes: Sequence[Sequence[str]]
) -> Where:
    """Positions of the cells that the product of `codes` has, in its order."""
    at = [np.array([position]) for position in table.at(within)]
    axes = [_AXIS.get(each, 0) for each in dimensions]
    for axis, dimension, values in zip(axes, dimensions, codes, strict=True):
        at[axis] = np.array([table.at(narrow(within, dimension, code))[axis] for code in values])
    order = [*axes, *({0, 1, 2} - set(axes))]
    found = dict(zip(order, np.meshgrid(*(at[axis] for axis in order), indexing="ij"), strict=True))
    return found[0].ravel(), found[1].ravel(), found[2].ravel()


def _columns(found: Columns) -> shortage_pb2.ShortageColumns:
    return shortage_pb2.ShortageColumns(
        states=_STATE_NUMBERS[found.states].tolist(),
        indices=found.indices.tolist(),
        lows=found.low.tolist(),
        highs=found.high.tolist(),
        stars=found.stars.tolist(),
        watches=found.watch.tolist(),
        grades=found.grades.tolist(),
        open_headcounts=found.demand.tolist(),
        supplies=found.supply.tolist(),
        gaps=found.gap.tolist(),
        hidden=found.hidden.tolist(),
    )
