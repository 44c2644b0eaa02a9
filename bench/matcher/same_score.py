"""PostgreSQL with pgvector that orders people for a firm by the score of the matcher, written as an expression."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Self

import numpy as np
import psycopg
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.corpus.population import Population
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import WHOLE
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.domain.placement import HUNDREDTHS
from services.matcher.encode.sparse import COLUMNS
from services.matcher.score import features
from tests.servers.postgres import PostgresServer, embedded_binaries

_NEAREST = 1_000
_FACTS = ("industry", "city", "category", "availability", "reach")
Answer = Callable[[str, Mapping[str, str], int], Sequence[str]]


class SameScore:
    """The people of a space in a table, and its firms as questions. `kind` is that of people and firms; everybody of
    the space says something, declares one direction, and allows to be asked.
    """

    def __init__(self, space: MatchSpace, kind: PairKind, index: str) -> None:
        self._space, self._kind, self._index = space, kind, index
        self._firms = space.population(ItemKind.FIRM)
        self._open = ExitStack()
        self._connection: psycopg.Connection[Any]

    def __enter__(self) -> Self:
        options = {"shared_buffers": "4GB", "maintenance_work_mem": "2GB", "max_wal_size": "8GB"}
        server = self._open.enter_context(PostgresServer(binaries=embedded_binaries(), options=options))
        url = server.database_url(server.create_database("bench")).replace("+psycopg", "")
        self._connection = self._open.enter_context(psycopg.connect(url, autocommit=True))
        self._fill(self._space.population(ItemKind.PERSON))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def plans(self) -> Mapping[str, Answer]:
        """Everybody's score, and that of the nearest by the dense rows alone."""
        return {
            "the same score of all": lambda firm, equal, k: self._asked(firm, equal, k, "person"),
            f"{self._index}, then the same score": lambda firm, equal, k: self._asked(
                firm, equal, k, "nearest"
            ),
        }

    def _fill(self, people: Population) -> None:
        run, codes = self._connection.execute, self._space.codes
        leaves, dimensions = len(codes.leaves), self._space.encoder.dimensions
        run("CREATE EXTENSION vector")
        facts = ", ".join(f"{name} int4" for name in _FACTS)
        run(
            f"CREATE TABLE person (id text, {facts}, dense vector({dimensions}), sparse sparsevec({COLUMNS}), "
            f"placed vector({leaves}), shares vector({leaves}))"
        )
        # Long columns stay in the row: taking them out of line would cost the peer another look-up for each.
        for name in ("dense", "sparse", "placed", "shares"):
            run(f"ALTER TABLE person ALTER {name} SET STORAGE MAIN")
        with self._connection.cursor().copy("COPY person FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
            for row in _rows(people, codes.leaf_industries):
                copy.write(row)
            copy.write(struct.pack(">h", -1))
        for name in ("industry", "city", "category"):
            run(f"CREATE INDEX ON person ({name})")
        lists = max(10, people.size // 1_000)
        with_ = "(m = 16, ef_construction = 64)" if self._index == "hnsw" else f"(lists = {lists})"
        run(f"CREATE INDEX ON person USING {self._index} (dense vector_ip_ops) WITH {with_}")
        run("VACUUM ANALYZE person")
        run("SET max_parallel_workers_per_gather = 0; SET jit = off")
        run(f"SET hnsw.ef_search = {_NEAREST}; SET hnsw.iterative_scan = relaxed_order")
        run("SET ivfflat.probes = 40; SET ivfflat.iterative_scan = relaxed_order")

    def _asked(self, firm: str, equal: Mapping[str, str], k: int, among: str) -> Sequence[str]:
        codes, row = self._space.codes, self._firms.row_of[firm]
        numbers = {
            "industry_code": ("industry", codes.industries.index),
            "city_code": ("city", codes.cities.index),
            "category_code": ("category", codes.categories.index),
        }
        conditions = [(numbers[name][0], numbers[name][1](value)) for name, value in equal.items()]
        where = " AND ".join(f"{name} = {value}" for name, value in conditions) or "true"
        given = {"dense": _text(self._firms.vectors.vectors()[row])}
        table = f"(SELECT * FROM person WHERE {where}) AS person"
        if among == "nearest":
            table = (
                f"(SELECT * FROM person WHERE {where} ORDER BY dense <#> %(dense)s::vector LIMIT {_NEAREST}) "
                "AS person"
            )
        given |= self._question(row)
        found = self._connection.execute(
            f"SELECT id FROM (SELECT *, {self._parts()} FROM {table} OFFSET 0) AS parted "
            f"ORDER BY {self._score(row)} DESC, id LIMIT {k}",
            given,
        ).fetchall()
        return [id_ for (id_,) in found]

    def _question(self, row: int) -> Mapping[str, str]:
        """The rows of a firm as pgvector reads them."""
        sparse = self._firms.sparse.matrix(np.array([row]))
        pairs = zip((sparse.indices + 1).tolist(), sparse.data.tolist(), strict=True)
        shares = self._firms.columns["shares"][row].astype(np.float32)
        return {
            "sparse": "{" + ",".join(f"{at}:{value}" for at, value in pairs) + f"}}/{COLUMNS}",
            "shares": _text(shares),
            "near": _text(shares @ self._space.codes.nearness),
        }

    def _parts(self) -> str:
        """What the score is worked out of, for each person once."""
        mix = self._space.encoder.mix
        return (
            f"greatest(0, {mix.sparse} * -(sparse <#> %(sparse)s::sparsevec) "
            f"+ {mix.dense} * -(dense <#> %(dense)s::vector)) AS alike, "
            f"-(placed <#> %(shares)s::vector) / {WHOLE * HUNDREDTHS}.0 AS degree, "
            f"-(shares <#> %(near)s::vector) / {features.DIRECTION_WHOLE} AS overlap"
        )

    def _score(self, row: int) -> str:
        factor = {use.name: use.factor for use in self._kind.features}
        city = int(self._firms.columns["city"][row])
        soon = ", ".join(str(value) for value in features.AVAILABILITY.values())
        support = (
            f"CASE WHEN degree > 0 THEN {features.BORNE_OUT} WHEN degree < 0 THEN {features.CONTRADICTED} "
        )
        says = {
            "text": f"{features.TEXT_GAIN} * (sqrt(alike) - sqrt({features.TEXT_BASE}))",
            "placed": f"CASE WHEN degree > 0 THEN {features.PLACED_GAIN} * sqrt(degree) "
            f"ELSE {features.ELSEWHERE_LOSS} * degree END - {features.PLACED_BASE}",
            "directions": f"{features.DIRECTION_GAIN} * {support} ELSE {features.SILENT} END * sqrt(overlap) "
            f"- {features.DIRECTION_BASE}",
            "city": f"CASE WHEN city = {city} THEN {features.SAME_CITY} WHEN (reach >> {city}) & 1 = 1 "
            f"THEN {features.REACHABLE_CITY} ELSE {features.OTHER_CITY} END",
            "availability": f"(ARRAY[{soon}])[availability + 1]",
        }
        return " + ".join(f"{factor[name]} * ({says[name]})" for name in factor)


def _rows(people: Population, industries: NDArray[np.int16]) -> Iterator[bytes]:
    """People in the binary form of COPY."""
    columns = people.columns
    facts = np.stack(
        [
            industries[columns["shares"].argmax(axis=1)],
            *(columns.integers(name) for name in _FACTS[1:]),
        ],
        axis=1,
    ).tolist()
    dense = people.vectors.vectors()
    for start in range(0, people.size, 4_096):
        sparse = people.sparse.matrix(np.arange(start, min(start + 4_096, people.size)))
        for at in range(sparse.shape[0]):
            row = start + at
            yield struct.pack(">h", 1 + len(_FACTS) + 4) + _field(people.items[row].id.encode())
            yield b"".join(_field(struct.pack(">i", each)) for each in facts[row])
            yield _field(_vector(dense[row])) + _field(_sparse_vector(sparse, at))
            yield _field(_vector(columns["placed"][row])) + _field(_vector(columns["shares"][row]))


def _field(value: bytes) -> bytes:
    return struct.pack(">i", len(value)) + value


def _vector(values: NDArray[np.generic]) -> bytes:
    return struct.pack(">hh", len(values), 0) + values.astype(">f4").tobytes()


def _sparse_vector(rows: csr_array, at: int) -> bytes:
    part = slice(rows.indptr[at], rows.indptr[at + 1])
    order = np.argsort(rows.indices[part])
    indices, data = rows.indices[part][order], rows.data[part][order]
    head = struct.pack(">iii", rows.shape[1], len(indices), 0)
    return head + indices.astype(">i4").tobytes() + data.astype(">f4").tobytes()


def _text(values: NDArray[np.float32]) -> str:
    return "[" + ",".join(map(str, values.tolist())) + "]"
