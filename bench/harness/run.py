"""One run of the measurements: what is wanted, at what size, and where files and servers are had."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.harness.row import Row
from tests.servers.postgres import PostgresServer

# Sized for a million rows, the same for both sides of every ratio.
_POSTGRESQL = {"shared_buffers": "1GB", "work_mem": "256MB", "max_wal_size": "4GB"}


@dataclass
class Run:
    """`limit` caps every size (None: the sizes for the record); `data` are folders of texts for quality rows.

    `encoders`: pretrained ones to measure beside the default, as `BOLE_MATCHER_ENCODER` names them.
    """

    only: str = ""
    limit: int | None = None
    seed: int = 1
    data: tuple[Path, ...] = ()
    encoders: tuple[str, ...] = ()
    _servers: ExitStack = field(default_factory=ExitStack)
    _postgres: PostgresServer | None = None

    def wants(self, name: str) -> bool:
        """Whether a row, or a family of rows that begins so, was asked for."""
        return name.startswith(self.only) or self.only.startswith(name)

    def size(self, full: int) -> int:
        """The size to measure at: `full`, or the cap of a trial run."""
        return full if self.limit is None else min(full, self.limit)

    def row(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        n: int,
        peer: str = "",
        peer_value: float | None = None,
        bar: float | None = None,
        lower_is_better: bool = True,
        note: str = "",
    ) -> Row:
        """A row; its ratio is how many times better than the peer it is."""
        ratio = None
        if peer_value is not None:
            ratio = peer_value / value if lower_is_better else value / peer_value
        return Row(
            name=name,
            value=value,
            unit=unit,
            peer=peer,
            peer_value=peer_value,
            ratio=ratio,
            bar=bar,
            n=n,
            seed=self.seed,
            command=f"make bench ONLY={name}",
            note=note,
        )

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A directory of its own, removed afterwards."""
        path = Path(tempfile.mkdtemp(prefix="bole-bench-"))
        try:
            yield path
        finally:
            shutil.rmtree(path)

    @contextmanager
    def database_urls(self, folder: Path) -> Iterator[dict[str, str]]:
        """A fresh database on each engine: `sqlite` in the folder, `postgresql` on the run's own server."""
        server = self._server()
        name = server.create_database("bench")
        try:
            yield {"sqlite": f"sqlite:///{folder}/bench.db", "postgresql": server.database_url(name)}
        finally:
            server.drop_database(name)

    def close(self) -> None:
        """Stop what was started."""
        self._servers.close()

    def _server(self) -> PostgresServer:
        if self._postgres is None:
            self._postgres = self._servers.enter_context(PostgresServer(durable=True, options=_POSTGRESQL))
        return self._postgres
