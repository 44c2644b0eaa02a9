"""Many values, so many at a time as one statement carries well."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

IN_A_STATEMENT: Final = 500
"""Values of one `IN (…)`: far below what SQLite (32,766) and PostgreSQL (65,535) take as parameters."""


def chunks(values: Iterable[T], size: int = IN_A_STATEMENT) -> Iterator[list[T]]:
    """The values in their order, `size` at a time, the last ones fewer; nothing of nothing.

    As `itertools.batched` of Python 3.12, in lists. An iterator is read as far as what was asked for.
    """
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
