"""Searches as tests put them, and their answers page by page."""

from typing import Any

from bole.matcher.v1 import anchor_pb2
from bole.matcher.v1 import matching_service_pb2 as wire

SECONDS = 120


def asked(
    kind: str = "person-direction", name: str = "directions/sic", **given: Any
) -> wire.FindMatchesRequest:
    """A search from an item, of people for a direction unless said otherwise."""
    return wire.FindMatchesRequest(kind=kind, anchor=anchor_pb2.Anchor(name=name), **given)


def text(words: str, **given: Any) -> wire.FindMatchesRequest:
    """A search from a text, of pairs of people and positions."""
    anchor = anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text=words))
    return wire.FindMatchesRequest(kind="person-position", anchor=anchor, **given)


def find(stub: Any, request: wire.FindMatchesRequest) -> wire.FindMatchesResponse:
    """The answer."""
    answer: wire.FindMatchesResponse = stub.FindMatches(request, timeout=SECONDS)
    return answer


def pages(stub: Any, request: wire.FindMatchesRequest) -> list[wire.FindMatchesResponse]:
    """All pages of it."""
    found = [find(stub, request)]
    while found[-1].next_page_token:
        request.page_token = found[-1].next_page_token
        found.append(find(stub, request))
    return found


def names(answers: list[wire.FindMatchesResponse]) -> list[str]:
    """Whom they show, in their order."""
    return [each.name for answer in answers for each in answer.candidates]
