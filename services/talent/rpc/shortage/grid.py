"""Whole grids: built once for a state of the map, a question and an edition, then handed out as they are."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bole.talent.v1 import shortage_pb2
from bole.talent.v1 import shortage_service_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.shortage.columns import STATES, Columns, Where, columns, inputs_of
from services.talent.domain.shortage.reasons.refusals import Refusals
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.rpc.packed import pack
from services.talent.rpc.shortage.reading import Reading
from services.talent.rpc.shortage.shortage_wire import (
    CATEGORY,
    CITY,
    CellWire,
    Dimension,
    check_dimensions,
    narrow,
)

K = TypeVar("K")
V = TypeVar("V")
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


class _Drawn(NamedTuple):
    """A grid of cells that was answered last: what it depended on, and its message."""

    inputs: NDArray[np.float64]
    message: wire.GetShortageGridResponse


class _Asked(NamedTuple):
    """The cells that a request asks for, in the order of its answer: their positions, and in words."""

    codes: list[list[str]]
    where: Where
    addresses: list[Address]


@dataclass(frozen=True)
class Grids:
    """Answers by the table they were made of: they go when it goes. An answer from another table of the same day
    begins with the last one, and only the cells that differ are written anew.
    """

    cells: CellWire
    _kept: "WeakKeyDictionary[ShortageTable, dict[bytes, wire.GetShortageGridResponse]]" = field(
        default_factory=WeakKeyDictionary
    )
    _last: "OrderedDict[tuple[bytes, str, str, str], _Drawn]" = field(default_factory=OrderedDict)
    _asked: "OrderedDict[bytes, _Asked]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, request: wire.GetShortageGridRequest) -> None:
        """Raise InvalidArgument unless the dimensions differ, fit the scope, and can be sent in this view."""
        check_dimensions(request.rows, request.columns, request.scope)
        if request.drivers and request.view == _COLUMNS:
            raise InvalidArgument.field(
                "drivers",
                "VIEW_HAS_NO_DRIVERS",
                "成因只随 SHORTAGE_GRID_VIEW_CELLS 返回，请改用该视图或不要成因",
                "causes are sent with SHORTAGE_GRID_VIEW_CELLS only: ask for that view, or for no causes",
            )
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

    def answer(
        self, request: wire.GetShortageGridRequest, found: Reading, refused: Sequence[Refusals] = ()
    ) -> wire.GetShortageGridResponse:
        """The grid. The message is shared unless totals or causes are asked for: it must not be changed.

        `refused`: proposals refused for want of a skill, which some causes rest on.
        """
        if not (request.column_totals or request.drivers):
            return self._shared(request, found)
        plain, whole = wire.GetShortageGridRequest(), wire.GetShortageGridResponse()
        plain.CopyFrom(request)
        plain.column_totals = plain.drivers = False
        whole.CopyFrom(self._shared(plain, found))
        within = self.cells.address(request.scope)
        totals = [narrow(within, request.columns, code) for code in whole.column_codes]
        if request.column_totals:
            whole.column_totals.extend(self.cells.cell(found.table.cell(each)) for each in totals)
        if request.drivers:
            stamp = plain.SerializeToString(deterministic=True)
            addresses = self._resolved(stamp, plain, found.table).addresses
            for cells, at in ((whole.cells, addresses), (whole.column_totals, totals)):
                for cell, address in zip(cells, at, strict=False):
                    cell.drivers.extend(self.cells.causes(found.table, address, refused))
        return whole

    def _shared(self, request: wire.GetShortageGridRequest, found: Reading) -> wire.GetShortageGridResponse:
        kept = self._kept.setdefault(found.table, {})
        stamp = request.SerializeToString(deterministic=True)
        key = stamp + bytes([found.origin]) + str(found.as_of).encode()
        answer = kept.get(key)
        if answer is None:
            asked = self._resolved(stamp, request, found.table)
            make = self._columns if request.view == _COLUMNS else self._drawn
            answer = make(key, asked, found)
            if len(kept) < _KEPT:
                kept[key] = answer
        return answer

    def _columns(self, _key: bytes, asked: _Asked, found: Reading) -> wire.GetShortageGridResponse:
        answer = _begun(asked, found)
        told = columns(found.table, asked.where)
        pack(answer.columns, {**_packed(told), "states": _STATE_NUMBERS[told.states]})
        return answer

    def _drawn(self, key: bytes, asked: _Asked, found: Reading) -> wire.GetShortageGridResponse:
        table = found.table
        inputs = inputs_of(table, asked.where)
        stamp = key, table.edition.value, table.method.version, table.note.zh
        with self._lock:
            last = self._last.get(stamp)
        if last is None:
            answer = _begun(asked, found)
            answer.cells.extend(self.cells.cell(table.cell(each)) for each in asked.addresses)
        else:
            answer = wire.GetShortageGridResponse()
            answer.CopyFrom(last.message)
            alike = (inputs == last.inputs) | (np.isnan(inputs) & np.isnan(last.inputs))
            for at in np.flatnonzero(~alike.all(axis=1)).tolist():
                answer.cells[at].CopyFrom(self.cells.cell(table.cell(asked.addresses[at])))
        self._remember(self._last, stamp, _Drawn(inputs, answer))
        return answer

    def _resolved(self, stamp: bytes, request: wire.GetShortageGridRequest, table: ShortageTable) -> _Asked:
        with self._lock:
            known = self._asked.get(stamp)
        if known is not None:
            return known
        dimensions = [each for each in (request.rows, request.columns, request.layers) if each != _NONE]
        within = self.cells.address(request.scope)
        codes = [self.cells.codes(each, within) for each in dimensions]
        addresses: list[Address] = []
        if request.view != _COLUMNS:
            addresses = [_narrowed(within, dimensions, each) for each in product(*codes)]
        made = _Asked(codes, _positions(table, within, dimensions, codes), addresses)
        self._remember(self._asked, stamp, made)
        return made

    def _remember(self, kept: "OrderedDict[K, V]", key: K, value: V) -> None:
        with self._lock:
            kept[key] = value
            kept.move_to_end(key)
            while len(kept) > _KEPT:
                kept.popitem(last=False)


def _begun(asked: _Asked, found: Reading) -> wire.GetShortageGridResponse:
    """The answer but for its cells."""
    codes = asked.codes
    return wire.GetShortageGridResponse(
        row_codes=codes[0],
        column_codes=codes[1],
        layer_codes=codes[2] if len(codes) > 2 else (),
        as_of_date=date_to_wire(found.as_of),
        method_note=text_to_wire(found.table.note),
        method_version=found.table.method.version,
        origin=found.origin,
        recounted=found.recounted,
    )


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
        at[axis] = np.array([table.at(narrow(within, dimension, code))[axis] for code in values], np.intp)
    order = [*axes, *({0, 1, 2} - set(axes))]
    found = dict(zip(order, np.meshgrid(*(at[axis] for axis in order), indexing="ij"), strict=True))
    return found[0].ravel(), found[1].ravel(), found[2].ravel()


def _packed(found: Columns) -> dict[str, NDArray[Any]]:
    return {
        "indices": found.indices,
        "lows": found.low,
        "highs": found.high,
        "stars": found.stars,
        "watches": found.watch,
        "grades": found.grades,
        "open_headcounts": found.demand,
        "supplies": found.supply,
        "gaps": found.gap,
        "hidden": found.hidden,
    }
