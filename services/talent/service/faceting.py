"""Counting the values of dimensions over what a search finds: as few passes over the rows as that takes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, func, select, true
from sqlalchemy.orm import Session

from bole.common.v1 import facet_pb2
from services.chassis.filtering import Expression, canonical, parse
from services.chassis.filtering.facets import without
from services.chassis.filtering.sql import compile_filter
from services.chassis.listing import Listing
from services.kernel.errors import InvalidArgument
from services.talent.domain.disclosure.facets import shown

SMALL = 5


@dataclass(frozen=True)
class Dimensions:
    """What may be counted: columns of the table, and codes in the rows of a child table, by field name."""

    table: Table
    columns: Mapping[str, ColumnElement[Any]]
    child: Table
    owner: str
    codes: tuple[str, ...] = ("industry_code", "direction_code")

    @property
    def names(self) -> tuple[str, ...]:
        """Every field that may be counted."""
        return (*self.columns, *self.codes)


class Counted(NamedTuple):
    """Facets, and how many records there are in all where a pass has counted every one of them; else None."""

    facets: list[facet_pb2.Facet]
    total: int | None


@dataclass(frozen=True)
class Facets:
    """Counts over one kind of record."""

    dimensions: Dimensions
    listing: Listing

    def count(
        self,
        session: Session,
        filter_: str,
        fields: Sequence[str],
        restrictions: Sequence[ColumnElement[bool]],
    ) -> "Counted":
        """Each dimension without its own restriction; counts below 5 are hidden, with complements.

        Raises InvalidArgument (UNKNOWN_FACET, INVALID_FILTER).
        """
        expression = parse(filter_, self.listing.schema)
        for field in fields:
            if field not in self.dimensions.names:
                known = ", ".join(self.dimensions.names)
                raise InvalidArgument.field(
                    "facets",
                    "UNKNOWN_FACET",
                    f"没有分面 {field}，可用：{known}",
                    f"no facet {field}; use {known}",
                )
        counted: dict[str, Counter[str]] = {}
        total: int | None = None
        for group in self._groups(expression, fields):
            asked = without(expression, group[0])
            where = compile_filter(asked, self.listing.columns)
            counted |= self._pass(session, group, [where, *restrictions])
            if group[0] in self.dimensions.columns and canonical(asked) == canonical(expression):
                total = counted[group[0]].total()
        return Counted([_facet(field, counted[field]) for field in fields], total)

    def _groups(self, expression: Expression, fields: Sequence[str]) -> list[list[str]]:
        """Columns that are counted under the same restriction share a pass; each code list takes its own."""
        groups: dict[str, list[str]] = {}
        for field in dict.fromkeys(fields):
            own = f"{field}:" if field in self.dimensions.codes else ""
            groups.setdefault(own + canonical(without(expression, field)), []).append(field)
        return list(groups.values())

    def _pass(
        self, session: Session, fields: Sequence[str], where: Sequence[ColumnElement[bool]]
    ) -> dict[str, Counter[str]]:
        columns = self.dimensions.columns
        if fields[0] not in columns:
            return {fields[0]: self._codes(session, fields[0], where)}
        keys = [columns[field] for field in fields]
        query = select(*keys, func.count()).select_from(self.dimensions.table).where(*where).group_by(*keys)
        found: dict[str, Counter[str]] = {field: Counter() for field in fields}
        for *values, count in session.execute(query):
            for field, value in zip(fields, values, strict=True):
                found[field][getattr(value, "name", value)] += count
        return found

    def _codes(self, session: Session, field: str, where: Sequence[ColumnElement[bool]]) -> Counter[str]:
        table, child = self.dimensions.table, self.dimensions.child
        of_kind = child.c.is_industry == (field == "industry_code")
        narrowed = and_(true(), *where)
        everything = str(narrowed) == str(and_(true(), true()))
        source = child if everything else child.join(table)
        query = select(child.c.code, func.count().label("heads")).select_from(source).where(of_kind)
        if not everything:
            query = query.where(narrowed)
        return Counter({row.code: row.heads for row in session.execute(query.group_by(child.c.code))})


def _facet(field: str, counts: Counter[str]) -> facet_pb2.Facet:
    """Small counts are hidden, and with them what the number of all that was found would give them away by."""
    told = shown(counts, SMALL)
    return facet_pb2.Facet(
        field=field,
        values=[
            facet_pb2.Facet.Value(value=code, count=told[code])
            for code in sorted(counts, key=lambda code: (-counts[code], code))
        ],
    )
