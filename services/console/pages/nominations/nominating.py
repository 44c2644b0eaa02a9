"""Nominating a person or a team for a talent programme (申报), on their own page."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from bole.talent.v1 import nomination_pb2, nomination_service_pb2_grpc
from bole.talent.v1 import nomination_service_pb2 as service
from services.console.backend import SECONDS
from services.console.web.visits import Visit, whole_number
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument

_FIRST, _LAST = 1000, 9999


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form begins with. `own`: the industries of the nominee's directions; `others`: the rest."""

    year: int
    own: tuple[str, ...]
    others: tuple[str, ...]


def offered(visit: Visit, directions: Iterable[str]) -> Offered:
    """What the form begins with: this year, and the industries with those of the nominee's directions first."""
    leaves = {leaf.code: leaf.industry for leaf in visit.catalogue.leaves}
    own = dict.fromkeys(leaves[code] for code in directions if code in leaves)
    others = [each.id for each in visit.catalogue.industries if each.id not in own]
    return Offered(civil_date(visit.now).year, tuple(own), tuple(others))


def nominate(visit: Visit, *, person: str = "", team: str = "") -> str:
    """Send the form for one of them; the name of the nomination. Raises InvalidArgument."""
    form = visit.form
    nomination = nomination_pb2.Nomination(
        person=person,
        team=team,
        programme_code=form.get("programme_code", ""),
        year=_year(form.get("year", "")),
        industry_code=form.get("industry_code", ""),
        nominating_unit=form.get("nominating_unit", ""),
        reason=form.get("reason", ""),
    )
    request = service.CreateNominationRequest(
        nomination=nomination, request_id=form.get("request_id", "") or str(uuid4())
    )
    stub = visit.stub(nomination_service_pb2_grpc.NominationServiceStub, visit.purpose)
    return stub.CreateNomination(request, timeout=SECONDS).name


def _year(given: str) -> int:
    year = whole_number(given, _LAST)
    if year is None or year < _FIRST:
        raise InvalidArgument.field(
            "nomination.year", "NOT_A_YEAR", "请填写年度，如 2027", "give a year such as 2027"
        )
    return year
