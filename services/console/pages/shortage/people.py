"""Who could fill a cell: the matcher's people for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bole.matcher.v1 import anchor_pb2, match_pb2, matching_service_pb2, matching_service_pb2_grpc
from services.catalogue.cells import CellAddress
from services.console.backend import SECONDS
from services.console.web.visits import Visit

SHOWN = 5
_REASONS = 3
_KIND = "person-cell"


@dataclass(frozen=True, slots=True)
class Fit:
    """A person, what tells most of how well they fit, and the address of the pair in full, empty without one."""

    candidate: match_pb2.Candidate
    reasons: Sequence[str]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Fitting:
    """The best of those who may be matched, how many there are, and the address of the list."""

    best: Sequence[Fit]
    count: int
    link: str


def fitting(visit: Visit, cell: CellAddress) -> Fitting:
    """The best people for a cell, their names masked: nobody states a purpose by looking at the map."""
    request = matching_service_pb2.FindMatchesRequest(
        kind=_KIND, anchor=anchor_pb2.Anchor(name=cell.name), limit=SHOWN
    )
    stub = visit.stub(matching_service_pb2_grpc.MatchingServiceStub)
    found = stub.FindMatches(request, timeout=SECONDS)
    best = [
        Fit(each, reasons(visit, each), _list_of(cell, candidate=each.name) + "#pair")
        for each in found.candidates
    ]
    return Fitting(best, found.admitted_count, _list_of(cell))


def reasons(visit: Visit, candidate: match_pb2.Candidate) -> list[str]:
    """What tells most of a candidate, strongest first."""
    telling = sorted(candidate.contributions, key=lambda each: -abs(each.value))
    return [visit.text(each.reason) for each in telling if each.name != "constant"][:_REASONS]


def _list_of(cell: CellAddress, **more: str) -> str:
    return "/matches?" + urlencode({"kind": _KIND, "side": "cell", "anchor": cell.name, **more})
