"""One list method: filter, order and pages over one table, with a total that is exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from services.chassis.filtering import (
    Expression,
    OrderTerm,
    Schema,
    canonical,
    canonical_order,
    parse,
    parse_order,
)
from services.chassis.filtering.sql import CodeSet, compile_filter
from services.chassis.storage.keyset import SortKey, after, order_by
from services.chassis.storage.paging import PageTokens, page_size


@dataclass(frozen=True, slots=True)
class Query:
    """What a list request asks. `extra`: whatever else decides the rows; the page token is bound to it."""

    filter: str = ""
    order_by: str = ""
    page_size: int = 0
    page_token: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Entities of one page, the token of the next one (empty at the end), and how many match in all."""

    items: Sequence[Any]
    next_page_token: str
    total: int


@dataclass(frozen=True)
class Listing:
    """What may be filtered and sorted by, and where it is stored. `key` is unique and ends every order."""

    method: str
    schema: Schema
    columns: Mapping[str, ColumnElement[Any] | CodeSet]
    sortable: Mapping[str, ColumnElement[Any]]
    key: ColumnElement[Any]
    default_order: tuple[OrderTerm, ...] = ()
    default_size: int = 50
    maximum_size: int = 500

    def condition(self, text: str) -> ColumnElement[bool]:
        """The WHERE clause of a filter. Raises InvalidArgument (INVALID_FILTER, FILTER_TOO_COMPLEX)."""
        return compile_filter(parse(text, self.schema), self.columns)

    def page(
        self,
        session: Session,
        entity: Any,
        query: Query,
        pages: PageTokens,
        subject: str,
        *restrictions: ColumnElement[bool],
        total: int | None = None,
    ) -> Page:
        """One page of `entity` (a mapped class) for the caller `subject`. `total`: how many match, if that is known.

        Raises InvalidArgument for a wrong filter, order, page size or token.
        """
        expression = parse(query.filter, self.schema)
        order = parse_order(query.order_by, tuple(self.sortable), self.default_order)
        size = page_size(query.page_size, self.default_size, self.maximum_size)
        bound = self._bound(expression, order, query)
        cursor = pages.read(query.page_token, method=self.method, query=bound, subject=subject)
        keys = [SortKey(self.sortable[term.field], term.descending, nullable=True) for term in order]
        keys.append(SortKey(self.key))
        where = [compile_filter(expression, self.columns), *restrictions]
        statement: Select[Any] = select(entity, *(key.column for key in keys)).where(*where)
        if cursor is not None:
            statement = statement.where(after(keys, cursor))
        rows = session.execute(statement.order_by(*order_by(keys)).limit(size + 1)).all()
        if total is None:
            total = session.execute(select(func.count()).select_from(entity).where(*where)).scalar_one()
        token = ""
        if len(rows) > size:
            last = tuple(rows[size - 1])[1:]
            token = pages.issue(last, method=self.method, query=bound, subject=subject)
        return Page([row[0] for row in rows[:size]], token, total)

    def _bound(self, expression: Expression, order: Sequence[OrderTerm], query: Query) -> dict[str, str]:
        return {"filter": canonical(expression), "order_by": canonical_order(order), **query.extra}
