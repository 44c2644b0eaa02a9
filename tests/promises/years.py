"""Whether somebody's year of birth, or its decade, stands in any column of the services' databases.

Four digits lie in many a file by chance. In a column they do not, unless they are those of the year.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import inspect, text

from bole.talent.v1 import person_pb2
from services.chassis.storage.db import open_engine


def in_columns(urls: Mapping[str, str], year: int, word: str) -> Iterator[str]:
    """`service.table.column` that holds one. `word`: what the person is called, which the library does hold."""
    sought = re.compile(rf"(?<![0-9A-Za-z])(?:{year}|{year // 10 * 10}s)(?![0-9A-Za-z])")
    answer = person_pb2.Person(birth_year=year).SerializeToString()
    known = False
    for service, url in urls.items():
        for column, value in _values(url):
            known = known or word in str(value)
            if sought.search(_said(value)) or (isinstance(value, bytes) and answer in value):
                yield f"{service}.{column}: {value!r}"
    if not known:
        yield "what somebody is called was in no column: nothing was looked for"


def _values(url: str) -> Iterator[tuple[str, Any]]:
    """Every value of every row, with its table and column."""
    engine = open_engine(url)
    quoted = engine.dialect.identifier_preparer.quote
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f"SELECT * FROM {quoted(table)}")).mappings():
                yield from ((f"{table}.{column}", value) for column, value in row.items())
    engine.dispose()


def _said(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
