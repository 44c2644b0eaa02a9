"""Requests of the MatchingService as tests put them."""

from typing import Any

from google.type import money_pb2

from bole.matcher.v1 import anchor_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import (
    person_pb2,
)

SECONDS = 300
MATCHING = {person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM}


CELL = anchor_pb2.Anchor(name="shortageCells/sic.all.all")
TEXT = anchor_pb2.TextAnchor(text="海水直接电解制氢电解槽设计，膜电极耐氯腐蚀")


def find(**given: Any) -> wire.FindMatchesRequest:
    """A search, of five people for a position unless said otherwise."""
    asked: dict[str, Any] = {"kind": "person-position", "limit": 5}
    return wire.FindMatchesRequest(**{**asked, **given})


def said(text: str) -> anchor_pb2.Anchor:
    """A text as anchor."""
    return anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text=text))


def costing(yuan: int) -> anchor_pb2.Anchor:
    """A text that asks for so much."""
    ask = money_pb2.Money(currency_code="CNY", units=yuan)
    return anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text="制氢", ask=ask))


def by_text(**given: Any) -> wire.FindMatchesRequest:
    """People for a text; see `find`."""
    return find(anchor=anchor_pb2.Anchor(text=TEXT), anchor_side="person", **given)


def place(**given: Any) -> wire.PlaceAnchorRequest:
    """The request."""
    return wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor(**given))
