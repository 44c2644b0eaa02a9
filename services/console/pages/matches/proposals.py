"""Pairs put forward, and what becomes of them: people decide, the system remembers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from google.type import money_pb2
from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import proposal_pb2, proposal_service_pb2_grpc
from bole.matcher.v1 import proposal_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import money_to_wire
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.called import called
from services.console.pages.matches import found, steps
from services.console.web.paths import inside
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.wording.codes import PROPOSAL_STATES

Proposal = proposal_pb2.Proposal
_ONE = "/proposals/"
_PAIRS = "/matches"


def show(visit: Visit) -> Response:
    """The proposals, newest first; or the one that the address names."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    one = visit.path.removeprefix(_ONE) if visit.path.startswith(_ONE) else ""
    listed = _named(visit, one) if one else _listed(visit)
    return render(
        visit,
        "matches/proposals.html",
        status_of(problem),
        problem=problem,
        active="matches",
        synthetic=origins.among(visit, listed.proposals),
        found=listed,
        one=one,
        states=list(PROPOSAL_STATES),
        names=called(
            visit,
            [name for each in listed.proposals for name in (each.anchor, each.candidate)],
            visit.purpose,
        ),
        first=lists.first_link(visit),
        next=lists.next_link(visit, listed),
        **steps.choices(),
    )


def _named(visit: Visit, id_: str) -> service.ListProposalsResponse:
    request = service.GetProposalRequest(name=f"proposals/{id_}")
    return service.ListProposalsResponse(
        proposals=[_stub(visit).GetProposal(request, timeout=SECONDS)], total_size=1
    )


def _listed(visit: Visit) -> service.ListProposalsResponse:
    state = visit.get("state")
    if state and state not in PROPOSAL_STATES:
        known = "、".join(PROPOSAL_STATES)
        raise InvalidArgument.field("state", "UNKNOWN_CODE", f"应为 {known} 之一", f"one of {known}")
    request = service.ListProposalsRequest(
        filter=lists.condition({"state": state, "kind": visit.get("kind")}),
        order_by="update_time desc",
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
    )
    listed: service.ListProposalsResponse = _stub(visit).ListProposals(request, timeout=SECONDS)
    return listed


def create(visit: Visit) -> Response:
    """Put a pair forward, and say what became of it where the form does; or say beside the pair why not."""
    form = visit.form

    def send() -> Response:
        pair = Proposal(
            kind=form.get("kind", ""),
            anchor=form.get("anchor", ""),
            candidate=form.get("candidate", ""),
            shown_rank=_count(form, "shown_rank"),
            shown_page=_count(form, "shown_page"),
        )
        request = service.CreateProposalRequest(
            proposal=pair,
            note=form.get("note", ""),
            ask=_amount(form, "ask"),
            valuation=_amount(form, "valuation"),
            request_id=str(uuid4()),
        )
        if not form.get("state"):
            return _back(visit, _stub(visit).CreateProposal(request, timeout=SECONDS))
        step = _step(visit)
        _require_reason(step)
        made = _stub(visit).CreateProposal(request, timeout=SECONDS)
        step.name, step.etag = made.name, made.etag
        return _back(visit, _stub(visit).AdvanceProposal(step, timeout=SECONDS))

    return answered(
        send, lambda failure: found.show(visit.at(inside(form.get("next", _PAIRS))), unproposed=failure)
    )


def _require_reason(step: service.AdvanceProposalRequest) -> None:
    """As the service asks of the step, before the pair is put forward for it. Raises InvalidArgument."""
    if step.state == Proposal.STATE_REJECTED and not step.reason:
        raise InvalidArgument.field("reason", "REASON_MISSING", "拒绝时请说明原因", "say why it is refused")
    if step.reason == Proposal.REASON_OTHER and not step.note.strip():
        raise InvalidArgument.field(
            "note", "NOTE_MISSING", "原因为“其他”时请具体说明", "say in the note what the other reason is"
        )


def _back(visit: Visit, of: proposal_pb2.Proposal) -> Response:
    """To the pair where it was read, or else to the list with the proposal in it."""
    on = visit.at(inside(visit.form.get("next", "")))
    if on.path == _PAIRS:
        return RedirectResponse(on.link(done=of.name) + "#pair", 303)
    return RedirectResponse("/proposals?" + urlencode({"done": of.name}), 303)


def _amount(form: Mapping[str, str], name: str) -> money_pb2.Money | None:
    """An amount as people write it, 500万元; None where the form has none. Raises InvalidArgument."""
    return money_to_wire(parse_amount(form[name], field=name)) if form.get(name) else None


def advance(visit: Visit) -> Response:
    """Take the next step, or say beside the proposal why not."""

    def send() -> Response:
        return _back(visit, _stub(visit).AdvanceProposal(_step(visit), timeout=SECONDS))

    def tell(failure: Failure) -> Response:
        on = visit.at(inside(visit.form.get("next", "/proposals")))
        return found.show(on, unstepped=failure) if on.path == _PAIRS else _page(on, failure)

    return answered(send, tell)


def _step(visit: Visit) -> service.AdvanceProposalRequest:
    """The step that was sent. Raises InvalidArgument."""
    form = visit.form
    return service.AdvanceProposalRequest(
        name=form.get("name", ""),
        state=_member(Proposal.State, f"STATE_{form.get('state', '')}", "state"),
        reason=_member(Proposal.Reason, f"REASON_{form.get('reason') or 'UNSPECIFIED'}", "reason"),
        note=form.get("note", ""),
        etag=form.get("etag", ""),
        request_id=str(uuid4()),
    )


def _member(enum: Any, name: str, field: str) -> str:
    if name not in enum.keys():  # noqa: SIM118 (an enum of the wire is no mapping)
        raise InvalidArgument.field(field, "UNKNOWN_CODE", "请从列表中选择", "choose one of the list")
    return name


def _count(form: Mapping[str, str], field: str) -> int:
    """A number that the page put into its form; 0 where there is none. Raises InvalidArgument."""
    number = whole_number(form.get(field, "0"))
    if number is None:
        raise InvalidArgument.field(field, "NOT_A_NUMBER", "应为整数", "must be a whole number")
    return number


def _stub(visit: Visit) -> proposal_service_pb2_grpc.ProposalServiceStub:
    return visit.stub(proposal_service_pb2_grpc.ProposalServiceStub, visit.purpose)
