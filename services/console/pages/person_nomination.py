"""Nominating a person for a talent programme (申报), on the page of the person."""

from dataclasses import dataclass
from uuid import uuid4

from bole.talent.v1 import nomination_pb2, nomination_service_pb2_grpc, person_pb2
from bole.talent.v1 import nomination_service_pb2 as service
from services.console.backend import SECONDS
from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form begins with. `own`: the industries of the person's directions; `others`: the rest."""

    year: int
    own: tuple[str, ...]
    others: tuple[str, ...]


def offered(visit: Visit, person: person_pb2.Person) -> Offered:
    """What the form begins with: this year, and the industries with the person's own first."""
    leaves = {leaf.code: leaf.industry for leaf in visit.catalogue.leaves}
    own = dict.fromkeys(leaves[each.code] for each in person.direction_shares if each.code in leaves)
    others = [each.id for each in visit.catalogue.industries if each.id not in own]
    return Offered(civil_date(visit.now).year, tuple(own), tuple(others))


def nominate(visit: Visit) -> str:
    """Send the form; the name of the nomination. Raises InvalidArgument."""
    form = visit.form
    nomination = nomination_pb2.Nomination(
        person=f"persons/{visit.part('id')}",
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
    if not given.isascii() or not given.isdigit() or len(given) != _DIGITS:
        raise InvalidArgument.field(
            "nomination.year", "NOT_A_YEAR", "请填写年度，如 2027", "give a year such as 2027"
        )
    return int(given)
