"""What the console has beside what all processes share."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from services.chassis.settings.shared import SharedSettings, cannot_be_changed_on_its_way
from services.chassis.settings.values import Address


class ConsoleSettings(SharedSettings):
    """Settings of the console, and of the map that pages and reports draw."""

    console_address: Address = Field("127.0.0.1:8080", description="host:port of the console's pages")
    console_url: str = Field(
        "http://{console_address}",
        description="address of the console as browsers see it; https makes its cookies secure",
    )
    map_geojson: Path | None = Field(
        None, description="file of the map's cities (GeoJSON, id = GB/T 2260 code); none: the one that ships"
    )
    map_approval_no: str | None = Field(None, description="审图号 of that map, shown below it")
    identity_scope: str = Field(
        "openid",
        description="what the console asks the identity service for (OpenID Connect scopes, one of them openid)",
    )
    identity_client_secret: str | None = Field(
        None,
        min_length=16,
        description="secret of the console's client at the identity service, also what its cookies are sealed under; "
        "in production in a file",
    )
    identity_client: str | None = Field(
        None,
        description="id of that client, with {console_url}/sign-in/callback as its redirect address; "
        "none: the console signs nobody in by it",
    )

    @field_validator("console_url")
    @classmethod
    def _is_web(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError("http://host:port | https://host")
        return value.rstrip("/")

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
