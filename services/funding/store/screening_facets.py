"""Counting the values of dimensions over the screened deals of a fund, with the sums of their tickets.

Each dimension ignores its own restriction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.chassis.filtering import Expression
from services.chassis.filtering.facets import mentions, without
from services.funding.store.schema import screened
from services.funding.store.screening import Rows
from services.kernel.errors import InvalidArgument

_row = screened.c
Counts = dict[str, list[int]]
"""Number of deals and sum of their tickets in fen, by value; empty for unknown."""
_COLUMNS = {
    "state": _row.state,
    "city_code": _row.city,
    "stage": _row.stage,
    "band": _row.band,
    "early_gate": _row.early_gate,
    "small_gate": _row.small_gate,
    "hard_gate": _row.hard_gate,
    "origin": _row.origin,
    "owner": _row.owner,
    "channel": _row.channel,
    "industry_code": _row.industries,
    "direction_code": _row.directions,
}
FACETS = (*_COLUMNS, "eligible", "blocking")
_SINGLE = frozenset(FACETS) - {"industry_code", "direction_code", "blocking"}


@dataclass(frozen=True)
class Facets:
    """Counts over the rows of one fund. `vocabulary`: values that are shown although nothing has them."""

    rows: Rows
    vocabulary: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def count(self, session: Session, expression: Expression, fields: Sequence[str]) -> dict[str, Counts]:
        """The counts of each dimension, a pass over the rows for each. Raises InvalidArgument (UNKNOWN_FACET)."""
        return {
            each: self._pass(session, known(each), self.rows.where(without(expression, each)))
            for each in dict.fromkeys(fields)
        }

    def _pass(self, session: Session, name: str, where: ColumnElement[bool]) -> Counts:
        keys, read = self._keys(name)
        query = select(*keys, func.count(), func.sum(_row.ask_fen)).where(where).group_by(*keys)
        found: Counts = {value: [0, 0] for value in self.vocabulary.get(name, ())}
        for *values, count, fen in session.execute(query):
            for value in read(values):
                at = found.setdefault(value, [0, 0])
                at[0] += count
                at[1] += int(fen)
        return found

    def _keys(self, name: str) -> tuple[list[ColumnElement[Any]], Callable[[Sequence[Any]], Iterable[str]]]:
        """What to group by, and how the values of the dimension are read from a group."""
        if name == "blocking":
            codes, flags = list(self.rows.blocking.live), list(self.rows.blocking.live.values())

            def stopping(values: Sequence[Any]) -> Iterable[str]:
                live = [code for code, holds in zip(codes, values[1:], strict=True) if holds]
                return [*values[0], *live] or [""]

            return [_row.blocking, *(each.label(f"live_{at}") for at, each in enumerate(flags))], stopping
        if name == "eligible":
            return [self.rows.blocking.eligible.label(name)], lambda values: (str(bool(values[0])).lower(),)
        return [_COLUMNS[name]], _read


def total_of(expression: Expression, counted: Mapping[str, Counts]) -> tuple[int, int] | None:
    """Rows and sum of tickets under the whole filter, where a dimension that it does not name was counted."""
    for name, counts in counted.items():
        if name in _SINGLE and not mentions(expression, name):
            pairs = list(counts.values())
            return sum(count for count, _ in pairs), sum(fen for _, fen in pairs)
    return None


def _read(values: Sequence[Any]) -> Iterable[str]:
    value = values[0]
    if isinstance(value, tuple):
        return value or ("",)
    return (getattr(value, "name", value) or "",)


def known(name: str) -> str:
    """The name, if it is a dimension. Raises InvalidArgument (UNKNOWN_FACET) naming all of them."""
    if name not in FACETS:
        known = ", ".join(FACETS)
        raise InvalidArgument.field(
            "facets", "UNKNOWN_FACET", f"没有分面 {name}，可用：{known}", f"no facet {name}; use {known}"
        )
    return name
