"""The records of one export, as its caller may see them: the query of the list or of the screening, and its mask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import select
from sqlalchemy.orm import Session

from bole.funding.v1 import deal_pb2
from bole.funding.v1 import export_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.filtering import parse, parse_order
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.rpc.files.export_cells import SCREENED, Cells, Line
from services.funding.rpc.firms.firm_wire import firm_to_wire
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.seeing import Sight
from services.funding.rpc.stored import deal_messages
from services.funding.rpc.wire import fund_to_wire, id_of
from services.funding.service.deals.screening.asking import Question, Screens
from services.funding.service.deals.screening.judging import Judged
from services.funding.store import lists, repository, schema
from services.funding.store.deals.screening import SORTABLE
from services.funding.store.deals.screening import schema as screening_schema
from services.funding.store.firms.findable import Findable
from services.kernel.clock import Clock, civil_date

_PAGE = 200


@dataclass(frozen=True)
class Source:
    """What is exported."""

    catalogue: Catalogue
    screens: Screens
    redactor: Redactor
    clock: Clock
    call: Call

    def lines(self, session: Session, request: wire.ExportRecordsRequest) -> Iterator[Line]:
        """All records that the list or screening shows. Raises as it does."""
        if request.fund:
            return self._screened(session, request)
        return {"firms": self._firms, "funds": self._funds, "deals": self._deals}[request.sheet](
            session, request.filter, request.order_by
        )

    def _firms(self, session: Session, filter_: str, order: str) -> Iterator[Line]:
        cells = Cells(self.catalogue)
        shown = (*lists.firms_shown(filter_), *FirmSight(self.call).rows(session, schema.firm.c.id))
        for firms in lists.firms(self.catalogue).everything(session, Firm, filter_, order, *shown):
            for firm in firms:
                yield cells.of_firm(self._seen(firm_to_wire(firm)))

    def _funds(self, session: Session, filter_: str, order: str) -> Iterator[Line]:
        cells = Cells(self.catalogue)
        shown = Sight.of(self.call).funds()
        for funds in lists.funds(self.catalogue).everything(session, Fund, filter_, order, shown):
            for fund in funds:
                mandate, ref = (
                    repository.mandate_of(session, fund.id),
                    repository.ref_of_fund(session, fund.id),
                )
                yield cells.of_fund(self._seen(fund_to_wire(fund, mandate, ref)))

    def _deals(self, session: Session, filter_: str, order: str) -> Iterator[Line]:
        shown = Sight.of(self.call).rows(session)
        named = Findable(session, self.screens.words, schema.deal.c.firm_id)
        for deals in lists.deals(named).everything(session, Deal, filter_, order, shown):
            yield from self._of_deals(session, deals)

    def _screened(self, session: Session, request: wire.ExportRecordsRequest) -> Iterator[Line]:
        fund_id = id_of(request.fund, "funds", field="fund")
        asked = Question(
            fund_id=fund_id,
            only=Sight.of(self.call).of_fund(session, fund_id),
            expression=parse(request.filter, screening_schema(self.catalogue)),
            order=parse_order(request.order_by, SORTABLE),
            size=_PAGE,
        )
        while True:
            answer = self.screens.ask(session, asked, civil_date(self.clock.now()))
            judged = answer.judged
            lines = self._of_deals(session, [each.opened.deal for each in judged])
            for line, each in zip(lines, judged, strict=True):
                yield replace(line, cells={**line.cells, **self._judged(each)})
            if answer.cursor is None:
                return
            asked = replace(asked, cursor=answer.cursor)

    def _of_deals(self, session: Session, deals: Sequence[Deal]) -> Iterator[Line]:
        cells = Cells(self.catalogue)
        codes = _codes(session, schema.firm.c.id, schema.firm.c.uscc, [each.firm_id for each in deals])
        refs = _codes(
            session, schema.fund_ref.c.fund_id, schema.fund_ref.c.ref, [each.fund_id for each in deals]
        )
        for deal, message in zip(deals, deal_messages(session, deals), strict=True):
            seen: deal_pb2.Deal = self._seen(message)
            yield cells.of_deal(seen, refs.get(deal.fund_id, ""), codes.get(deal.firm_id, ""))

    def _judged(self, judged: Judged) -> dict[str, str]:
        return _judged(judged, self.catalogue.city(judged.opened.firm.city).name.zh)

    def _seen(self, message: Message) -> Any:
        return self.redactor.redact(message, self.call.clearance).message


def _codes(session: Session, key: Any, value: Any, ids: Sequence[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(key, value).where(key.in_(set(ids))))}


def _judged(judged: Judged, city: str) -> dict[str, str]:
    scores, firm = judged.screening.scores, judged.opened.firm
    shown = {name: getattr(scores, name).value for name in ("early", "small", "long", "hard")}
    values = {"composite": scores.composite, **shown}
    cells = {key: "" if value is None else f"{value:.1f}" for key, value in values.items()}
    cells |= {"firm_name": firm.name, "firm_city": city}
    cells["eligible"] = "是" if judged.screening.eligible else "否"
    assert set(cells) == {column.key for column in SCREENED}  # noqa: S101 (a column without a cell is a slip)
    return cells
