"""People of the sample, of whom further records are made: by the rows of their sheet, and as the library has them."""

from collections.abc import Iterable
from itertools import islice

from bole.talent.v1 import library_service_pb2
from services.chassis.filtering import quoted
from services.cli.session import Session
from services.cli.talent.people import stub
from services.sample import stream
from services.workbook.writing import CellValue

_LOOKED = 600


def rows(profile: str) -> list[dict[str, CellValue]]:
    """The first rows of the sheet, among which people are sought."""
    return list(islice(stream(profile, 1, "persons"), _LOOKED))


def names_of(session: Session, refs: Iterable[str]) -> dict[str, str]:
    """Resource names by the numbers in the source, of those that the library has."""
    wanted = [f"source_ref = {quoted(each)}" for each in refs]
    if not wanted:
        return {}
    request = library_service_pb2.ListPersonsRequest(filter=" OR ".join(wanted), page_size=len(wanted))
    return {each.source_ref: each.name for each in stub(session).ListPersons(request).persons}
