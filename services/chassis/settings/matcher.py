"""What the matcher service has beside what all processes share."""

from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from services.chassis.settings.shared import SharedSettings
from services.chassis.settings.values import Address, DatabaseUrl


class MatcherSettings(SharedSettings):
    """Settings of the matcher service."""

    matcher_address: Address = Field("127.0.0.1:50053", description="host:port of the matcher service")
    matcher_metrics_address: Address = Field(
        "127.0.0.1:9103", description="host:port of the matcher metrics page"
    )
    matcher_database_url: DatabaseUrl = Field(
        "sqlite:///{data_dir}/matcher.db",
        description="database of matcher, as that of talent",
    )
    matcher_health_address: Address | None = Field(
        None, description="plain port with nothing but the health of matcher, as that of talent"
    )
    partner_authorities: Path | None = Field(
        None,
        description="PEM file of authorities whose certificates the matcher takes from partners beside those of "
        "ca.crt; none: those of ca.crt alone",
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
        "decade of birth has, at most: from those that stand, and in all since those that somebody signed for last or "
        "that were set by hand; beyond it they are not adopted",
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

    @field_validator("partner_authorities")
    @classmethod
    def _belongs_to_tls(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("tls_dir") is None:
            raise ValueError("BOLE_TLS_DIR + BOLE_PARTNER_AUTHORITIES")
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: str, info: ValidationInfo) -> str:
        listed = [ip_network(part.strip()) for part in value.split(",") if part.strip()]
        if info.data.get("environment") != "local" and any(each.is_loopback for each in listed):
            raise ValueError("BOLE_ENVIRONMENT=local")
        return value
