"""Which edition of the statistics a caller gets."""

from bole.talent.v1 import shortage_release_pb2 as release_pb2
from services.chassis.policy import Clearance, Level
from services.kernel.errors import PermissionDenied
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.rpc.reports.release_wire import edition_from_wire


def edition_for(cleared: Clearance) -> Edition:
    """The internal edition for the region's offices and funds, the public one for partners and everybody else."""
    return Edition.INTERNAL if cleared.everywhere >= Level.INTERNAL else Edition.PUBLIC


def edition_asked(wanted: release_pb2.StatisticsEdition, cleared: Clearance) -> Edition:
    """The edition that was asked for, or without one that of the caller.

    Raises InvalidArgument for an unknown one, PermissionDenied (EDITION_INTERNAL) for one above the caller's.
    """
    best = edition_for(cleared)
    edition = edition_from_wire(wanted) if wanted else best
    if edition is Edition.INTERNAL and best is Edition.PUBLIC:
        raise PermissionDenied(
            Text(
                "内部版只供本省各部门与基金查看", "the internal edition is for the region's offices and funds"
            ),
            reason="EDITION_INTERNAL",
        )
    return edition
