"""What all processes share: where things are, by whom callers are known, how much is logged and traced."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from services.chassis.log_url import parse_log_url


class SharedSettings(BaseModel):
    """Settings of every process."""

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
    identity_issuer: str | None = Field(
        None,
        description="the identity service whose tokens are taken (their `iss`); none: tokens of `bole login` and of "
        "identity.pem in the directory of keys",
    )
    identity_keys: str | None = Field(
        None, description="where it publishes its keys: https://… (a JSON Web Key Set) or a file"
    )
    identity_audience: str = Field("bole", description="for whom its tokens must be made out (their `aud`)")
    people_per_day: int = Field(
        5_000,
        ge=1,
        le=10_000_000,
        description="people whose personal fields one account is shown on one day, in answers and files: of every "
        "hundred 60 by talent, 30 by the matcher, 10 by funding",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least level logged")
    drain_seconds: int = Field(
        0, ge=0, le=300, description="seconds between NOT_SERVING and the end of accepting calls"
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

    @field_validator("failpoint")
    @classmethod
    def _only_locally(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("environment") != "local":
            raise ValueError("BOLE_ENVIRONMENT=local")
        return value


def cannot_be_changed_on_its_way(address: str) -> bool:
    """Whether what comes from an address is what was sent: https, or http on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(address)))


def is_here(address: str) -> bool:
    """Whether an address is one of this machine. Raises ValueError for what is no address."""
    return urlsplit(address).hostname in {"127.0.0.1", "::1", "localhost"}
