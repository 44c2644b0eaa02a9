"""Possible duplicates (查重): the queue, a pair side by side with its evidence, the decision, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.protobuf.json_format import MessageToDict
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.talent.v1 import (
    duplicate_pb2,
    duplicate_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
)
from bole.talent.v1 import duplicate_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.draw.bars import Bar, signed_bars
from services.console.pages import lists, origins
from services.console.pages.called import called
from services.console.pages.scopes import scope_of
from services.console.web.answering import Desk
from services.console.web.refusals import answered, refuse, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.errors import InvalidArgument
from services.wording.crowds import in_crowds
from services.wording.persons import FIELDS

BARS = 160.0
_BANDS = ("REVIEW", "LINK")
_ASIDE = ("state", "origin", "create_time", "update_time", "purposes")
_VERDICTS = {
    "not-same": duplicate_pb2.DUPLICATE_VERDICT_NEGATIVE,
    "unsure": duplicate_pb2.DUPLICATE_VERDICT_UNSURE,
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of both records."""

    field: str
    left: str
    right: str


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/duplicates", desk.endpoint(show)),
        Route("/duplicates/decide", desk.endpoint(decide), methods=["POST"]),
        Route("/duplicates/decisions", desk.endpoint(show_decisions)),
        Route("/duplicates/decisions/{id}/undo", desk.endpoint(take_back), methods=["POST"]),
        Route("/duplicates/{id}", desk.endpoint(show_pair)),
    ]


def show(visit: Visit) -> Response:
    """The queue, strongest first."""
    return _queue(visit)


def _queue(visit: Visit, status: int = 200, *, gone: bool = False) -> Response:
    """`gone`: whether a pair that was asked for does not wait any more."""
    band = visit.get("band") if visit.get("band") in _BANDS else ""
    request = service.ListDuplicateSuggestionsRequest(
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        filter=lists.condition({"band": band, "city_code": scope_of(visit).city_code}, ("city_code",)),
    )
    found = _stub(visit).ListDuplicateSuggestions(request, timeout=SECONDS)
    return render(
        visit,
        "duplicates/queue.html",
        status,
        gone=gone,
        active="people",
        tab="duplicates",
        synthetic=origins.among(visit, [each.left for each in found.suggestions]),
        found=found,
        band=band,
        bands=_BANDS,
        crowds=in_crowds(found.crowded_count, found.oldest_compared).to(visit.language),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def show_pair(visit: Visit) -> Response:
    """Both records side by side, and what speaks for and against one person."""
    return _pair(visit, visit.part("id"))


def _pair(visit: Visit, id_: str, problem: Failure | None = None) -> Response:
    """The pair; the queue where it does not wait any more, because somebody decided or a record is gone."""

    def gone(failure: Failure) -> Response:
        missing = failure.code == "NOT_FOUND"
        return _queue(visit.at("/duplicates"), 404, gone=True) if missing else refuse(visit, failure)

    return answered(lambda: _drawn(visit, id_, problem), gone)


def _drawn(visit: Visit, id_: str, problem: Failure | None) -> Response:
    request = service.GetDuplicateSuggestionRequest(name=f"duplicateSuggestions/{id_}")
    pair = _stub(visit).GetDuplicateSuggestion(request, timeout=SECONDS)
    return render(
        visit,
        "duplicates/pair.html",
        status_of(problem),
        id=id_,
        problem=problem,
        active="people",
        tab="duplicates",
        synthetic=origins.is_sample(pair.left) or origins.is_sample(pair.right),
        pair=pair,
        evidence=_evidence(pair),
        compared=_compared(visit, pair),
    )


def decide(visit: Visit) -> Response:
    """Merge, not the same, or unsure, with a reason; then the pairs that still wait."""

    def send() -> Response:
        _decide(visit, visit.form.get("verdict", ""))
        return RedirectResponse("/duplicates?done=yes", 303)

    return answered(send, lambda failure: _pair(visit, visit.form.get("pair", ""), failure))


def _decide(visit: Visit, verdict: str) -> None:
    given = visit.form
    if verdict == "merge":
        merged = service.MergePersonsRequest(
            left=given.get("left", ""),
            right=given.get("right", ""),
            left_etag=given.get("left_etag", ""),
            right_etag=given.get("right_etag", ""),
            reason=given.get("reason", ""),
            request_id=str(uuid4()),
        )
        _stub(visit).MergePersons(merged, timeout=SECONDS)
    elif verdict in _VERDICTS:
        judged = service.JudgeDuplicateRequest(
            left=given.get("left", ""),
            right=given.get("right", ""),
            verdict=_VERDICTS[verdict],
            reason=given.get("reason", ""),
            request_id=str(uuid4()),
        )
        _stub(visit).JudgeDuplicate(judged, timeout=SECONDS)
    else:
        known = "merge, not-same, unsure"
        raise InvalidArgument.field(
            "verdict", "UNKNOWN_CODE", f"应为 {known} 之一", f"must be one of {known}"
        )


def show_decisions(visit: Visit) -> Response:
    """Decisions, newest first, each with its way back."""
    return _decisions(visit)


def _decisions(visit: Visit, problem: Failure | None = None) -> Response:
    request = service.ListDuplicateJudgementsRequest(page_size=lists.ROWS, page_token=lists.page_token(visit))
    found = _stub(visit).ListDuplicateJudgements(request, timeout=SECONDS)
    records = [name for each in found.judgements for name in (each.left, each.right)]
    names = called(visit, records, visit.purpose)
    return render(
        visit,
        "duplicates/decisions.html",
        status_of(problem),
        problem=problem,
        active="people",
        tab="duplicates",
        found=found,
        names=names,
        synthetic=origins.among(visit, names.values()),
        merged=duplicate_pb2.DUPLICATE_VERDICT_POSITIVE,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def take_back(visit: Visit) -> Response:
    """Undo a merge, or let another decision count no longer; or say above the decisions why not."""

    def send() -> Response:
        _take_back(visit)
        return RedirectResponse("/duplicates/decisions?done=yes", 303)

    return answered(send, lambda failure: _decisions(visit.at("/duplicates/decisions"), failure))


def _take_back(visit: Visit) -> None:
    name = f"duplicateJudgements/{visit.part('id')}"
    if visit.form.get("merged") == "yes":
        library = visit.stub(library_service_pb2_grpc.LibraryServiceStub)
        wanted = library_service_pb2.GetPersonRequest(name=visit.form.get("person", ""))
        etag = library.GetPerson(wanted, timeout=SECONDS).etag
        parting = service.UnmergePersonsRequest(judgement=name, etag=etag, request_id=str(uuid4()))
        _stub(visit).UnmergePersons(parting, timeout=SECONDS)
    else:
        withdrawing = service.WithdrawDuplicateJudgementRequest(name=name, request_id=str(uuid4()))
        _stub(visit).WithdrawDuplicateJudgement(withdrawing, timeout=SECONDS)


def _evidence(
    pair: duplicate_pb2.DuplicateSuggestion,
) -> Sequence[tuple[duplicate_pb2.DuplicateEvidence, Bar]]:
    bars = signed_bars([each.bits for each in pair.evidence], BARS)
    return list(zip(pair.evidence, bars, strict=True))


def _compared(visit: Visit, pair: duplicate_pb2.DuplicateSuggestion) -> list[Compared]:
    words = Words(visit.catalogue, visit.language)
    left, right = (MessageToDict(each, preserving_proto_field_name=True) for each in (pair.left, pair.right))
    return [
        Compared(name, words.value(name, left.get(name)), words.value(name, right.get(name)))
        for name in FIELDS
        if name not in _ASIDE and (name in left or name in right)
    ]


def _stub(visit: Visit) -> Any:
    return visit.stub(duplicate_service_pb2_grpc.DuplicateServiceStub, visit.purpose)
