"""Which edition of the statistics a caller gets."""

from services.chassis.policy import Clearance, Level
from services.talent.domain.disclosure.rules import Edition


def edition_for(cleared: Clearance) -> Edition:
    """The internal edition for the region's offices and funds, the public one for partners and everybody else."""
    return Edition.INTERNAL if cleared.everywhere >= Level.INTERNAL else Edition.PUBLIC
