"""P17: in an installation under TLS no port of a service or of the broker answers whoever shows no right certificate;
of a person's contact data, or of what the log and the index may not hold in clear, no byte lies in any file, and plain
ports and the memory of those who are not shown it have none either; a person's year of birth is in no column.
"""

import random
import socket
import ssl
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import grpc
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa
from grpc_health.v1 import health_pb2, health_pb2_grpc

from bole.matcher.v1 import matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2
from services.chassis.configuration import ConfigurationError
from services.chassis.log.kafka_log import KafkaLog
from services.chassis.log.topics import PERSONS
from services.chassis.log_url import parse_log_url
from services.chassis.rpc.channel import open_channel
from services.chassis.tls import channel_credentials
from services.cli.running import processes
from services.kernel.errors import Unavailable
from tests.contract.installation import Installation, installation, staff_token
from tests.contract.talent.doubles import identity_number
from tests.promises import doors, heaps, years
from tests.promises.residue import found_in, words_in
from tests.servers import nursery
from tests.servers.authority import Authority, PrivateKey, pem
from tests.servers.kafka import KafkaServer
from tests.servers.ports import free_port
from tests.servers.postgres import PostgresServer
from tests.storm.clients import person
from tests.storm.house import until

SECONDS = 60.0
LEVEL_SECONDS = 300.0
LOG_SECONDS, _PATIENCE_SECONDS = 60.0, 2.0
DAY = timedelta(days=1)
_IN_CLEAR_IN_THE_LIBRARY = {"talent.db", "talent.db-wal", "matcher.db", "matcher.db-wal"}
"""Names and texts of people lie in these databases, which are of the services that show them; contact data in none."""


def violations(seed: int, engines: str = "embedded") -> list[str]:
    """Everything that does not hold in one installation, with certificates and a person drawn by the seed; `kafka`:
    its log is a broker under TLS; `full`: its databases are on a PostgreSQL, too.
    """
    rng = random.Random(seed)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority()
        shown = authority.issue(directory / "server", "server", key=_key(rng))
        given = {f"{name}_health_address": f"127.0.0.1:{free_port()}" for name in processes.SERVICES}
        broker = stack.enter_context(KafkaServer()) if engines != "embedded" else None
        if broker is not None:
            given["log_url"] = broker.url_under_tls(broker.authority.issue(directory / "log"))
        database = stack.enter_context(PostgresServer()) if engines == "full" else None
        if database is not None:
            made = {name: database.create_database(name) for name in processes.SERVICES}
            given |= {f"{name}_database_url": database.database_url(of) for name, of in made.items()}
        house = installation(directory / "house", nursery.spawn, tls_dir=str(shown), **given)
        stack.callback(house.stop)
        house.start()
        addresses = {name: processes.address(house.settings, name) for name in processes.SERVICES}
        found = list(_ports(rng, authority, addresses, directory / "clients"))
        contact, told, ref, year = _register(rng, house)
        found += doors.plain(house, ref, contact, told)
        running = {each.name: each.process.pid for each in house.running}
        found += heaps.leaves_a_core(running)
        elsewhere = {name: pid for name, pid in running.items() if name != "talent"}
        found += heaps.kept(elsewhere, contact)
        found += heaps.kept({"funding": running["funding"]}, told)
        house.stop()
        urls = {name: house.settings.database_url(name) for name in processes.SERVICES}
        found += years.in_columns(urls, year, told[0].decode())
        found += _impostors(rng, authority, directory / "impostors")
        if broker is not None:
            found += _broker(broker, directory / "strangers")
            broker.stop()
            found += found_in(broker.directory, [*contact, *told])
        if database is not None:
            database.stop()  # what was committed is in the files of its tables then
            return [*found, *_in_postgresql(database.directory, contact, told)]
        return [*found, *_in_clear(house.settings.data_dir, contact, told)]


def _broker(broker: KafkaServer, directory: Path) -> Iterator[str]:
    """Who reads the log, and who does not."""
    known = broker.authority.issue(directory / "known")
    strange = {
        "another authority's": Authority("somebody else").issue(
            directory / "unknown", trusts=broker.authority
        ),
        "an expired": broker.authority.issue(directory / "expired", begins=-5 * DAY, ends=-DAY),
    }
    if not _reads(broker.url_under_tls(known), LOG_SECONDS):
        yield "the broker refuses the right certificate"
    for what, shown in strange.items():
        if _reads(broker.url_under_tls(shown), _PATIENCE_SECONDS):
            yield f"the broker answers {what} certificate"
    _, _, address = broker.url_under_tls(known).partition("?")[0].rpartition("/")
    if _reads(f"kafka://{address}", _PATIENCE_SECONDS):
        yield "the broker answers without TLS"
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        if not _refuses(address, known, version):
            yield f"the broker speaks {version.name}"


def _reads(url: str, seconds: float) -> bool:
    """Whether whoever asks so is told where a topic ends."""
    given = parse_log_url(url)
    log = KafkaLog(given.address, tls=given.tls, timeout_seconds=seconds)
    try:
        return log.end(PERSONS.name) > 0
    except (Unavailable, ConfigurationError):
        return False
    finally:
        log.close()


def _key(rng: random.Random) -> PrivateKey:
    if rng.random() < 0.3:
        return rsa(65537, 2048)
    return elliptic(rng.choice([SECP256R1(), SECP384R1()]))


def _ports(
    rng: random.Random, authority: Authority, addresses: dict[str, str], directory: Path
) -> Iterator[str]:
    """Who gets in on each port, and who does not, in an order of its own."""
    now = datetime.now(UTC)
    days = rng.randint(2, 9)
    known = channel_credentials(authority.issue(directory / "known", key=_key(rng)), now)
    expired = authority.issue(directory / "expired", begins=-days * DAY, ends=-DAY)
    early = authority.issue(directory / "early", begins=DAY, ends=days * DAY)
    unknown = Authority("somebody else").issue(directory / "unknown", trusts=authority, key=_key(rng))
    own = Authority("tests").issue(directory / "namesake", trusts=authority)
    wrong = {
        "no TLS": None,
        "no certificate": grpc.ssl_channel_credentials(pem(authority.certificate)),
        "an expired certificate": channel_credentials(expired, now - (days + 1) / 2 * DAY),
        "a certificate of tomorrow": channel_credentials(early, now + (days + 1) / 2 * DAY),
        "another authority's certificate": channel_credentials(unknown, now),
        "a certificate of a namesake": channel_credentials(own, now),
    }
    tries = [(service, what) for service in addresses for what in wrong]
    rng.shuffle(tries)
    for service in addresses:
        if _answer(addresses[service], known) is not None:
            yield f"{service} refuses the right certificate"
    for service, what in tries:
        if _answer(addresses[service], wrong[what]) is not grpc.StatusCode.UNAVAILABLE:
            yield f"{service} answers {what}"
    for service, address in addresses.items():
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            if not _refuses(address, directory / "known", version):
                yield f"{service} speaks {version.name}"
        if _refuses(address, directory / "known", ssl.TLSVersion.TLSv1_2):
            yield f"{service} does not speak TLS 1.2"


def _answer(address: str, credentials: grpc.ChannelCredentials | None) -> grpc.StatusCode | None:
    """None for an answer, else the status of the refusal."""
    with open_channel(address, credentials=credentials) as channel:
        try:
            health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        except grpc.RpcError as error:
            code: grpc.StatusCode = error.code()
            return code
        return None


def _refuses(address: str, client: Path, version: ssl.TLSVersion) -> bool:
    """Whether nobody shakes hands in this version."""
    host, _, port = address.rpartition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that of the versions, which is the point
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    context.load_verify_locations(client / "ca.crt")
    context.load_cert_chain(client / "tls.crt", client / "tls.key")
    with socket.create_connection((host, int(port)), SECONDS) as raw:
        try:
            with context.wrap_socket(raw, server_hostname=host):
                return False
        except (ssl.SSLError, OSError):
            return True


def _impostors(rng: random.Random, authority: Authority, directory: Path) -> Iterator[str]:
    """Whom a client takes for a service, though it is none: a service with such a certificate serves nobody."""
    now = datetime.now(UTC)
    host = f"127.0.0.{rng.randint(2, 254)}"
    client = channel_credentials(authority.issue(directory / "client"), now)
    wrong = {
        "another host's": authority.issue(directory / "host", "server", host=host),
        "no host's": authority.issue(directory / "none", "server", host=None),
        "another authority's": Authority("else").issue(directory / "else", "server", trusts=authority),
    }
    for what, shown in wrong.items():
        house = installation(directory / f"house of {what}", nursery.spawn, tls_dir=str(shown))
        address = processes.address(house.settings, "funding")
        house.running.extend(processes.start(house.settings, ["funding"], house.spawn))
        _, _, port = address.rpartition(":")
        if not until(lambda: _listens(int(port)), LEVEL_SECONDS):  # noqa: B023 (called at once)
            yield f"a service with {what} certificate does not start"
        elif _answer(address, client) is not grpc.StatusCode.UNAVAILABLE:
            yield f"a client takes {what} certificate"
        house.stop()


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _in_postgresql(directory: Path, contact: list[bytes], told: list[bytes]) -> Iterator[str]:
    """Contact data in a file of PostgreSQL, its journal among them, where names and texts of people do lie."""
    texts = 0
    for file in sorted(each for each in directory.rglob("*") if each.is_file()):
        content = file.read_bytes()
        texts += any(word in content for word in told)
        yield from (f"{file.relative_to(directory)}: {word}" for word in words_in(content, contact))
    if not texts:
        yield "what people are called was in no file of PostgreSQL: nothing was looked for"


def _register(rng: random.Random, house: Installation) -> tuple[list[bytes], list[bytes], str, int]:
    """Somebody who is matched by now: words of the contact data and the identity number, those of what people are
    called and say, the person's reference, and the year of birth, of which the decade is told to the matcher.
    """
    letters = "bcdfghjklmnpqrstvwxz"
    word, mail = ("".join(rng.choices(letters, k=20)) for _ in range(2))
    phone = f"+86139{rng.randrange(10**8):08d}"
    made = person(f"ref-{rng.randrange(10**8):08d}", "seawater-h2")
    made.display_name, made.profile = word, f"{word}，海水直接电解制氢电解槽设计。"
    made.employer, made.job_title = f"{word}公司", f"{word}工程师"
    made.phone, made.email, made.identity_number = (
        phone,
        f"{mail}@example.com",
        identity_number(rng.getrandbits(64)),
    )
    made.birth_year = int(made.identity_number[6:10])
    made.purposes.append(person_pb2.CONSENT_PURPOSE_STATISTICS)
    request = library_service_pb2.CreatePersonRequest(
        person=made, request_id=str(UUID(int=rng.getrandbits(128), version=4))
    )
    credentials = channel_credentials(house.settings.tls_dir, datetime.now(UTC))
    token = staff_token(house)

    def channel(service: str) -> grpc.Channel:
        address = processes.address(house.settings, service)
        return open_channel(address, token=lambda: token, credentials=credentials)

    with channel("talent") as talent, channel("matcher") as matcher:
        library_service_pb2_grpc.LibraryServiceStub(talent).CreatePerson(request, timeout=SECONDS)
        stub = matching_service_pb2_grpc.MatchingServiceStub(matcher)
        asked = matching_service_pb2.GetIndexStatusRequest()

        def is_known() -> bool:
            status = stub.GetIndexStatus(asked, timeout=SECONDS)
            return bool(status.level and any(each.item == "person" and each.count for each in status.items))

        assert until(is_known, LEVEL_SECONDS), "the matcher did not come to know the person"
    contact = [phone, mail, made.identity_number]
    return [each.encode() for each in contact], [word.encode()], made.source_ref, made.birth_year


def _in_clear(directory: Path, contact: list[bytes], told: list[bytes]) -> Iterator[str]:
    """Files that hold what they may not."""
    texts = 0
    for file in sorted(each for each in directory.rglob("*") if each.is_file()):
        content = file.read_bytes()
        library = file.name in _IN_CLEAR_IN_THE_LIBRARY
        texts += library and any(word in content for word in told)
        for word in [*contact, *([] if library else told)]:
            if word in content:
                yield f"{file.relative_to(directory)}: {word.decode()}"
    if not texts:
        yield "what people are called was in no database: nothing was looked for"
