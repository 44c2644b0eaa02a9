"""What else finds the nearest vectors under a filter, each with its plans."""

import struct
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Protocol, Self

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench.matcher.points import DIMENSIONS, Points, Wanted
from tests.servers.postgres import PostgresServer, embedded_binaries

_K = 10
_FIELDS = ("industry", "city", "part")
_AT_ONCE = 1_000
Ids = NDArray[np.int64]
Answer = Callable[[Points, int, Wanted], Ids]


class Side(Protocol):
    """An index over points; its plans by name."""

    def plans(self) -> Mapping[str, Answer]:
        """Ways to ask it."""
        ...

    def fetch(self) -> None:
        """Read all that it holds: memory that was left alone for a minute may be slow at the first touch."""
        ...


class Peer(Side, Protocol):
    """Somebody else's."""

    name: str

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Pgvector:
    """PostgreSQL with pgvector, on a socket: all rows, and an index with iterative scans; B-trees for the filters."""

    name = "pgvector"

    def __init__(self, stored: Points, kind: str) -> None:
        self._stored = stored
        self._kind = kind
        self._open = ExitStack()
        self._connection: psycopg.Connection[Any]

    def __enter__(self) -> Self:
        options = {"shared_buffers": "4GB", "maintenance_work_mem": "2GB", "max_wal_size": "4GB"}
        server = self._open.enter_context(PostgresServer(binaries=embedded_binaries(), options=options))
        url = server.database_url(server.create_database("bench")).replace("+psycopg", "")
        self._connection = self._open.enter_context(psycopg.connect(url, autocommit=True))
        self._fill()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def plans(self) -> Mapping[str, Answer]:
        """All rows, and the index with wide scans."""
        return {"all rows": self._exact, self._kind: self._indexed}

    def fetch(self) -> None:
        """Every page of the table and its indexes, their contents too."""
        self._connection.execute(
            "SELECT sum(length(get_raw_page(oid::regclass::text, block::int))) FROM pg_class,"
            " generate_series(0, pg_relation_size(oid) / 8192 - 1) AS block"
            " WHERE oid = 'point'::regclass OR oid IN (SELECT indexrelid FROM pg_index"
            " WHERE indrelid = 'point'::regclass)"
        )

    def _fill(self) -> None:
        run, stored = self._connection.execute, self._stored
        run("CREATE EXTENSION vector; CREATE EXTENSION pageinspect")
        run(f"CREATE TABLE point (id int, industry int2, city int2, part int2, v vector({DIMENSIONS}))")
        vectors = stored.vectors.astype(">f4")
        head = struct.pack(">hh", DIMENSIONS, 0)
        with self._connection.cursor().copy("COPY point FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
            for row in range(len(vectors)):
                numbers = (stored.industry[row], stored.city[row], stored.part[row])
                copy.write(struct.pack(">hii", 5, 4, row))
                copy.write(b"".join(struct.pack(">ih", 2, int(number)) for number in numbers))
                copy.write(struct.pack(">i", 4 + 4 * DIMENSIONS) + head + vectors[row].tobytes())
            copy.write(struct.pack(">h", -1))
        for field in _FIELDS:
            run(f"CREATE INDEX ON point ({field})")
        lists = max(10, len(vectors) // 1_000)
        with_ = "(m = 16, ef_construction = 64)" if self._kind == "hnsw" else f"(lists = {lists})"
        run(f"CREATE INDEX nearest ON point USING {self._kind} (v vector_ip_ops) WITH {with_}")
        run("VACUUM ANALYZE point")
        run("CHECKPOINT")  # else it writes for minutes, beside what is measured
        run("SET max_parallel_workers_per_gather = 0")
        run("SET hnsw.ef_search = 200; SET hnsw.iterative_scan = relaxed_order")
        run("SET ivfflat.probes = 40; SET ivfflat.iterative_scan = relaxed_order")

    def _exact(self, asked: Points, query: int, wanted: Wanted) -> Ids:
        return self._asked(asked, query, wanted, "(v <#> %s::vector) + 0")  # an order that no index serves

    def _indexed(self, asked: Points, query: int, wanted: Wanted) -> Ids:
        return self._asked(asked, query, wanted, "v <#> %s::vector")

    def _asked(self, asked: Points, query: int, wanted: Wanted, order: str) -> Ids:
        where = " AND ".join(f"{name} = {value}" for name, value in wanted.equal.items()) or "true"
        vector = "[" + ",".join(map(str, asked.vectors[query].tolist())) + "]"
        statement = f"SELECT id FROM point WHERE {where} ORDER BY {order} LIMIT {_K}"
        rows = self._connection.execute(statement, (vector,)).fetchall()
        return np.array([row[0] for row in rows], np.int64)


class Milvus:
    """milvus-lite through its client, an exact (FLAT) index."""

    name = "milvus_lite"

    def __init__(self, stored: Points) -> None:
        self._stored = stored
        self._open = ExitStack()
        self._client: Any

    def __enter__(self) -> Self:
        from pymilvus import DataType, MilvusClient

        folder = self._open.enter_context(tempfile.TemporaryDirectory())
        self._client = MilvusClient(f"{folder}/points.db")
        schema = MilvusClient.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=DIMENSIONS)
        for field in _FIELDS:
            schema.add_field(field, DataType.INT8)
        how = self._client.prepare_index_params()
        how.add_index("v", index_type="FLAT", metric_type="IP")
        self._client.create_collection("point", schema=schema, index_params=how)
        for start in range(0, len(self._stored.vectors), _AT_ONCE):
            self._client.insert("point", [_document(self._stored, row) for row in self._part(start)])
        self._client.load_collection("point")
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._open.close()

    def plans(self) -> Mapping[str, Answer]:
        """The one plan."""
        return {"FLAT": self._asked}

    def fetch(self) -> None:
        """Nothing: every query reads all rows."""

    def _part(self, start: int) -> range:
        return range(start, min(start + _AT_ONCE, len(self._stored.vectors)))

    def _asked(self, asked: Points, query: int, wanted: Wanted) -> Ids:
        filter_ = " and ".join(f"{name} == {value}" for name, value in wanted.equal.items())
        vectors = [asked.vectors[query].tolist()]
        found = self._client.search("point", vectors, limit=_K, filter=filter_, output_fields=[])
        return np.array([hit["id"] for hit in found[0]], np.int64)


class Qdrant:
    """qdrant-client in its local mode, exact."""

    name = "qdrant_local"

    def __init__(self, stored: Points) -> None:
        self._stored = stored
        self._client: Any

    def __enter__(self) -> Self:
        from qdrant_client import QdrantClient
        from qdrant_client.models import Distance, VectorParams

        self._client = QdrantClient(":memory:")
        self._client.create_collection("point", VectorParams(size=DIMENSIONS, distance=Distance.DOT))
        payload = [
            {name: int(getattr(self._stored, name)[row]) for name in _FIELDS}
            for row in range(len(self._stored.vectors))
        ]
        self._client.upload_collection("point", self._stored.vectors, payload, ids=range(len(payload)))
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def plans(self) -> Mapping[str, Answer]:
        """The one plan."""
        return {"local": self._asked}

    def fetch(self) -> None:
        """Nothing: every query reads all rows."""

    def _asked(self, asked: Points, query: int, wanted: Wanted) -> Ids:
        from qdrant_client.models import FieldCondition, Filter, MatchValue

        must: list[Any] = [
            FieldCondition(key=name, match=MatchValue(value=value)) for name, value in wanted.equal.items()
        ]
        filter_ = Filter(must=must) if must else None
        vector = asked.vectors[query].tolist()
        found = self._client.query_points("point", vector, query_filter=filter_, limit=_K).points
        return np.array([point.id for point in found], np.int64)


def _document(stored: Points, row: int) -> dict[str, Any]:
    numbers = {name: int(getattr(stored, name)[row]) for name in _FIELDS}
    return {"id": row, "v": stored.vectors[row], **numbers}
