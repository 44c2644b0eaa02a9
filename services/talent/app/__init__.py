"""The composition root of the talent service."""

from services.chassis.house import Blueprint
from services.chassis.log.topics import TALENT_AUDIT, TALENT_TELLS
from services.talent.app.assembling import assemble
from services.talent.app.completing import complete
from services.talent.app.parts import MIGRATIONS, NAME
from services.talent.app.tools import count_again, erase_again, lay_sample_quarters, tell_erasures
from services.talent.store.schema import metadata, shared

__all__ = ["BLUEPRINT"]

BLUEPRINT = Blueprint(
    NAME,
    metadata,
    shared,
    MIGRATIONS,
    assemble,
    TALENT_AUDIT,
    TALENT_TELLS,
    tools={
        "recount": count_again,
        "sample-quarters": lay_sample_quarters,
        "erasures": tell_erasures,
        "erase-again": erase_again,
    },
    complete=complete,
)
