"""Who could fill a cell: the matcher's people for its directions, of its city and of those with people to spare."""

from collections.abc import Sequence
from dataclasses import dataclass

from bole.matcher.v1 import anchor_pb2, match_pb2, matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import shortage_pb2 as shortage
from services.console.backend import SECONDS
from services.console.web.visits import Visit

SHOWN = 5
_REASONS = 3
_KIND = "person-direction"


@dataclass(frozen=True, slots=True)
class Fit:
    """A person and how well the directions are met."""

    candidate: match_pb2.Candidate
    reasons: Sequence[str]


def fitting(visit: Visit, scope: shortage.ShortageScope, surplus: Sequence[str]) -> list[Fit]:
    """The best over all directions of the scope, each person once."""
    directions = (
        [scope.direction_code]
        if scope.direction_code
        else [each.code for each in visit.catalogue.leaves_of(scope.industry_code)]
    )
    wanted = _filter(scope, surplus)
    requests = [
        matching_service_pb2.FindMatchesRequest(
            kind=_KIND, anchor=anchor_pb2.Anchor(name=f"directions/{code}"), filter=wanted, limit=SHOWN
        )
        for code in directions
    ]
    stub = visit.stub(matching_service_pb2_grpc.MatchingServiceStub)
    answer = stub.BatchFindMatches(
        matching_service_pb2.BatchFindMatchesRequest(requests=requests), timeout=SECONDS
    )
    best: dict[str, match_pb2.Candidate] = {}
    for each in (found for response in answer.responses for found in response.candidates):
        if each.name not in best or each.probability > best[each.name].probability:
            best[each.name] = each
    chosen = sorted(best.values(), key=lambda each: (-each.probability, each.name))[:SHOWN]
    return [Fit(each, reasons(visit, each)) for each in chosen]


def reasons(visit: Visit, candidate: match_pb2.Candidate) -> list[str]:
    """What tells most of a candidate, strongest first."""
    telling = sorted(candidate.contributions, key=lambda each: -abs(each.value))
    return [visit.text(each.reason) for each in telling if each.name != "constant"][:_REASONS]


def _filter(scope: shortage.ShortageScope, surplus: Sequence[str]) -> str:
    cities = list(dict.fromkeys([scope.city_code, *surplus])) if scope.city_code else []
    parts = ["(" + " OR ".join(f"city_code = {code}" for code in cities) + ")"] if cities else []
    if scope.category_code:
        parts.append(f"category_code = {scope.category_code}")
    return " AND ".join(parts)
