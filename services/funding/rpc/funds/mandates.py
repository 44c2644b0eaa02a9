"""MandateService: revisions of a fund's rules, with two pairs of eyes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import mandate_pb2, mandate_service_pb2_grpc
from bole.funding.v1 import mandate_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import text_to_wire
from services.chassis.storage.paging import page_size
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import in_force
from services.funding.domain.fund.mandate_revision import Revision
from services.funding.domain.screening.rulesets import RULESETS
from services.funding.rpc.deals.acting import require_fund
from services.funding.rpc.funds.mandate_wire import FIELDS, revision_to_wire, rules_of
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.deals.screening.turning import Turner
from services.funding.service.funds.mandates import Mandates
from services.funding.store import repository
from services.funding.store.funds import mandates
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError, InvalidArgument, NotFound

_ROLES = ("fund_manager", "supervisor")


@dataclass(frozen=True)
class MandateRoom(mandate_service_pb2_grpc.MandateServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    mandates: Mandates
    turner: Turner

    def CreateMandateRevision(
        self, request: wire.CreateMandateRevisionRequest, context: Any
    ) -> mandate_pb2.MandateRevision:
        """Propose a revision."""
        rules = rules_of(request.mandate_revision, self.catalogue)

        def act(session: Session, fund: Fund, actor: str) -> Revision:
            return self.mandates.propose(session, fund, rules, request.reason, actor)

        fund_id = id_of(request.parent, "funds", field="parent")
        return self._once(request, fund_id, "propose-mandate", act)

    def ApproveMandateRevision(
        self, request: wire.ApproveMandateRevisionRequest, context: Any
    ) -> mandate_pb2.MandateRevision:
        """Approve a revision."""
        return self._decide(request, request.document, approve=True)

    def RejectMandateRevision(
        self, request: wire.RejectMandateRevisionRequest, context: Any
    ) -> mandate_pb2.MandateRevision:
        """Reject a revision."""
        return self._decide(request, request.reason, approve=False)

    def GetMandateRevision(
        self, request: wire.GetMandateRevisionRequest, context: Any
    ) -> mandate_pb2.MandateRevision:
        """One revision."""
        fund_id, number = _name(request.name)
        with self.house.database.read() as session:
            _fund(session, fund_id)
            found = mandates.revision(session, fund_id, number)
        if found is None:
            raise NotFound.resource(request.name)
        return revision_to_wire(found)

    def ListMandateRevisions(
        self, request: wire.ListMandateRevisionsRequest, context: Any
    ) -> wire.ListMandateRevisionsResponse:
        """Revisions, newest first."""
        subject, method = current_call().principal.subject, "ListMandateRevisions"
        size, bound = page_size(request.page_size, 20, 100), {"parent": request.parent}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=subject)
        below = int(str(cursor[0])) if cursor else None
        with self.house.database.read() as session:
            fund = _fund(session, id_of(request.parent, "funds", field="parent"))
            found = mandates.revisions(session, fund.id, below, size + 1)
            standing = in_force(repository.mandates_of(session, fund.id), civil_date(self.house.clock.now()))
        token = ""
        if len(found) > size:
            last = [found[size - 1].rules.revision]
            token = self.house.pages.issue(last, method=method, query=bound, subject=subject)
        return wire.ListMandateRevisionsResponse(
            mandate_revisions=[revision_to_wire(each) for each in found[:size]],
            next_page_token=token,
            revision_in_force=standing.revision if standing else 0,
        )

    def ListRuleSets(self, request: wire.ListRuleSetsRequest, context: Any) -> wire.ListRuleSetsResponse:
        """The published rule sets."""
        return wire.ListRuleSetsResponse(
            rule_sets=[
                mandate_pb2.RuleSet(
                    ruleset=each.id, title=text_to_wire(each.name), citation=text_to_wire(each.citation)
                )
                for each in RULESETS.values()
            ]
        )

    def _decide(self, request: Any, document: str, *, approve: bool) -> mandate_pb2.MandateRevision:
        fund_id, number = _name(request.name)

        def act(session: Session, fund: Fund, actor: str) -> Revision:
            return self.mandates.decide(session, fund, number, actor, document, approve=approve)

        made = self._once(request, fund_id, "approve-mandate" if approve else "reject-mandate", act)
        self.turner.wake()
        return made

    def _once(
        self,
        request: Any,
        fund_id: str,
        action: str,
        act: Callable[[Session, Fund, str], Revision],
    ) -> mandate_pb2.MandateRevision:
        call = current_call()
        try:
            with self.house.database.write() as session:
                fund = require_fund(session, call, _ROLES, fund_id)

                def answer() -> mandate_pb2.MandateRevision:
                    made = act(session, fund, call.principal.subject)
                    name = f"funds/{fund.id}/mandates/{made.rules.revision}"
                    self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                    return revision_to_wire(made)

                caller = (call.principal.subject, call.method)
                return self.house.requests.once(
                    session, caller, request.request_id, request, mandate_pb2.MandateRevision, answer
                )
        except BoleError as error:
            raise error.renamed(FIELDS) from None


def _fund(session: Session, fund_id: str) -> Fund:
    return Sight.of(current_call()).fund(session, fund_id)


def _name(name: str) -> tuple[str, int]:
    """Fund and number of `funds/{fund}/mandates/{revision}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    number = parts[3] if len(parts) == 4 else ""
    if parts[0] != "funds" or parts[2:3] != ["mandates"] or not parts[1] or not number.isascii():
        number = ""
    if not number.isdigit() or len(number) > 9:
        raise InvalidArgument.field(
            "name",
            "INVALID_NAME",
            "名称应写成 funds/编号/mandates/修订号",
            "the name must read funds/{id}/mandates/{revision}",
        )
    return parts[1], int(number)
