"""A real Apache Kafka broker for tests: the project's own server jars, KRaft, one node on loopback."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from string import Template
from types import TracebackType

from tests.servers.authority import Authority
from tests.servers.packages import apt_install, say
from tests.servers.ports import free_port, listening
from tests.servers.process import ServerProcess
from tests.servers.workspace import DOWNLOADS, ServerError, Workspace

BROKER_FILES = Path(__file__).parent / "broker"
VERSION = "4.4.0"
CLUSTER_ID = "Ym9sZS10ZXN0cy1rYWZrYQ"
START_SECONDS = 90.0
CONSOLE = "org.apache.kafka.tools.consumer.ConsoleConsumer"
CLASSES = DOWNLOADS / "kafka" / f"classes-{VERSION}.jsa"
"""The broker's classes as Java has them in memory, for Java to begin with; one that does not fit is left aside."""
_UTF_8 = ("env", "LC_ALL=C.UTF-8")
"""Before a command: Java reads names of files by the locale, and in that of C none beyond ASCII."""
_META = Template("version=1\ncluster.id=${CLUSTER}\nnode.id=1\ndirectory.id=Ym9sZS10ZXN0cy1kaXJlYw\n")
"""What formatting a directory writes, where the voters stand in the settings: it takes no Java process of its own."""
_RIGHTS = (
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n"
    "allow.everyone.if.no.acl.found=false\n"
    "super.users=User:ANONYMOUS\n"
)


def install() -> str:
    """Make the broker's jars available and return the class path; downloads at most once."""
    if shutil.which("java") is None:
        apt_install("default-jre-headless")
    file = DOWNLOADS / "kafka" / f"classpath-{VERSION}-with-tools"
    known = file.read_text().strip() if file.exists() else ""
    if known and all(Path(jar).exists() for jar in known.split(":")):
        return known
    return _resolve(file)


def _resolve(file: Path) -> str:
    if shutil.which("mvn") is None:
        apt_install("maven")
    say(f"Kafka {VERSION}: fetching the broker's jars with Maven (half a minute, once) ...")
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [*_UTF_8, "mvn", "-q", "-B", "-f", str(BROKER_FILES / "pom.xml"), f"-Dkafka.version={VERSION}"]
    command += [f"-Dmdep.outputFile={file}", "dependency:build-classpath"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode != 0 or not file.exists():
        raise ServerError(f"Maven could not fetch Kafka {VERSION}:\n{(done.stdout + done.stderr)[-3000:]}")
    say(f"Kafka: {file}")
    return file.read_text().strip()


def keep_classes() -> None:
    """Make CLASSES, with which a broker starts in half the time; does nothing the second time."""
    if CLASSES.exists():
        return
    made = CLASSES.with_suffix(f".{os.getpid()}")
    with KafkaServer(options=[f"-XX:ArchiveClassesAtExit={made}"]) as server:
        server.stop()
    # a machine too busy to write it in time tries the next time
    if made.exists():
        made.rename(CLASSES)


class KafkaServer:
    """A broker of its own on loopback; a context manager that formats, starts and removes it.

    Whoever comes by the port `roundabout` is sent to the port `before` of `host`, a name of this machine, from then on:
    there a proxy to `roundabout` may stand, and all that its clients ask and are answered goes through it.

    Topics are not created by themselves: a misspelt name fails. `rights`: whoever comes under TLS may only do what the
    user of its certificate's name was given; whoever comes without may do everything. `names`: further ones of its own
    certificate.
    """

    def __init__(
        self,
        *,
        heap: str = "384m",
        options: Sequence[str] = (),
        rights: bool = False,
        names: Sequence[str] = (),
        host: str = "127.0.0.1",
    ) -> None:
        self._class_path = install()
        self.host = host
        self._heap, self._options, self._rights, self._names = heap, options, rights, names
        self._workspace = Workspace("kafka")
        self._process: ServerProcess | None = None
        self.port, self.tls_port = free_port(), free_port()
        self.before, self.roundabout = free_port(), free_port()
        self.authority = Authority()

    def __enter__(self) -> "KafkaServer":
        try:
            self._format()
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
    def bootstrap(self) -> str:
        """`host:port` for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The same as a log URL: `kafka://host:port`."""
        return f"kafka://{self.bootstrap}"

    def url_under_tls(self, directory: Path) -> str:
        """The port that takes only certificates of `authority`, such as one in this directory, as a log URL."""
        return f"kafka://127.0.0.1:{self.tls_port}?tls={directory}"

    @property
    def directory(self) -> Path:
        """Where its data and its log are until `close`."""
        return self._workspace.path

    def consume(self, topic: str, count: int, *options: str, seconds: float = 120.0) -> bytes:
        """What the broker's own console consumer prints of the first records of a topic. Raises ServerError."""
        where = ["--bootstrap-server", self.bootstrap, "--topic", topic, "--from-beginning"]
        end = ["--max-messages", str(count), "--timeout-ms", str(round(seconds * 1000))]
        command = [*_java("128m", self._class_path, "OFF"), CONSOLE, *where, *end, *options]
        done = subprocess.run(command, capture_output=True, check=False, timeout=seconds * 2)
        if done.returncode:
            raise ServerError(f"the console consumer failed:\n{done.stderr.decode(errors='replace')[-3000:]}")
        return done.stdout

    def start(self) -> None:
        """Start on the existing data and return when the broker accepts clients."""
        if self._process is not None:
            return
        java = _java(self._heap, self._class_path, options=self._options)
        command = [*java, "kafka.Kafka", str(self._settings)]
        self._process = ServerProcess(command, self._workspace.path / "broker.log")
        try:
            self._process.wait_until(lambda: listening(self.port), "Kafka", START_SECONDS)
        except ServerError:
            self.kill()
            raise

    def stop(self) -> None:
        """Controlled shutdown."""
        if self._process is not None:
            self._process.stop(signal.SIGTERM, 30)
        self._process = None

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
        self._process = None

    def pause(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while."""
        if self._process is not None:
            self._process.pause(seconds)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """SIGSTOP of the running broker, and SIGCONT at the end."""
        assert self._process is not None
        with self._process.stopped():
            yield

    def restart(self) -> None:
        """`stop` if it runs, then `start`: same port, same data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Kill (the data go anyway) and delete everything."""
        self.kill()
        self._workspace.remove()

    @property
    def _settings(self) -> Path:
        return self._workspace.path / "server.properties"

    def _format(self) -> None:
        template = Template((BROKER_FILES / "server.properties").read_text())
        ports = {"PORT": self.port, "TLS_PORT": self.tls_port, "CONTROLLER_PORT": free_port()}
        ports |= {"ROUNDABOUT_PORT": self.roundabout, "BEFORE_PORT": self.before}
        there = {"HOST": self.host, "DATA": self._workspace.path / "data"}
        tls = self.authority.issue(self._workspace.path / "tls", "broker", names=self._names)
        (tls / "keystore.pem").write_bytes((tls / "tls.key").read_bytes() + (tls / "tls.crt").read_bytes())
        settings = template.substitute(ports | there, TLS=tls)
        self._settings.write_text(settings + (_RIGHTS if self._rights else ""))
        data = self._workspace.path / "data"
        data.mkdir()
        (data / "meta.properties").write_text(_META.substitute(CLUSTER=CLUSTER_ID))


def _java(heap: str, class_path: str, level: str = "INFO", options: Sequence[str] = ()) -> list[str]:
    # one compiler tier and the serial collector: a test broker lives for minutes and shares two cores
    options = [
        *(options or ([f"-XX:SharedArchiveFile={CLASSES}"] if CLASSES.exists() else [])),
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
    ]
    logging = [
        f"-Dlog4j2.configurationFile={BROKER_FILES / 'log4j2.properties'}",
        f"-Dkafka.log.level={level}",
    ]
    return [*_UTF_8, "java", *options, *logging, "-cp", class_path]
