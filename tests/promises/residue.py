"""Where a word still stands: in any byte of the installation's files, of PostgreSQL's and of Kafka's, or in any row."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from services.cli.running import processes
from tests.storm.house import House

_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
_WAL = "pg_wal"


def places(house: House, words: Sequence[bytes]) -> Iterator[str]:
    """`file: word` for each word in each file of the installation and of its servers, and in each table."""
    roots = [house.settings.data_dir, *(server.directory for server in house.servers.values())]
    for root in roots:
        yield from found_in(root, words)
    if house.servers:
        for name in processes.SERVICES:
            yield from _in_tables(name, house.direct[name], words)


def found_in(root: Path, words: Sequence[bytes]) -> Iterator[str]:
    """`file: word` for each word in each file below a directory, PostgreSQL's own journal apart, which its archive lets
    go by its age.
    """
    for file in sorted(root.rglob("*")):
        if _WAL not in file.parts:
            yield from _in_file(file, words)


def compact(house: House) -> None:
    """What is done at night on PostgreSQL: tables are written anew without what was deleted."""
    for name in processes.SERVICES if house.servers else ():
        processes.run_tool(name, ["scrub"], house.settings)
        with _connect(house.direct[name]) as connection:
            connection.execute("CHECKPOINT")


def _in_file(file: Path, words: Sequence[bytes]) -> Iterator[str]:
    try:
        content = file.read_bytes()
    except OSError:  # a directory, or gone meanwhile
        return
    yield from (f"{file}: {word}" for word in words_in(content, words))


def words_in(content: bytes, words: Sequence[bytes]) -> Iterator[str]:
    """Those of the words that stand in some bytes. Looked for one by one only where what they begin with in common is
    there.
    """
    first, last = min(words), max(words)
    beginning = bytes(
        one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    )
    if beginning in content:
        yield from (word.decode() for word in words if word in content)


def _in_tables(service: str, url: str, words: Sequence[bytes]) -> Iterator[str]:
    with _connect(url) as connection:
        for (table,) in connection.execute(_TABLES).fetchall():
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as rows:
                content = b"".join(bytes(row) for row in rows)
            yield from (f"{service}.{table}: {word}" for word in words_in(content, words))


def _connect(url: str) -> psycopg.Connection[Any]:
    given = make_url(url)
    return psycopg.connect(
        host=given.host,
        port=given.port or 5432,
        user=given.username,
        password=given.password,
        dbname=given.database or "",
        autocommit=True,
    )
