"""Moving a deal: what can be done, a step with what it needs, and taking it after a second look."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import deal_action_pb2, deal_service_pb2, deal_service_pb2_grpc
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_to_wire, instant_to_wire
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.called import called
from services.console.pages.deals.filed import cited, filed_of
from services.console.pages.deals.remedies import remedies
from services.console.web.dates import day_of
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.wording.deals import DECLINED_FOR
from services.wording.steps import NAMED_STEPS, Move, verbs

_MOST_DOCUMENTS = 12
LACKING = "MISSING_EVIDENCE"


def show(visit: Visit) -> Response:
    """The menu of all steps; with `action` one of them; with `to` those that lead there."""
    return _page(visit, visit.get("action"))


def take(visit: Visit) -> Response:
    """Take the step, or say on its form why not."""
    code, id_ = visit.form.get("action", ""), visit.part("id")

    def send() -> Response:
        step = move_of(code)
        request = request_of(step, f"deals/{id_}", visit)
        getattr(_stub(visit), step.rpc)(request, timeout=SECONDS)
        return RedirectResponse(f"/deals/{id_}?done={code}", 303)

    return answered(send, lambda failure: _page(visit, code, failure))


def move_of(code: str) -> Move:
    """The step of an action's code. Raises InvalidArgument."""
    known = verbs()
    if code in NAMED_STEPS:
        return NAMED_STEPS[code]
    if code not in known:
        raise InvalidArgument.field("action", "UNKNOWN_ACTION", "没有这个操作", "there is no such action")
    return Move(known[code], "")


def request_of(step: Move, name: str, visit: Visit) -> Any:
    """The request that the form stands for. Raises InvalidArgument for what cannot be read."""
    form = visit.form
    request = step.request(name=name, command=command_of(visit, name))
    if step.takes("decision"):
        request.decision = step.request.Decision.Value(f"DECISION_{step.detail}")
    if step.takes("conditions"):
        request.conditions = form.get("conditions", "")
    if step.takes("reason_code"):
        request.reason_code = form.get("reason_code", "")
    if step.takes("review_date"):
        request.review_date.CopyFrom(date_to_wire(day_of("review_date", form.get("review_date", ""))))
    return request


def command_of(visit: Visit, deal: str) -> deal_action_pb2.DealCommand:
    """What the form says of any step of a deal or of its holding: of which version, why, and on which documents.
    Raises InvalidArgument as `documents`.
    """
    form = visit.form
    return deal_action_pb2.DealCommand(
        etag=form.get("etag", ""),
        request_id=form.get("request_id", "") or str(uuid4()),
        reason=form.get("reason", ""),
        evidence=documents(visit, deal),
    )


def documents(visit: Visit, deal: str) -> list[deal_action_pb2.DealEvidence]:
    """The documents of the form: of the deal's register by their numbers, else by title and digest; a row without
    either is none. Raises InvalidArgument for a number that the register does not have.
    """
    form, found = visit.form, []
    for at in range(_MOST_DOCUMENTS):
        kind, title, digest = (form.get(f"{part}_{at}", "") for part in ("kind", "title", "sha256"))
        if form.get(f"registered_{at}"):
            found.append(cited(visit, deal, kind, form[f"registered_{at}"]))
            continue
        if not title and not digest:
            continue
        received = _received(visit, f"received_{at}")
        found.append(
            deal_action_pb2.DealEvidence(
                kind=kind, title=title, sha256=digest.lower(), receive_time=instant_to_wire(received)
            )
        )
    return found


def _received(visit: Visit, field: str) -> datetime:
    """The beginning of a day, or now."""
    given = visit.form.get(field, "")
    return datetime.combine(day_of(field, given), time(tzinfo=CIVIL_ZONE)) if given else visit.now


def _page(visit: Visit, code: str, failure: Failure | None = None) -> Response:
    stub, name = _stub(visit), f"deals/{visit.part('id')}"
    deal = stub.GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS)
    found = stub.ListDealActions(deal_service_pb2.ListDealActionsRequest(name=name), timeout=SECONDS).actions
    to = visit.get("to").removeprefix("STATE_")
    actions = [each for each in found if not to or each.target_state.removeprefix("STATE_") == to]
    possible = [each for each in actions if each.permitted or documents_only(each)]
    chosen = next((each for each in found if each.action == code), None)
    if chosen is None and to and len(possible) == 1:
        chosen = possible[0]
    return render(
        visit,
        "deals/move.html",
        status_of(failure),
        active="deals",
        synthetic=origins.is_sample(deal),
        deal=deal,
        firm=called(visit, [deal.firm])[deal.firm],
        id=visit.part("id"),
        actions=actions,
        to=to,
        chosen=chosen,
        step=_step(chosen),
        documents_only=documents_only,
        out_of_place=out_of_place,
        every=found,
        registered=filed_of(visit, name),
        remedies=remedies(visit, deal, free=not any("RECUSED" in each.reason_codes for each in found)),
        request_id=str(uuid4()),
        declined_for=[(each, text) for each, text in DECLINED_FOR.items()],
        problem=failure,
        form=visit.form,
    )


def documents_only(action: deal_action_pb2.DealAction) -> bool:
    """Whether documents alone are lacking, which are handed in with the step."""
    return bool(action.missing_evidence) and set(action.reason_codes) == {LACKING}


def out_of_place(action: deal_action_pb2.DealAction) -> bool:
    """Whether it does not lead from where the deal stands, whoever asks."""
    return set(action.reason_codes) == {"ILLEGAL_TRANSITION"}


def _step(action: deal_action_pb2.DealAction | None) -> Move | None:
    if action is None or not (action.action in NAMED_STEPS or action.action in verbs()):
        return None
    return move_of(action.action)


def _stub(visit: Visit) -> deal_service_pb2_grpc.DealServiceStub:
    return visit.stub(deal_service_pb2_grpc.DealServiceStub)
