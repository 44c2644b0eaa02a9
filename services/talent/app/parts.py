"""What serving, completing and the tools put together alike."""

from services.catalogue import Catalogue
from services.chassis.configuration import ConfigurationError
from services.chassis.house import House
from services.chassis.keys import load_key_encryption_keys
from services.chassis.regional import require_known
from services.chassis.sealing import KeyRing
from services.chassis.settings.talent import TalentSettings
from services.chassis.storage.migration import schema_is_current
from services.kernel.errors import InvalidArgument
from services.talent.domain.axes import Axes
from services.talent.domain.evidence.counting import CountingRules
from services.talent.domain.report.calendar import Calendar
from services.talent.domain.report.withholding import named
from services.talent.service.people.assertions import Assertions
from services.talent.service.people.moves import Moves
from services.talent.service.people.people import People
from services.talent.service.privacy.consents import Consents
from services.talent.store.counts.cells import strange

NAME, MIGRATIONS = "talent", "services.talent:migrations"


def known_axes(house: House, catalogue: Catalogue) -> Axes:
    """The axes of a catalogue that knows every direction which the library stands under. Raises ConfigurationError."""
    axes = Axes.of_catalogue(catalogue)
    if schema_is_current(house.database.engine, MIGRATIONS, NAME):
        with house.database.read() as session:
            require_known(strange(session, axes))
    return axes


def calendar_of(settings: TalentSettings) -> Calendar:
    """By when reports are to be out."""
    return Calendar(settings.talent_report_quarter_days, settings.talent_report_year_days)


def counting_of(settings: TalentSettings) -> CountingRules:
    """How records count for the goals."""
    return CountingRules(settings.talent_members_count)


def withheld_of(settings: TalentSettings) -> tuple[str, ...]:
    """The tables that public editions leave out. Raises ConfigurationError."""
    try:
        return named(settings.talent_report_withheld)
    except InvalidArgument as error:
        raise ConfigurationError("BOLE_TALENT_REPORT_WITHHELD", error.text.zh, error.text.en) from error


def people_of(house: House, catalogue: Catalogue, axes: Axes, moves: Moves) -> People:
    """The use cases of people."""
    return People(
        catalogue,
        axes,
        assertions_of(house, catalogue),
        Consents(house.clock),
        house.journal,
        house.requests,
        house.clock,
        house.ids,
        moves,
    )


def assertions_of(house: House, catalogue: Catalogue) -> Assertions:
    """The use cases of statements about people, which are sealed under the keys of the installation."""
    keys = KeyRing(load_key_encryption_keys(house.settings.keys_dir))
    return Assertions(keys, house.clock, former=catalogue.succession.former)
