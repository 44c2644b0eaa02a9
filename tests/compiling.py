"""Statements that are compiled once for all databases of a kind: each test opens one anew, of the same tables."""

from typing import Any

from sqlalchemy import Compiled, Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Compiled] = LRUCache(4_000)
"""With room for every statement of all services on both engines."""


def compile_once() -> None:
    """From now on every engine of this process finds what another of its kind has compiled.

    SQLAlchemy keeps compiled statements for one engine alone, under the dialect that it made for it.
    """
    replaced = {"__eq__": _alike, "__hash__": _hash, "engine_created": classmethod(_share)}
    for name, method in replaced.items():
        setattr(DefaultDialect, name, method)


def _kind(dialect: DefaultDialect) -> tuple[type, object]:
    return type(dialect), dialect.server_version_info


def _alike(one: DefaultDialect, other: object) -> bool:
    return isinstance(other, DefaultDialect) and _kind(one) == _kind(other)


def _hash(dialect: DefaultDialect) -> int:
    return hash(_kind(dialect))


def _share(_dialect: type[DefaultDialect], engine: Engine) -> None:
    engine._compiled_cache = _COMPILED
