"""The policy's goals (目标进度) with their evidence, and the register (佐证台账) they are counted from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.talent.v1 import evidence_pb2, evidence_service_pb2_grpc
from bole.talent.v1 import evidence_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside, for_each
from services.console.pages.called import called
from services.console.pages.scopes import day_of, scope_of
from services.console.web.answering import Desk
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording import library

_MOST = 500
_LISTED = 30
"""Records that are named under a goal, of those that count and of those that do not."""


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/targets", desk.endpoint(show_targets)),
        Route("/evidence", desk.endpoint(show_register)),
        Route("/evidence/{id}/confirm", desk.endpoint(confirm), methods=["POST"]),
    ]


def show_targets(visit: Visit) -> Response:
    """The goals with a number, then the milestones."""
    request = service.ListTargetProgressRequest(as_of_date=day_of(visit))
    found = _stub(visit).ListTargetProgress(request, timeout=SECONDS)
    return render(
        visit,
        "evidence/targets.html",
        active="people",
        tab="targets",
        synthetic=origins.among(visit),
        found=found,
        listed=_LISTED,
        known=_known(visit, found.targets),
        goals=[each for each in found.targets if each.HasField("value")],
        milestones=[each for each in found.targets if not each.HasField("value")],
    )


def show_register(visit: Visit) -> Response:
    """Records of the register."""
    return _register(visit)


def _register(visit: Visit, problem: Failure | None = None) -> Response:
    fields = {
        "kind": lists.one_of(visit, "kind", library.EVIDENCE_KINDS),
        "state": lists.one_of(visit, "state", library.EVIDENCE_STATES),
        "city_code": scope_of(visit).city_code,
        "source_ref": visit.get("ref"),
        lists.MADE_BY: visit.get(lists.MADE_BY),
    }
    request = service.ListEvidenceRecordsRequest(
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        filter=lists.condition(fields, (lists.MADE_BY,)),
    )
    found = _stub(visit).ListEvidenceRecords(request, timeout=SECONDS)
    return render(
        visit,
        "evidence/register.html",
        status_of(problem),
        problem=problem,
        active="people",
        tab="evidence",
        synthetic=origins.among(visit, found.records),
        found=found,
        all_kinds=library.EVIDENCE_KINDS,
        states=library.EVIDENCE_STATES,
        standing=_standing(visit),
        names=called(visit, [each.subject for each in found.records if each.subject]),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def confirm(visit: Visit) -> Response:
    """Let a record count, or say on the register why not; the service asks for a second person."""
    request = service.ConfirmEvidenceRecordRequest(
        name=f"evidenceRecords/{visit.part('id')}",
        etag=visit.form.get("etag", ""),
        request_id=str(uuid4()),
    )

    def send() -> Response:
        _stub(visit).ConfirmEvidenceRecord(request, timeout=SECONDS)
        return RedirectResponse("/evidence?state=CONFIRMED", 303)

    return answered(send, lambda failure: _register(visit.at("/evidence"), failure))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record is to a goal. `why_not`: None where it counts."""

    goal: Any
    why_not: Any


def _standing(visit: Visit) -> Mapping[str, Sequence[Standing]]:
    """Where each record counts today, and where not and why; nothing for who may not see the goals."""
    request = service.ListTargetProgressRequest()
    goals = beside(lambda: _stub(visit).ListTargetProgress(request, timeout=SECONDS).targets).answer or ()
    found: dict[str, list[Standing]] = {}
    for each in goals:
        for name in each.counted:
            found.setdefault(name, []).append(Standing(each.text, None))
        for other in each.uncounted:
            found.setdefault(other.record, []).append(Standing(each.text, other.reason))
    return found


def _known(
    visit: Visit, goals: Iterable[evidence_pb2.TargetProgress]
) -> Mapping[str, evidence_pb2.EvidenceRecord]:
    """The records that are named under these goals, by name, as far as they may be seen: most are on the first page of
    the register, the others are asked for one by one.
    """
    missing = {name for goal in goals for name in goal.counted[:_LISTED]}
    missing |= {other.record for goal in goals for other in goal.uncounted[:_LISTED]}
    if not missing:
        return {}
    stub = _stub(visit)
    page = stub.ListEvidenceRecords(service.ListEvidenceRecordsRequest(page_size=_MOST), timeout=SECONDS)
    known = {each.name: each for each in page.records if each.name in missing}

    def ask(name: str) -> evidence_pb2.EvidenceRecord | None:
        request = service.GetEvidenceRecordRequest(name=name)
        return beside(lambda: stub.GetEvidenceRecord(request, timeout=SECONDS)).answer

    rest = sorted(missing - known.keys()) if page.next_page_token else []
    return known | {each.name: each for each in for_each(ask, rest) if each is not None}


def _stub(visit: Visit) -> evidence_service_pb2_grpc.EvidenceServiceStub:
    return visit.stub(evidence_service_pb2_grpc.EvidenceServiceStub)
