"""ProposalService: pairs put forward, and what becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from bole.common.v1 import contribution_pb2, data_origin_pb2
from bole.matcher.v1 import proposal_pb2, proposal_service_pb2_grpc
from bole.matcher.v1 import proposal_service_pb2 as wire
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, etag_of, instant_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import BoleError, InvalidArgument, NotFound, PermissionDenied
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS, PairKind
from services.matcher.domain.kinds import pair_kind as known_kind
from services.matcher.domain.proposal import Proposal, ProposalState, Refusal, Shown, Step
from services.matcher.rpc.anchors import amount_of, pair_kind, pair_named
from services.matcher.rpc.seeing import Sight, closed_to
from services.matcher.score.scoring import CONSTANT
from services.matcher.service.proposals import Amounts, Proposals
from services.matcher.store import proposals as store

_OFFICER, _MANAGER = "talent_officer", "fund_manager"
_FIELDS = {"anchor": "proposal.anchor", "candidate": "proposal.candidate", "kind": "proposal.kind"}
_Wire = proposal_pb2.Proposal


@dataclass(frozen=True)
class ProposalRoom(proposal_service_pb2_grpc.ProposalServiceServicer):
    """The servicer."""

    house: House
    proposals: Proposals

    def GetProposal(self, request: wire.GetProposalRequest, context: Any) -> proposal_pb2.Proposal:
        """One proposal."""
        id_ = _id_of(request.name)
        with self.house.database.read() as session:
            found = self._seen(session, current_call(), id_)
            return proposal_to_wire(found, store.steps(session, [id_]).get(id_, []))

    def ListProposals(self, request: wire.ListProposalsRequest, context: Any) -> wire.ListProposalsResponse:
        """Proposals by filter."""
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        call = current_call()
        with self.house.database.read() as session:
            page = store.listing().page(
                session, Proposal, query, self.house.pages, call.principal.subject, self._sees(session, call)
            )
            steps = store.steps(session, [each.id for each in page.items])
            return wire.ListProposalsResponse(
                proposals=[proposal_to_wire(each, steps.get(each.id, [])) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def CreateProposal(self, request: wire.CreateProposalRequest, context: Any) -> proposal_pb2.Proposal:
        """Put a pair forward."""
        call, given = current_call(), request.proposal
        try:
            kind = pair_kind(given.kind)
            pair = pair_named(kind, given.anchor, given.candidate)
        except BoleError as error:
            raise error.renamed(_FIELDS) from None
        _require_role(call, kind)
        amounts, shown = _amounts(request, kind), Shown.of(given.shown_rank, given.shown_page)
        with self.house.database.read() as reading:
            sight = Sight.of(call, closed_to(call, reading))
            for sort, id_ in zip((kind.anchor, kind.candidate), pair, strict=True):
                sight.require_item(self.proposals.engine.space, sort, id_)
            there = self.proposals.there(reading, kind, pair, amounts)
        ranked = self.proposals.ranked(kind, there) if there else None

        def act(session: Session) -> Proposal:
            made = self.proposals.create(
                session, kind, pair, amounts, ranked, call.principal.subject, request.note, shown
            )
            self._require_reach(session, call, made)
            return made

        return self._once(call, "propose", request, act)

    def AdvanceProposal(self, request: wire.AdvanceProposalRequest, context: Any) -> proposal_pb2.Proposal:
        """Take the next step."""
        call, id_ = current_call(), _id_of(request.name)
        step = Step(
            ProposalState(_Wire.State.Name(request.state).removeprefix("STATE_")),
            call.principal.subject,
            self.house.clock.now(),
            Refusal(_Wire.Reason.Name(request.reason).removeprefix("REASON_")) if request.reason else None,
            request.note,
        )

        def act(session: Session) -> Proposal:
            found = self._seen(session, call, id_, lock=True)
            _require_role(call, known_kind(found.kind))
            self._require_reach(session, call, found)
            check_etag(request.etag, found.version, request.name)
            return self.proposals.advance(session, id_, step)

        return self._once(call, "advance", request, act)

    def _sees(self, session: Session, call: Call) -> ColumnElement[bool]:
        """Which proposals a caller sees: those of which both sides are shown among matches."""
        sight = Sight.of(call, closed_to(call, session))
        kinds = (kind.key for kind in KINDS.values() if sight.shows(kind))
        return store.seen(kinds, sight.fund_names(self.proposals.engine.space), sight.closed)

    def _seen(self, session: Session, call: Call, id_: str, *, lock: bool = False) -> Proposal:
        """A proposal that the caller sees. Raises NotFound, the same for one that is hidden as for none."""
        found = store.get_seen(session, id_, self._sees(session, call), lock=lock)
        if found is None:
            raise NotFound.resource(f"proposals/{id_}")
        return found

    def _require_reach(self, session: Session, call: Call, of: Proposal) -> None:
        """The role counts where the anchor is, or else the candidate. Raises PermissionDenied (CITY_NOT_GRANTED)."""
        reach = call.principal.reach({_role_for(known_kind(of.kind))}, call.arrived)
        fund = of.anchor.partition("/")[2] if of.anchor.startswith("funds/") else ""
        policy.require_reach(reach, self.proposals.city_of(session, of), fund=fund)

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], Proposal]
    ) -> proposal_pb2.Proposal:
        with self.house.database.write() as session:

            def answer() -> proposal_pb2.Proposal:
                made = act(session)
                session.flush()
                name = f"proposals/{made.id}"
                self.house.audit.append(session, entry_of(call, action, name, "done", {"state": made.state}))
                return proposal_to_wire(made, store.steps(session, [made.id])[made.id])

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, proposal_pb2.Proposal, answer
            )


def proposal_to_wire(of: Proposal, steps: Sequence[Step]) -> proposal_pb2.Proposal:
    """A proposal as the contract has it."""
    sample = of.origin == "SYNTHETIC"
    return _Wire(
        name=f"proposals/{of.id}",
        etag=etag_of(of.version),
        kind=of.kind,
        anchor=of.anchor,
        candidate=of.candidate,
        state=f"STATE_{of.state}",
        reason=f"REASON_{of.reason}" if of.reason else None,
        proposer=of.proposer,
        log_odds=of.log_odds,
        probability=of.probability,
        calibrated=of.calibrated,
        rank=of.rank,
        contributions=[
            contribution_pb2.Contribution(name=name, value=value) for name, value in _in_order(of)
        ],
        steps=[
            _Wire.Step(
                state=f"STATE_{each.state}",
                actor=each.actor,
                step_time=instant_to_wire(each.at),
                reason=f"REASON_{each.reason}" if each.reason else None,
                note=each.note,
            )
            for each in steps
        ],
        create_time=instant_to_wire(of.created_at),
        update_time=instant_to_wire(of.updated_at),
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL,
        shown_rank=of.shown_rank or 0,
        shown_page=of.shown_page or 0,
    )


def _in_order(of: Proposal) -> list[tuple[str, float]]:
    """Contributions as lists and explanations have them, so that they add up to the same bit; stored objects are in the
    order of their names. Such as the kind no longer has stand last.
    """
    declared = (CONSTANT, *(use.name for use in known_kind(of.kind).features))
    place = {name: number for number, name in enumerate(declared)}
    return sorted(of.parts.items(), key=lambda part: (place.get(part[0], len(place)), part[0]))


def _require_role(call: Call, kind: PairKind) -> None:
    """People and teams are a talent officer's, firms alone a fund manager's. Raises PermissionDenied."""
    role = _role_for(kind)
    if not call.principal.has_role(role, call.arrived):
        raise PermissionDenied(
            Text(f"此类配对由 {role} 推荐", f"pairs of this kind are proposed by a {role}"),
            reason="ROLE_MISSING",
        )


def _role_for(kind: PairKind) -> str:
    people = {ItemKind.PERSON, ItemKind.TEAM}.intersection((kind.anchor, kind.candidate))
    return _OFFICER if people else _MANAGER


def _amounts(request: wire.CreateProposalRequest, kind: PairKind) -> Amounts:
    """Raises InvalidArgument (AMOUNT_WITHOUT_FUND, AMOUNT_NOT_USABLE)."""
    for field in ("ask", "valuation"):
        if request.HasField(field) and kind.anchor is not ItemKind.FUND:
            raise InvalidArgument.field(
                field,
                "AMOUNT_WITHOUT_FUND",
                f"只有企业与基金的配对（firm-fund）才有金额，类型 {kind.key} 请勿填写",
                f"only a firm and a fund (firm-fund) have amounts; leave it out for {kind.key}",
            )
    return Amounts(amount_of(request, "ask"), amount_of(request, "valuation"))


def _id_of(name: str) -> str:
    collection, _, id_ = name.partition("/")
    if collection != "proposals" or not id_ or "/" in id_:
        raise InvalidArgument.field(
            "name", "INVALID_NAME", "名称应写成 proposals/…", "the name must read proposals/…"
        )
    return id_
