"""ExpectedHireService: what funded deals are expected to hire."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from bole.talent.v1 import expected_hire_service_pb2 as wire
from bole.talent.v1 import expected_hire_service_pb2_grpc
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_to_wire
from services.chassis.storage.listing import Query
from services.kernel.clock import civil_date
from services.talent.domain.flows.hiring import FundedHireLine
from services.talent.domain.shortage.counts.flows import Windows
from services.talent.domain.shortage.method import Method
from services.talent.events import origin_to_wire
from services.talent.store import schema
from services.talent.store.people import flow_lists

_MICRO = 1_000_000


@dataclass(frozen=True)
class ExpectedHireRoom(expected_hire_service_pb2_grpc.ExpectedHireServiceServicer):
    """The servicer; `method` says how far ahead demand is expected."""

    house: House
    catalogue: Catalogue
    method: Method

    def ListExpectedHires(
        self, request: wire.ListExpectedHiresRequest, context: Any
    ) -> wire.ListExpectedHiresResponse:
        """Lines by filter."""
        call, today = current_call(), civil_date(self.house.clock.now())
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = flow_lists.expected_hires(self.catalogue).page(
                session, FundedHireLine, query, self.house.pages, call.principal.subject
            )
            table = schema.funded_deal
            deals = select(table).where(table.c.id.in_({each.deal_id for each in page.items}))
            known = {row.id: row for row in session.execute(deals)}
        return wire.ListExpectedHiresResponse(
            expected_hires=[self._to_wire(each, known[each.deal_id], today) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def _to_wire(self, line: FundedHireLine, deal: Row[Any], today: date) -> wire.ExpectedHire:
        windows = Windows.of(today, self.method.horizon_quarters, self.method.moves_quarters)
        remaining = line.hire.expected(windows.passed, windows.horizon) if line.counted else 0
        return wire.ExpectedHire(
            deal=f"deals/{line.deal_id}",
            city_code=line.city,
            direction_code=line.leaf,
            category_code=line.category,
            headcount=line.micro / _MICRO,
            remaining_headcount=remaining / _MICRO,
            start_date=date_to_wire(line.starts),
            end_date=date_to_wire(line.ends),
            basis=deal.basis,
            basis_deal_count=deal.basis_deals,
            counted=line.counted,
            origin=origin_to_wire(deal.origin),
        )
