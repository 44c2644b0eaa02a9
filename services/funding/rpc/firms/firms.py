"""FirmService: early-stage firms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from bole.funding.v1 import firm_pb2, firm_service_pb2_grpc
from bole.funding.v1 import firm_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag
from services.chassis.searching.terms import Words
from services.chassis.storage.listing import Query
from services.funding.domain.firm import firm as rules
from services.funding.domain.firm.firm import Firm, FirmFacts
from services.funding.rpc.deals.acting import require_firm
from services.funding.rpc.firms.firm_wire import firm_facts, firm_to_wire, in_words_of_the_request
from services.funding.rpc.firms.history import KEEPERS, FirmHistory
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.seeing import card
from services.funding.store import lists, repository, schema
from services.funding.store.firms.findable import Findable
from services.kernel.errors import AlreadyExists, InvalidArgument
from services.kernel.text import Text

Act = Callable[[Session], tuple[Firm, bool]]
"""What a request does: the firm, and whether it is new."""


@dataclass(frozen=True)
class FirmRoom(FirmHistory, firm_service_pb2_grpc.FirmServiceServicer):
    """The servicer."""

    catalogue: Catalogue

    @cached_property
    def words(self) -> Words:
        """What people type, by the names of the catalogue."""
        return Words(self.catalogue)

    def GetFirm(self, request: wire.GetFirmRequest, context: Any) -> firm_pb2.Firm:
        """One firm."""
        with self.house.database.read() as session:
            sight = FirmSight(current_call())
            firm = sight.find(session, request.name)
            return sight.shown(session, firm, firm_to_wire(firm))

    def ListFirms(self, request: wire.ListFirmsRequest, context: Any) -> wire.ListFirmsResponse:
        """Firms by words and filter."""
        extra = {"query": request.query} if request.query else {}
        query = Query(request.filter, request.order_by, request.page_size, request.page_token, extra)
        call = current_call()
        sight, subject = FirmSight(call), call.principal.subject
        listing = lists.firm_cards(self.catalogue) if sight.cards_alone else lists.firms(self.catalogue)
        with self.house.database.read() as session:
            named = Findable(session, self.words, schema.firm.c.id, codes=not sight.cards_alone)
            shown = (*lists.firms_shown(request.filter), *sight.rows(session, schema.firm.c.id))
            if request.query:
                shown = (*shown, named.contains(request.query))
            page = listing.page(session, Firm, query, self.house.pages, subject, *shown)
            found = [firm_to_wire(each) for each in page.items]
        return wire.ListFirmsResponse(
            firms=[card(each) for each in found] if sight.cards_alone else found,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreateFirm(self, request: wire.CreateFirmRequest, context: Any) -> firm_pb2.Firm:
        """Register a firm."""
        call = current_call()

        def act(session: Session) -> tuple[Firm, bool]:
            made = rules.register(
                id=self.house.ids.new(),
                uscc=request.firm.uscc,
                facts=self._facts(call, request.firm),
                origin=_origin(request.firm),
                at=self.house.clock.now(),
                founding_confirmed=request.confirm_founded_date,
            )
            taken = repository.firms_by_uscc(session, [made.uscc]).get(made.uscc)
            if taken is not None:
                raise AlreadyExists(
                    Text(
                        "该统一社会信用代码已登记，请改用更新",
                        "this credit code is registered; update that firm",
                    ),
                    reason="USCC_TAKEN",
                    metadata={"resource": f"firms/{taken.id}"},
                )
            self.firms.require_amounts(session, call.principal.subject, made.uscc, made.snapshot)
            self.firms.require_sought(session, call.principal.subject, made.uscc, made.sought_fen)
            return made, True

        return self._once(call, "create", request, act)

    def UpdateFirm(self, request: wire.UpdateFirmRequest, context: Any) -> firm_pb2.Firm:
        """Change fields of a firm."""
        call = current_call()

        def act(session: Session) -> tuple[Firm, bool]:
            firm = _mine(session, call, request.firm.name, request.firm.etag, "firm.etag")
            merged = firm_to_wire(firm)
            apply_mask(request.update_mask, request.firm, merged)
            _require_origin(firm, merged)
            before, sought = firm.snapshot, firm.sought_fen
            rules.revise(
                firm,
                self._facts(call, merged),
                at=self.house.clock.now(),
                founding_confirmed=request.confirm_founded_date,
            )
            if firm.snapshot != before:
                self.firms.require_amounts(session, call.principal.subject, firm.uscc, firm.snapshot)
            if firm.sought_fen != sought:
                self.firms.require_sought(session, call.principal.subject, firm.uscc, firm.sought_fen)
            return firm, False

        return self._once(call, "update", request, act)

    def WithdrawFirm(self, request: wire.WithdrawFirmRequest, context: Any) -> firm_pb2.Firm:
        """Withdraw a firm."""
        call = current_call()

        def act(session: Session) -> tuple[Firm, bool]:
            firm = _mine(session, call, request.name, request.etag)
            rules.withdraw(firm, request.reason, at=self.house.clock.now())
            return firm, False

        return self._once(call, "withdraw", request, act)

    def _facts(self, call: Call, firm: firm_pb2.Firm) -> FirmFacts:
        """The facts, with codes that the catalogue knows. Raises InvalidArgument, PermissionDenied."""
        policy.require_city(call.principal, KEEPERS, firm.city_code, call.arrived)
        self.catalogue.resolve_city(firm.city_code, field="firm.city_code")
        for at, share in enumerate(firm.direction_shares):
            self.catalogue.resolve_direction(share.code, field=f"firm.direction_shares[{at}].code")
        return firm_facts(firm)

    def _once(self, call: Call, action: str, request: Any, act: Act) -> firm_pb2.Firm:
        with in_words_of_the_request("firm."), self.house.database.write() as session:

            def answer() -> firm_pb2.Firm:
                firm, new = act(session)
                actor, source = call.principal.subject, request_source(request)
                self.firms.keep(session, [firm] if new else [], [] if new else [firm], actor, source)
                self.house.audit.append(session, entry_of(call, action, f"firms/{firm.id}", "done", {}))
                return firm_to_wire(firm)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, firm_pb2.Firm, answer
            )


def request_source(request: Any) -> str:
    """Where the figures of a request come from, in its own words."""
    return str(request.firm.snapshot.source) if hasattr(request, "firm") else ""


def _mine(session: Session, call: Call, name: str, etag: str, field: str = "etag") -> Firm:
    firm = FirmSight(call).find(session, name, field.rpartition(".")[0] + ".name" if "." in field else "name")
    require_firm(session, call, KEEPERS, firm)
    check_etag(etag, firm.version, name, field=field)
    return firm


def _require_origin(firm: Firm, stated: firm_pb2.Firm) -> None:
    """Raise InvalidArgument (FIELD_NOT_CHANGEABLE): sample data never become real ones, nor the reverse."""
    if stated.origin and _origin(stated) != firm.origin:
        raise InvalidArgument.field(
            "firm.origin",
            "FIELD_NOT_CHANGEABLE",
            "数据来源（真实或演示）登记后不可修改",
            "whether a record is sample data cannot be changed",
        )


def _origin(firm: firm_pb2.Firm) -> str:
    return "SYNTHETIC" if firm.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC else "REAL"
