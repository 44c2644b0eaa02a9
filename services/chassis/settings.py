"""All settings of all processes: environment variables with the prefix `BOLE_`, read once at start."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from services.chassis.configuration import ConfigurationError
from services.chassis.log_url import parse_log_url

PREFIX = "BOLE_"
_IN_FILE = "_file"
_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):(\d{1,5})")
_PASSWORD = re.compile(r"://[^/?#]*:[^/?#]*@|[?&]password=")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


class Settings(BaseModel):
    """The settings, immutable. `{data_dir}` and `{console_address}` in a value stand for the values of these."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    environment: Literal["local", "production"] = Field(
        "local", description="local creates its own keys; production demands that they are provided"
    )
    data_dir: Path = Field(
        Path("var"), description="directory of databases, the embedded log, indexes and keys"
    )
    keys_dir: Path = Field(Path("{data_dir}/keys"), description="directory of the key files, mode 0600")
    local_directions: Path = Field(
        Path("{data_dir}/local-directions.yaml"),
        description="file of the region's own directions; none if it does not exist",
    )
    talent_address: str = Field("127.0.0.1:50051", description="host:port of the talent service")
    funding_address: str = Field("127.0.0.1:50052", description="host:port of the funding service")
    matcher_address: str = Field("127.0.0.1:50053", description="host:port of the matcher service")
    talent_metrics_address: str = Field("127.0.0.1:9101", description="host:port of the talent metrics page")
    funding_metrics_address: str = Field(
        "127.0.0.1:9102", description="host:port of the funding metrics page"
    )
    matcher_metrics_address: str = Field(
        "127.0.0.1:9103", description="host:port of the matcher metrics page"
    )
    console_address: str = Field("127.0.0.1:8080", description="host:port of the console's pages")
    console_url: str = Field(
        "http://{console_address}",
        description="address of the console as browsers see it; https makes its cookies secure",
    )
    map_geojson: Path | None = Field(
        None, description="file of the map's cities (GeoJSON, id = GB/T 2260 code); none: the one that ships"
    )
    map_approval_no: str | None = Field(None, description="审图号 of that map, shown below it")
    talent_database_url: str = Field(
        "sqlite:///{data_dir}/talent.db",
        description="sqlite:///file or postgresql://user:password@host/database; in production one with a password is "
        "in a file",
    )
    funding_database_url: str = Field("sqlite:///{data_dir}/funding.db", description="likewise for funding")
    matcher_database_url: str = Field("sqlite:///{data_dir}/matcher.db", description="likewise for matcher")
    log_url: str = Field(
        "sqlite:///{data_dir}/log.db",
        description="event log: sqlite:///file (embedded) or kafka://host:port; under TLS kafka://host:port?tls=directory"
        ", which holds tls.crt, tls.key and ca.crt",
    )
    tls_dir: Path | None = Field(
        None,
        description="directory of tls.crt, tls.key and ca.crt: services take only callers with a certificate of those "
        "authorities, clients show theirs; none: no TLS",
    )
    partner_authorities: Path | None = Field(
        None,
        description="PEM file of authorities whose certificates the matcher takes from partners beside those of "
        "ca.crt; none: those of ca.crt alone",
    )
    talent_health_address: str | None = Field(
        None,
        description="host:port of a plain port with nothing but the health of talent: for probes under TLS",
    )
    funding_health_address: str | None = Field(None, description="likewise for funding")
    matcher_health_address: str | None = Field(None, description="likewise for matcher")
    identity_issuer: str | None = Field(
        None,
        description="the identity service whose tokens are taken (their `iss`); none: tokens of `bole login` and of "
        "identity.pem in the directory of keys",
    )
    identity_keys: str | None = Field(
        None, description="where it publishes its keys: https://… (a JSON Web Key Set) or a file"
    )
    identity_audience: str = Field("bole", description="for whom its tokens must be made out (their `aud`)")
    identity_scope: str = Field(
        "openid", description="what the console asks it for (OpenID Connect scopes, one of them openid)"
    )
    identity_client_secret: str | None = Field(
        None,
        min_length=16,
        description="secret of the console's client there, also what its cookies are sealed under; in "
        "production in a file",
    )
    identity_client: str | None = Field(
        None,
        description="id of the console's client there, with {console_url}/sign-in/callback as its redirect address; "
        "none: the console signs nobody in by it",
    )
    matcher_encoder: str = Field(
        "lexical",
        description="encoder of texts: lexical, e5 or use (each a package of the extra `encoder`), or the directory "
        "of an ONNX model",
    )
    matcher_exposure_shift: float = Field(
        0.1,
        gt=0,
        le=1,
        description="by how much learnt weights may change the share of the first places that a city, category or "
        "decade of birth has, at most; beyond it they are not adopted",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least level logged")
    drain_seconds: int = Field(
        0, ge=0, le=300, description="seconds between NOT_SERVING and the end of accepting calls"
    )
    partner_calls_per_second: float = Field(
        50.0,
        gt=0,
        le=100_000,
        description="calls a second that each partner may make of a process in the long run",
    )
    partner_calls_at_once: int = Field(
        2_000, ge=1, le=1_000_000, description="calls that a partner may make at once after a rest"
    )
    people_per_day: int = Field(
        5_000,
        ge=1,
        le=10_000_000,
        description="people whose personal fields one account is shown on one day, in answers and files: of every "
        "hundred 60 by talent, 30 by the matcher, 10 by funding",
    )
    partner_erasure_days: int = Field(
        15,
        ge=1,
        le=365,
        description="days within which partners acknowledge that somebody was erased; what the state's rules for apps "
        "grant an operator are 15 working days",
    )
    webhook_networks: str = Field(
        "",
        description="networks (10.20.0.0/16, …) that webhooks may reach though they are not public; 127.0.0.0/8 also "
        "without TLS, local only",
    )
    rpc_threads: int = Field(16, ge=1, le=256, description="threads that run unary calls")
    trace_collector: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+:[0-9]{1,5})?$",
        description="OpenTelemetry collector that spans are sent to (OTLP over gRPC): http://host:4317; empty: none",
    )
    trace_share: float = Field(0.1, ge=0, le=1, description="share of traces that are sent to the collector")
    failpoint: str | None = Field(
        None, pattern=r"^[a-z_.]+:[1-9][0-9]*$", description="for crash tests only: name:hit at which to die"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _expand(cls, value: object, info: ValidationInfo) -> object:
        if info.field_name == "data_dir" or not isinstance(value, str | Path):
            return value
        filled = str(value).replace("{data_dir}", str(info.data.get("data_dir", "")))
        return filled.replace("{console_address}", str(info.data.get("console_address", "")))

    @field_validator(
        *(f"{s}{m}_address" for s in ("talent", "funding", "matcher") for m in ("", "_metrics", "_health")),
        "console_address",
    )
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        match = None if value is None else _ADDRESS.fullmatch(value)
        if value is not None and (match is None or int(match[1]) > 65535):
            raise ValueError("host:port")
        return value

    @field_validator("talent_database_url", "funding_database_url", "matcher_database_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        parts = urlsplit(value)
        where = parts.path.strip("/") if parts.scheme == "sqlite" else parts.netloc
        if parts.scheme not in _DATABASES or not where:
            raise ValueError(" | ".join(f"{scheme}://" for scheme in _DATABASES))
        return value

    @field_validator("partner_authorities")
    @classmethod
    def _belongs_to_tls(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("tls_dir") is None:
            raise ValueError("BOLE_TLS_DIR + BOLE_PARTNER_AUTHORITIES")
        return value

    @field_validator("console_url")
    @classmethod
    def _is_web(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError("http://host:port | https://host")
        return value.rstrip("/")

    @field_validator("log_url")
    @classmethod
    def _is_log_url(cls, value: str) -> str:
        parse_log_url(value)
        return value

    @field_validator("identity_keys")
    @classmethod
    def _belongs_to_an_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        if (value is None) != (info.data.get("identity_issuer") is None):
            raise ValueError("BOLE_IDENTITY_ISSUER + BOLE_IDENTITY_KEYS")
        if value is not None and urlsplit(value).scheme and not cannot_be_changed_on_its_way(value):
            raise ValueError("https://…")
        return value

    @field_validator("identity_scope")
    @classmethod
    def _asks_for_an_identity(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("openid …")
        return value

    @field_validator("identity_client")
    @classmethod
    def _is_a_client_of_the_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        issuer, secret = (info.data.get(f"identity_{each}") for each in ("issuer", "client_secret"))
        if (value is None) != (secret is None) or (value is not None and issuer is None):
            raise ValueError("BOLE_IDENTITY_ISSUER + BOLE_IDENTITY_CLIENT + BOLE_IDENTITY_CLIENT_SECRET_FILE")
        if value is not None and not cannot_be_changed_on_its_way(str(issuer)):
            raise ValueError("BOLE_IDENTITY_ISSUER=https://…")
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: str, info: ValidationInfo) -> str:
        listed = [ip_network(part.strip()) for part in value.split(",") if part.strip()]
        if info.data.get("environment") != "local" and any(each.is_loopback for each in listed):
            raise ValueError("BOLE_ENVIRONMENT=local")
        return value

    @field_validator("failpoint")
    @classmethod
    def _only_locally(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("environment") != "local":
            raise ValueError("BOLE_ENVIRONMENT=local")
        return value

    def database_url(self, service: str) -> str:
        """The database of `service` (`talent`, `funding`, `matcher`)."""
        return str(getattr(self, f"{service}_database_url"))


def cannot_be_changed_on_its_way(address: str) -> bool:
    """Whether what comes from an address is what was sent: https, or http on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`; a key of the prefix that is unknown, empty or wrong is an error.

    `BOLE_X_FILE` names a file that holds the value of `BOLE_X`: for addresses with passwords in them, which production
    takes from files alone, because an environment is seen by whoever sees the process.
    Raises one ConfigurationError that names every wrong key and the remedy.
    """
    named = {name[len(PREFIX) :].lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    given: dict[str, str] = {}
    faults: list[ConfigurationError] = []
    for field, value in named.items():
        try:
            given.update([_filled(*_read(field, value, named))])
        except ConfigurationError as fault:
            faults.append(fault)
    if given.get("environment") == "production":
        faults += [_in_the_open(field) for field, value in named.items() if _holds_a_secret(field, value)]
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        faults += map(_explain, error.errors(include_url=False))
    if faults:
        raise ConfigurationError.together(faults)
    return settings


def _filled(field: str, value: str) -> tuple[str, str]:
    if value.strip():
        return field, value
    raise ConfigurationError(
        _key(field), "值为空，请删除该变量或填写取值", "is empty; unset it or give it a value"
    )


def _read(field: str, value: str, named: Mapping[str, str]) -> tuple[str, str]:
    """A setting and its value, which may be in a file."""
    setting = field.removesuffix(_IN_FILE)
    if setting == field or setting not in Settings.model_fields:
        return field, value
    if setting in named:
        raise ConfigurationError(
            _key(field),
            f"与 {_key(setting)} 只能取其一",
            f"and {_key(setting)} say the same; use one of them",
        )
    try:
        return setting, Path(value).read_text().strip()
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            _key(field), "无法读取所指的文件，请提供该文件", "names a file that cannot be read; provide it"
        ) from error


def _holds_a_secret(field: str, value: str) -> bool:
    of_a_database = field.endswith("_database_url") and _PASSWORD.search(value) is not None
    return of_a_database or field == "identity_client_secret"


def _in_the_open(field: str) -> ConfigurationError:
    file = _key(field + _IN_FILE)
    return ConfigurationError(
        _key(field),
        f"生产环境的口令与密钥不得直接写在环境变量中，请写入文件并改用 {file}",
        f"holds a secret, which production takes from a file alone; put it in one and name that by {file}",
    )


def describe() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every setting, for `--help`."""
    return list(_described())


def _described() -> Iterator[tuple[str, str, str]]:
    for name, field in Settings.model_fields.items():
        yield _key(name), "" if field.default is None else str(field.default), field.description or ""


def _key(field: str) -> str:
    return PREFIX + field.upper()


def _explain(problem: ErrorDetails) -> ConfigurationError:
    """Say what is wrong without repeating the value: it may hold a password."""
    key = _key(str(problem["loc"][0]))
    if problem["type"] == "extra_forbidden":
        return ConfigurationError(
            key,
            "没有这个设置项，请检查拼写（--help 列出全部设置）",
            "is not a setting; check its spelling (--help lists them all)",
        )
    rule = problem["msg"].removeprefix("Value error, ")
    return ConfigurationError(
        key, f"取值不合要求（{rule}），请更正", f"has a wrong value ({rule}); correct it"
    )
