"""What the funding service has beside what all processes share."""

from pydantic import Field

from services.chassis.settings.shared import SharedSettings
from services.chassis.settings.values import Address, DatabaseUrl


class FundingSettings(SharedSettings):
    """Settings of the funding service."""

    funding_address: Address = Field("127.0.0.1:50052", description="host:port of the funding service")
    funding_metrics_address: Address = Field(
        "127.0.0.1:9102", description="host:port of the funding metrics page"
    )
    funding_database_url: DatabaseUrl = Field(
        "sqlite:///{data_dir}/funding.db",
        description="database of funding, as that of talent",
    )
    funding_health_address: Address | None = Field(
        None, description="plain port with nothing but the health of funding, as that of talent"
    )
