"""The settings together."""

from services.chassis.settings.console import ConsoleSettings
from services.chassis.settings.funding import FundingSettings
from services.chassis.settings.matcher import MatcherSettings
from services.chassis.settings.talent import TalentSettings


class Settings(ConsoleSettings, MatcherSettings, FundingSettings, TalentSettings):
    """The settings, immutable. `{data_dir}` and `{console_address}` in a value stand for the values of these."""

    def database_url(self, service: str) -> str:
        """The database of `service` (`talent`, `funding`, `matcher`)."""
        return str(getattr(self, f"{service}_database_url"))
