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
from services.funding.store.deals.screening import Rows
from services.funding.store.schema import screened
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
    "first_loan": _row.first_loan,
    "ip_pledge": _row.ip_pledge,
    "industry_code": _row.industries,
    "direction_code": _row.directions,
}
FACETS = (*_COLUMNS, "eligible", "blocking", "sla")
# About how many values a dimension has: those that no condition names are counted in one pass over the rows while
# their combinations stay few.
_VALUES = {
    "state": 13,
    "city_code": 14,
    "stage": 5,
    "band": 4,
    "early_gate": 3,
    "small_gate": 3,
    "hard_gate": 3,
    "origin": 2,
    "eligible": 2,
    "sla": 4,
    "first_loan": 3,
    "ip_pledge": 3,
    "industry_code": 30,
    "blocking": 100,
}
_MOST_GROUPS = 4_000
_SINGLE = frozenset(FACETS) - {"industry_code", "direction_code", "blocking"}


@dataclass(frozen=True)
class Facets:
    """Counts over the rows of one fund. `vocabulary`: values that are shown although nothing has them."""

    rows: Rows
    vocabulary: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def count(self, session: Session, expression: Expression, fields: Sequence[str]) -> dict[str, Counts]:
        """The counts of each dimension. Raises InvalidArgument (UNKNOWN_FACET)."""
        found: dict[str, Counts] = {}
        for names in passes(expression, [known(each) for each in dict.fromkeys(fields)]):
            found |= self._pass(session, names, self.rows.where(without(expression, names[0])))
        return {name: found[name] for name in dict.fromkeys(fields)}

    def _pass(self, session: Session, names: Sequence[str], where: ColumnElement[bool]) -> dict[str, Counts]:
        """The counts of dimensions that see the same rows."""
        parts = [(name, *self._keys(name)) for name in names]
        columns = [key for _, keys, _ in parts for key in keys]
        query = select(*columns, func.count(), func.sum(_row.ask_fen)).where(where).group_by(*columns)
        found: dict[str, Counts] = {
            name: {value: [0, 0] for value in self.vocabulary.get(name, ())} for name in names
        }
        for *values, count, fen in session.execute(query):
            begins = 0
            for name, keys, read in parts:
                for value in read(values[begins : begins + len(keys)]):
                    at = found[name].setdefault(value, [0, 0])
                    at[0] += count
                    at[1] += int(fen)
                begins += len(keys)
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
        if name == "sla":
            return [self.rows.sla.label(name)], _read
        return [_COLUMNS[name]], _read


def passes(expression: Expression, names: Sequence[str]) -> list[list[str]]:
    """The dimensions in groups that one pass over the rows counts: those that the filter names stand alone."""
    found: list[list[str]] = []
    groups: list[int] = []
    for name in sorted(names, key=lambda each: _VALUES.get(each, _MOST_GROUPS)):
        size = _VALUES.get(name, _MOST_GROUPS)
        fits = (at for at, taken in enumerate(groups) if taken * size <= _MOST_GROUPS)
        place = None if mentions(expression, name) else next(fits, None)
        if place is None:
            found.append([name])
            groups.append(_MOST_GROUPS if mentions(expression, name) else size)
        else:
            found[place].append(name)
            groups[place] *= size
    return found


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
