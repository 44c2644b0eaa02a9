"""Choosing fields of an answer (`--fields a,b.c`), by the names that they have in JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.cli.answers.columns import ORIGIN, Column
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_LEVELS = 3


def paths(rows: Sequence[Any], levels: int = _LEVELS) -> list[str]:
    """Every field of these rows in the order of their first coming, those within others as `a.b`."""
    found: dict[str, None] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        for key, value in row.items():
            found.setdefault(str(key))
            within = value if isinstance(value, list | tuple) else [value]
            if levels > 1:
                found.update(dict.fromkeys(f"{key}.{each}" for each in paths(within, levels - 1)))
    return list(found)


def require(asked: Sequence[str], rows: Sequence[Any], columns: Sequence[Column] = ()) -> None:
    """Raise InvalidArgument (UNKNOWN_FIELD) for fields that neither the rows nor the columns have.

    An answer without rows has none to compare with beyond its columns, and is let pass.
    """
    known = list(dict.fromkeys([*(each.key for each in columns), *paths(rows)]))
    unknown = [each for each in asked if each not in known]
    if unknown and rows:
        zh, en, every = "、".join(unknown), ", ".join(unknown), ", ".join(known)
        raise InvalidArgument.field(
            "--fields",
            "UNKNOWN_FIELD",
            f"没有字段 {zh}；可选：{every}",
            f"there is no field {en}; choose from {every}",
        )


def chosen(value: Any, asked: Sequence[str]) -> Any:
    """A document, or each of several, with these fields alone, in the order that they were asked for."""
    if isinstance(value, list | tuple):
        return [chosen(each, asked) for each in value]
    if not isinstance(value, Mapping):
        return value
    below: dict[str, list[str]] = {}
    for path in asked:
        name, _, rest = path.partition(".")
        below.setdefault(name, []).append(rest)
    return {
        name: value[name] if "" in rests else chosen(value[name], rests)
        for name, rests in below.items()
        if name in value
    }


def columns_of(asked: Sequence[str], columns: Sequence[Column]) -> list[Column]:
    """The columns of these fields: those that there are, and one by its name for each of the others."""
    known = {ORIGIN.key: ORIGIN, **{each.key: each for each in columns}}
    return [known.get(each) or Column(each, Text(each, each)) for each in asked]


def flat(row: Mapping[str, Any], asked: Sequence[str]) -> dict[str, Any]:
    """A row with a cell for each field, those within others too, and its origin, which marks sample data."""
    kept = {"origin": row["origin"]} if "origin" in row else {}
    return {**kept, **{path: _at(row, path) for path in asked}}


def further(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> list[Column]:
    """Columns for the plain values that the rows have beside their columns, by their names in JSON."""
    known = {each.key for each in columns}
    names = dict.fromkeys(key for row in rows for key in row if key not in known)
    deep = {key for row in rows for key, value in row.items() if not _is_plain(value)}
    return [
        ORIGIN if each == ORIGIN.key else Column(each, Text(each, each)) for each in names if each not in deep
    ]


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(each) for each in value)
    return not isinstance(value, Mapping)


def _at(value: Any, path: str) -> Any:
    name, _, rest = path.partition(".")
    if isinstance(value, list | tuple):
        return [_at(each, path) for each in value]
    found = value.get(name) if isinstance(value, Mapping) else None
    return _at(found, rest) if rest else found
