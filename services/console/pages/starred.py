"""Cells of the visitor's cities that crossed a star since a day, as far as the map shows them to the visitor.

Two grids, the kept one of that day and the live one, are held against each other: no day is counted anew for it, and
what the map hides of either day says nothing here.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import shortage_pb2, shortage_service_pb2_grpc
from bole.talent.v1 import shortage_service_pb2 as service
from services.chassis.identity.identity import ROLES
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import together
from services.console.web.visits import Visit
from services.kernel.clock import civil_date

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Star:
    """A cell that had so many stars and has other ones now."""

    scope: shortage_pb2.ShortageScope
    before: int
    stars: int


@dataclass(frozen=True, slots=True)
class Starred:
    """Cells that changed most first, since the end of `day`."""

    cells: Sequence[Star]
    day: date
    origin: data_origin_pb2.DataOrigin
    """As the contract has it, of the map."""

    def __bool__(self) -> bool:
        return bool(self.cells)

    def without(self, shown: Sequence[shortage_pb2.ShortageScope]) -> "Starred":
        """Without those that stand elsewhere."""
        return replace(self, cells=[each for each in self.cells if each.scope not in shown])


def starred(visit: Visit, then: datetime) -> Starred:
    """What crossed a star since the end of the day before, or since the last day before that which was kept. Raises
    grpc.RpcError (FAILED_PRECONDITION) if there is none.
    """
    before, now = together(
        lambda: _grid(visit, civil_date(then) - _DAY), lambda: _grid(visit, civil_date(visit.now))
    )
    known = {_at(each): each.stars for each in before.cells if _shown(each)}
    cities = _own_cities(visit)
    found = [
        Star(each.scope, known[_at(each)], each.stars)
        for each in now.cells
        if _shown(each)
        and known.get(_at(each), each.stars) != each.stars
        and (not cities or each.scope.city_code in cities)
    ]
    ordered = sorted(found, key=lambda each: (-abs(each.stars - each.before), -each.stars))
    return Starred(ordered, date_from_wire(before.as_of_date), now.origin)


def _grid(visit: Visit, day: date) -> service.GetShortageGridResponse:
    stub = visit.stub(shortage_service_pb2_grpc.ShortageServiceStub)
    request = service.GetShortageGridRequest(
        rows=shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY,
        columns=shortage_pb2.SHORTAGE_DIMENSION_CITY,
        as_of_date=date_to_wire(day),
        last_kept=True,
    )
    return stub.GetShortageGrid(request, timeout=SECONDS)


def _shown(cell: shortage_pb2.ShortageCell) -> bool:
    return cell.HasField("index") and not cell.hidden


def _at(cell: shortage_pb2.ShortageCell) -> tuple[str, str]:
    return cell.scope.industry_code, cell.scope.city_code


def _own_cities(visit: Visit) -> Container[str]:
    """The cities that the visitor works for; empty for the whole province, and for who has a fund or a firm alone."""
    return (visit.principal.cities(ROLES, visit.now) or ()) if visit.principal else ()
