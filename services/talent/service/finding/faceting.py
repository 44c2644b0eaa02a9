"""Counting the values of dimensions over what a search finds: as few passes over the rows as that takes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, case, func, select, true
from sqlalchemy.orm import Session

from bole.common.v1 import facet_pb2
from services.chassis.filtering import Expression, parse
from services.chassis.filtering.facets import mentions, named, without
from services.chassis.filtering.sql import compile_filter
from services.chassis.filtering.syntax import And, conjunction
from services.chassis.rpc.faceting import facet_to_wire
from services.chassis.storage.listing import Listing
from services.kernel.errors import InvalidArgument


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
    """Facets, and how many records there are in all where a pass has counted them; else None."""

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
        plain = [field for field in dict.fromkeys(fields) if field in self.dimensions.columns]
        counted, total = self._columns(session, plain, expression, restrictions)
        for field in (each for each in dict.fromkeys(fields) if each not in plain):
            where = compile_filter(without(expression, field), self.listing.columns)
            counted[field] = self._codes(session, field, [where, *restrictions])
        return Counted([facet_to_wire(field, counted[field]) for field in fields], total)

    def _columns(
        self,
        session: Session,
        fields: Sequence[str],
        expression: Expression,
        restrictions: Sequence[ColumnElement[bool]],
    ) -> tuple[dict[str, Counter[str]], int | None]:
        """All dimensions that are columns, and the total, in one pass: rows are grouped by their values and by which
        of the conditions that name any of them are true.
        """
        found: dict[str, Counter[str]] = {field: Counter() for field in fields}
        if not fields:
            return found, None
        conditions = expression.operands if isinstance(expression, And) else (expression,)
        own = [each for each in conditions if any(mentions(each, field) for field in fields)]
        common = conjunction([each for each in conditions if each not in own])
        counting = {
            field: [at for at, each in enumerate(own) if not mentions(each, field)] for field in fields
        }
        total = 0
        for values, holds, count in self._grouped(session, fields, own, common, restrictions):
            total += count if all(holds) else 0
            for field, value in zip(fields, values, strict=True):
                if all(holds[at] for at in counting[field]):
                    found[field][getattr(value, "name", value)] += count
        return found, total

    def _grouped(
        self,
        session: Session,
        fields: Sequence[str],
        own: Sequence[Expression],
        common: Expression,
        restrictions: Sequence[ColumnElement[bool]],
    ) -> Iterator[tuple[Sequence[Any], Sequence[Any], int]]:
        """Groups of rows: values of the fields, whether each of the `own` conditions holds, how many.

        What follows from the values themselves does not take groups of its own.
        """
        columns = self.listing.columns
        keys = [self.dimensions.columns[field] for field in fields]
        truths = [case((compile_filter(each, columns), 1), else_=0) for each in own]
        further = [at for at, each in enumerate(own) if not named(each) <= set(fields)]
        inner = [*keys, *(truths[at] for at in further)]
        labelled = [each.label(f"key_{at}") for at, each in enumerate(inner)]
        labelled += [truth.label(f"holds_{at}") for at, truth in enumerate(truths)]
        where = (compile_filter(common, columns), *restrictions)
        rows = select(*labelled).select_from(self.dimensions.table).where(*where).subquery()
        groups = [rows.c[f"key_{at}"] for at in range(len(inner))]
        held = [func.min(rows.c[f"holds_{at}"]) for at in range(len(own))]
        query = select(*groups[: len(keys)], *held, func.count()).group_by(*groups)
        for row in session.execute(query):
            yield row[: len(keys)], row[len(keys) : -1], row[-1]

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
