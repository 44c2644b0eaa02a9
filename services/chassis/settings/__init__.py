"""All settings of all processes: environment variables with the prefix `BOLE_`, read once at start.

What all processes share is in `shared`, what one service or the console has beside it in the module of its name; how
they are read is in `reading`.
"""

from services.chassis.settings.reading import describe, load_settings, without_secrets
from services.chassis.settings.shared import cannot_be_changed_on_its_way
from services.chassis.settings.whole import Settings

__all__ = ["Settings", "cannot_be_changed_on_its_way", "describe", "load_settings", "without_secrets"]
