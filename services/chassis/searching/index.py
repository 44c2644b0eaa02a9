"""The index of one kind of record, on either engine: one question, two ways to put it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    cast,
    delete,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from services.chassis.searching.containing import holds
from services.chassis.searching.terms import Term, Token
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks

SECURE_SINCE = (3, 42, 0)
"""SQLite that can delete from FTS5 without a trace; the migration asks for it."""


class Adapter(Protocol):
    """How one engine looks tokens up."""

    def holding(self, index: "TextIndex", terms: Sequence[Term], *, texts: bool) -> ColumnElement[bool]:
        """The rows of the index table that hold every term; `texts` False looks at codes alone."""
        ...


@dataclass(frozen=True)
class TextIndex:
    """An index table: `number`, the record's id in the column `owner`, its text `personal`, its `tokens`; `more`: the
    columns that it has beside these.
    """

    table: Table
    owner: str
    more: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """What a row is written with."""
        return (self.owner, "personal", "tokens", *self.more)

    def put(self, session: Session, ids: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Write the rows of the records `ids` anew, within the transaction of their change."""
        for some in chunks(ids):
            gone = self.table.c[self.owner].in_(some)
            session.execute(delete(self.table).where(gone))
        self.add(session, rows)

    def add(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the rows of records that have none."""
        add_rows(session, self.table, self.columns, map(itemgetter(*self.columns), rows))

    def found(self, session: Session, terms: Sequence[Term], *, texts: bool = True) -> Select[Any]:
        """The ids of the records that hold every term."""
        adapter = ADAPTERS[session.get_bind().dialect.name]
        conditions = [adapter.holding(self, terms, texts=texts)]
        if texts:
            conditions += [
                or_(self._says(each.exact), adapter.holding(self, [_only_codes(each)], texts=False))
                if each.codes
                else self._says(each.exact)
                for each in terms
                if each.exact is not None
            ]
        return select(self.table.c[self.owner]).where(*conditions)

    def scrub(self, session: Session) -> None:
        """After an erasure: leave nothing of deleted rows in SQLite's index.

        SQLite from 3.42 on does so by itself; before, the index is written as one piece, which takes time with the
        size of the library. In PostgreSQL deleted entries are gone with VACUUM.
        """
        if session.get_bind().dialect.name == "sqlite" and sqlite3.sqlite_version_info < SECURE_SINCE:
            name = fts_of(self.table)
            session.execute(text(f"INSERT INTO {name}({name}) VALUES ('optimize')"))  # noqa: S608 (a table of ours)

    def _says(self, exact: str) -> ColumnElement[bool]:
        return holds(self.table.c.personal, exact)


class _Sqlite:
    """FTS5 over the tokens; its triggers keep it level with the table."""

    def holding(self, index: TextIndex, terms: Sequence[Term], *, texts: bool) -> ColumnElement[bool]:
        name = fts_of(index.table)
        found: Select[Any] = (
            select(literal_column("rowid"))
            .select_from(text(name))
            .where(
                literal_column(name).op("MATCH")(
                    _asked(terms, texts=texts, all_="AND", any_="OR", token=_fts)
                )
            )
        )
        return index.table.c.number.in_(found)


class _Postgresql:
    """A GIN index over the tokens as a text search vector without positions."""

    def holding(self, index: TextIndex, terms: Sequence[Term], *, texts: bool) -> ColumnElement[bool]:
        asked = _asked(terms, texts=texts, all_="&", any_="|", token=_ts)
        condition: ColumnElement[bool] = index.table.c.tokens.op("@@")(cast(literal(asked), TSQUERY))
        return condition


ADAPTERS: dict[str, Adapter] = {"sqlite": _Sqlite(), "postgresql": _Postgresql()}


def fts_of(table: Table) -> str:
    """Name of SQLite's index of a table."""
    return f"{table.name}_fts"


def _only_codes(term: Term) -> Term:
    return Term((), term.codes, None)


def _asked(terms: Sequence[Term], *, texts: bool, all_: str, any_: str, token: Any) -> str:
    """The question in an engine's own words; a term that can hold nowhere asks for a token that nobody has."""
    asked = []
    for term in terms:
        ways = [token(each) for each in term.codes]
        if texts and term.text:
            ways.append(f"({f' {all_} '.join(token(each) for each in term.text)})")
        asked.append(f"({f' {any_} '.join(ways or [token(Token('x'))])})")
    return f" {all_} ".join(asked)


def _fts(token: Token) -> str:
    quoted = token.value.replace('"', "")
    return f'"{quoted}"*' if token.prefix else f'"{quoted}"'


def _ts(token: Token) -> str:
    quoted = token.value.replace("'", "''").replace("\\", "\\\\")
    return f"'{quoted}':*" if token.prefix else f"'{quoted}'"
