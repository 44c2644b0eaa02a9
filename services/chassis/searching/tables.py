"""The tables that make records findable by words. On SQLite each has an FTS5 index beside it, kept by triggers, on
PostgreSQL a GIN index; both are made by the migration.
"""

import re
from typing import Any

from sqlalchemy import Column, Dialect, ForeignKey, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from services.chassis.storage.columns import big_integer

_QUOTED = re.compile(r"'((?:[^']|'')*)'")


class Tokens(TypeDecorator[frozenset[str]]):
    """A set of tokens without blanks: words on SQLite, a text search vector without positions on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the engine keeps it."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        """In one order, so that equal sets are equal values."""
        if value is None:
            return None
        return literal_of(value) if dialect.name == "postgresql" else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        """The set."""
        if value is None:
            return None
        return tokens_of(value) if dialect.name == "postgresql" else frozenset(value.split())


def tokens_of(literal: str) -> frozenset[str]:
    """The set of a text search vector as PostgreSQL writes it."""
    return frozenset(each.replace("''", "'").replace("\\\\", "\\") for each in _QUOTED.findall(literal))


def literal_of(tokens: frozenset[str]) -> str:
    """The set as PostgreSQL reads it, in a statement or in COPY's column."""
    quoted = (each.replace("\\", "\\\\").replace("'", "''") for each in sorted(tokens))
    return " ".join(f"'{each}'" for each in quoted)


def text_table(metadata: MetaData, entity: str, *more: Column[Any]) -> Table:
    """The table of one kind of record, `{entity}_text`; `more`: what else is kept of a record with its words."""
    return Table(
        f"{entity}_text",
        metadata,
        Column("number", big_integer(), primary_key=True, autoincrement=True),
        Column(f"{entity}_id", ForeignKey(f"{entity}.id", ondelete="CASCADE"), nullable=False, unique=True),
        Column("personal", Text, nullable=False),
        Column("tokens", Tokens, nullable=False),
        *more,
    )
