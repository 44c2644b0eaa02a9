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
    talent_report_quarter_days: int = Field(
        45, ge=1, le=365, description="days after a quarter's end by which its report is to be out"
    )
    talent_report_year_days: int = Field(
        90, ge=1, le=730, description="days after a year's end by which its report is to be out"
    )
    talent_report_withheld: str = Field(
        "",
        description="tables that public editions of reports leave out, by key with commas, for instance "
        "`matrix,match-refusals`; a wrong key is answered with all of them",
    )
    talent_members_count: bool = Field(
        False,
        description="whether the members of a team that counts for a goal count beside it; without, the team counts as "
        "one and its members do not",
    )
    talent_health_address: Address | None = Field(
        None,
        description="host:port of a plain port with nothing but the health of talent: for probes under TLS",
    )
