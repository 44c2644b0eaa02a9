"""Everything that a release was computed from, as bytes: it can be computed again by anybody at any time."""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.disclosure.rules import Edition, Rules
from services.talent.domain.disclosure.steps import Shown
from services.talent.domain.shortage.counts.cube import Counts, Cube, History
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.indices.stars import Belief
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable

Mask = NDArray[np.bool_]
FORMAT = 2
_READABLE = (1, FORMAT)
"""Those of the first format were made beside no states of the public edition."""
_STATE = ("persons", "demand", "employers", "largest", "squared")
_MASKS = ("hidden", "people", "demand")
_HISTORY = ("demand", "supply", "opened")


def dump(table: ShortageTable, before: Mask, states: Sequence[Shown] = ()) -> bytes:
    """The table's counts, priors, history, method and rules, the mask of the release before, and the states of the
    public edition that it was made beside.

    A header in JSON, its length before it, then the arrays as little-endian doubles; all of it compressed.
    """
    arrays = dict(_arrays(table), before=before.astype(float), **dict(_state_arrays(states)))
    history = table.cube.history
    header = {
        "format": FORMAT,
        "as_of": table.cube.as_of.isoformat(),
        "edition": table.edition.value,
        "axes": table.cube.axes.document(),
        "method": asdict(table.method),
        "rules": asdict(table.patterns.rules),
        "priors": table.priors.document(),
        "ends": [end.isoformat() for end in history.ends] if history else None,
        "past": len(table.past),
        "states": len(states),
        "arrays": [[name, list(array.shape)] for name, array in arrays.items()],
    }
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    body = b"".join(np.ascontiguousarray(array, dtype="<f8").tobytes() for array in arrays.values())
    return zlib.compress(struct.pack("<I", len(head)) + head + body, 6)


def load(data: bytes) -> tuple[ShortageTable, Mask, list[Shown]]:
    """The table, the mask of the release before, and the states. Raises ValueError for bytes of another format."""
    whole = zlib.decompress(data)
    size = struct.unpack("<I", whole[:4])[0]
    header = json.loads(whole[4 : 4 + size])
    if header["format"] not in _READABLE:
        raise ValueError(f"snapshots of format {header['format']} are not read by this program")
    arrays = dict(_read(header["arrays"], whole[4 + size :]))
    axes = Axes.of_document(header["axes"])
    cube = _cube(axes, header, arrays)
    method = Method(**{name: _tuples(value) for name, value in header["method"].items()})
    past = [Belief(arrays[f"past.{at}.log_odds"], arrays[f"past.{at}.sd"]) for at in range(header["past"])]
    priors = Priors.of_document(axes, header["priors"])
    table = ShortageTable(cube, method, priors, past, Patterns(Rules(**header["rules"])))
    states = [_state(cube, arrays, f"state.{at}.") for at in range(header.get("states", 0))]
    return table.for_edition(Edition(header["edition"])), arrays["before"] > 0, states


def _arrays(table: ShortageTable) -> Iterator[tuple[str, Counts]]:
    for field in fields(Cube):
        value = getattr(table.cube, field.name)
        if isinstance(value, np.ndarray):
            yield f"cube.{field.name}", value
    history = table.cube.history
    for name in _HISTORY if history else ():
        value = getattr(history, name)
        if value is not None:
            yield f"history.{name}", value
    for at, belief in enumerate(table.past):
        yield f"past.{at}.log_odds", belief.log_odds
        yield f"past.{at}.sd", belief.sd


def _state_arrays(states: Sequence[Shown]) -> Iterator[tuple[str, Counts]]:
    for at, state in enumerate(states):
        for name in _STATE:
            yield f"state.{at}.{name}", getattr(state.cube, name)
        for name in _MASKS:
            yield f"state.{at}.mask.{name}", getattr(state, name).astype(float)


def _state(cube: Cube, arrays: dict[str, Counts], prefix: str) -> Shown:
    """Of a state's cube only what disclosure looks at."""
    counts: dict[str, Any] = {name: arrays[prefix + name] for name in _STATE}
    return Shown(replace(cube, **counts), *(arrays[f"{prefix}mask.{name}"] > 0 for name in _MASKS))


def _read(described: list[tuple[str, list[int]]], body: bytes) -> Iterator[tuple[str, Counts]]:
    start = 0
    for name, shape in described:
        count = int(np.prod(shape))
        yield name, np.frombuffer(body, "<f8", count, start).reshape(shape).astype(float)
        start += 8 * count


def _cube(axes: Axes, header: dict[str, Any], arrays: dict[str, Counts]) -> Cube:
    counts: dict[str, Any] = {
        name.removeprefix("cube."): array for name, array in arrays.items() if name.startswith("cube.")
    }
    history = None
    if header["ends"] is not None:
        ends = tuple(date.fromisoformat(end) for end in header["ends"])
        opened = arrays.get("history.opened")
        history = History(ends, arrays["history.demand"], arrays["history.supply"], opened)
    return Cube(axes=axes, as_of=date.fromisoformat(header["as_of"]), history=history, **counts)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value
