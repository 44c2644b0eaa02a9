"""What the talent service has beside what all processes share."""

from pydantic import Field

from services.chassis.settings.shared import SharedSettings
from services.chassis.settings.values import Address, DatabaseUrl


class TalentSettings(SharedSettings):
    """Settings of the talent service."""

    talent_address: Address = Field("127.0.0.1:50051", description="host:port of the talent service")
    talent_metrics_address: Address = Field(
        "127.0.0.1:9101", description="host:port of the talent metrics page"
    )
    talent_database_url: DatabaseUrl = Field(
        "sqlite:///{data_dir}/talent.db",
        description="sqlite:///file or postgresql://user:password@host/database; in production one with a password is "
        "in a file",
    )
    talent_health_address: Address | None = Field(
        None,
        description="host:port of a plain port with nothing but the health of talent: for probes under TLS",
    )
