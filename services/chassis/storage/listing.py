"""One list method: filter, order and pages over one table, with a total that is exact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select, true
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
from services.chassis.storage.paging import CursorValue, PageTokens, page_size


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
class Stretch:
    """Rows of a list that stand together, before those of the next stretch: where `rows` holds. `columns`: what they
    are sorted by in place of the list's own, never NULL here, so that an index may serve.
    """

    rows: ColumnElement[bool]
    columns: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)


_WHOLE = Stretch(true())


@dataclass(frozen=True)
class Listing:
    """What may be filtered and sorted by, and where it is stored. `key` is unique and ends every order. `stretches`:
    what the list consists of, each row in one of them; they are read one after the other, as far as a page needs.
    """

    method: str
    schema: Schema
    columns: Mapping[str, ColumnElement[Any] | CodeSet]
    sortable: Mapping[str, ColumnElement[Any]]
    key: ColumnElement[Any]
    default_order: tuple[OrderTerm, ...] = ()
    default_size: int = 50
    maximum_size: int = 500
    stretches: tuple[Stretch, ...] = (_WHOLE,)

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
        where = [compile_filter(expression, self.columns), *restrictions]
        rows = self._rows(session, select(entity).where(*where), order, cursor, size + 1)
        if total is None:
            total = session.execute(select(func.count()).select_from(entity).where(*where)).scalar_one()
        token = ""
        if len(rows) > size:
            token = pages.issue(rows[size - 1][1], method=self.method, query=bound, subject=subject)
        return Page([entity for entity, _ in rows[:size]], token, total)

    def everything(
        self, session: Session, entity: Any, text: str, order: str, *restrictions: ColumnElement[bool]
    ) -> Iterator[list[Any]]:
        """All of `entity` that a filter leaves, in the order of `page`, in portions: no more is in memory.

        Raises InvalidArgument for a wrong filter or order.
        """
        terms = parse_order(order, tuple(self.sortable), self.default_order)
        wanted = select(entity).where(self.condition(text), *restrictions)
        wanted = wanted.execution_options(yield_per=self.maximum_size)
        for stretch in self.stretches:
            keys = [*(self._key(stretch, term) for term in terms), SortKey(self.key)]
            found = session.scalars(wanted.where(stretch.rows).order_by(*order_by(keys)))
            # What is let go of leaves the session by itself; to expunge all would end the stream.
            yield from (list(some) for some in found.partitions())

    def _rows(
        self,
        session: Session,
        wanted: Select[Any],
        order: Sequence[OrderTerm],
        cursor: tuple[CursorValue, ...] | None,
        most: int,
    ) -> list[tuple[Any, tuple[CursorValue, ...]]]:
        """The next ones after `cursor`, each with its own, which begins with its stretch where there are several."""
        several, rows = len(self.stretches) > 1, list[tuple[Any, tuple[CursorValue, ...]]]()
        first = 0
        if several and cursor is not None:
            first, cursor = cast(int, cursor[0]), cursor[1:]
        for number in range(first, len(self.stretches)):
            stretch = self.stretches[number]
            keys = [*(self._key(stretch, term) for term in order), SortKey(self.key)]
            statement = wanted.add_columns(*(key.column for key in keys)).where(stretch.rows)
            if cursor is not None:
                statement, cursor = statement.where(after(keys, cursor)), None
            found = session.execute(statement.order_by(*order_by(keys)).limit(most - len(rows)))
            rows += ((entity, (number, *place) if several else tuple(place)) for entity, *place in found)
            if len(rows) == most:
                break
        return rows

    def _key(self, stretch: Stretch, term: OrderTerm) -> SortKey:
        own = stretch.columns.get(term.field)
        if own is not None:
            return SortKey(own, term.descending)
        return SortKey(self.sortable[term.field], term.descending, nullable=True)

    def _bound(self, expression: Expression, order: Sequence[OrderTerm], query: Query) -> dict[str, str]:
        bound = {"filter": canonical(expression), "order_by": canonical_order(order), **query.extra}
        return bound if len(self.stretches) == 1 else bound | {"stretches": str(len(self.stretches))}
