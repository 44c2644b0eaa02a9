"""ShortageService: the shortage map."""

from dataclasses import dataclass
from typing import Any

from bole.talent.v1 import shortage_service_pb2 as wire
from bole.talent.v1 import shortage_service_pb2_grpc
from services.chassis.rpc.wire import text_to_wire
from services.chassis.storage.paging import page_size
from services.talent.domain.shortage.reasons.surplus import surplus_cities
from services.talent.rpc.shortage.grid import Grids
from services.talent.rpc.shortage.reading import MapReader
from services.talent.rpc.shortage.shortage_wire import CellWire


@dataclass(frozen=True)
class ShortageRoom(shortage_service_pb2_grpc.ShortageServiceServicer):
    """The servicer."""

    reader: MapReader
    cells: CellWire
    grids: Grids

    def GetShortageGrid(
        self, request: wire.GetShortageGridRequest, context: Any
    ) -> wire.GetShortageGridResponse:
        """Every cell of two or three dimensions."""
        self.grids.check(request)
        found = self.reader.read(request, last_kept=request.last_kept)
        refused = self.reader.refused(found.as_of) if request.drivers else ()
        return self.grids.answer(request, found, refused)

    def RankShortageCells(
        self, request: wire.RankShortageCellsRequest, context: Any
    ) -> wire.RankShortageCellsResponse:
        """The tightest cells, with contributions and reasons."""
        addresses = list(self.cells.grid(request.rows, request.columns, request.scope))
        limit = page_size(request.page_size, 5, 100)
        found = self.reader.read(request)
        table, refused = found.table, self.reader.refused(found.as_of)
        ranked = table.tightest(iter(addresses), limit)
        return wire.RankShortageCellsResponse(
            cells=[self.cells.explained(table, cell, refused) for cell in ranked]
        )

    def GetShortageCell(
        self, request: wire.GetShortageCellRequest, context: Any
    ) -> wire.GetShortageCellResponse:
        """One cell with its whole explanation, and its parent."""
        address = self.cells.address(request.scope)
        found = self.reader.read(request)
        table, refused = found.table, self.reader.refused(found.as_of)
        above = table.parent(address)
        return wire.GetShortageCellResponse(
            cell=self.cells.explained(table, table.cell(address), refused),
            parent=self.cells.explained(table, table.cell(above), refused) if above is not None else None,
            method_note=text_to_wire(table.note),
            method_version=table.method.version,
            surplus_cities=[
                wire.ShortageSurplus(city_code=each.city, people=each.people, distance_km=each.km)
                for each in surplus_cities(table, address, self.cells.places())
            ],
        )
