"""Whoever may ask for matches is offered the kinds that the matcher lets them see, and no others."""

from dataclasses import replace

import pytest

from bole.matcher.v1 import anchor_pb2, matching_service_pb2
from services.catalogue import load
from services.chassis.contract import access_of
from services.chassis.identity.identity import Grant, Principal
from services.console.pages import pairs_seen
from services.console.pages.matches.anchors import SIDES, takes_text
from services.kernel.errors import InvalidArgument
from services.matcher.domain.kinds import KINDS as PAIR_KINDS
from services.matcher.rpc.anchors import given_item
from services.matcher.rpc.seeing import SEERS
from services.wording.codes import KINDS
from tests.unit.console.pages.visiting import visit

FIND = matching_service_pb2.DESCRIPTOR.services_by_name["MatchingService"].methods_by_name["FindMatches"]


@pytest.mark.parametrize("role", sorted(access_of(FIND).roles))
def test_the_console_knows_who_sees_which_kinds(role: str) -> None:
    principal = Principal("ann", "staff", (Grant(role),))
    who = replace(visit(), principal=principal)
    for key in KINDS:
        kind = PAIR_KINDS[key]
        seen = all(role in SEERS.get(sort, (role,)) for sort in (kind.anchor, kind.candidate))
        assert (pairs_seen.unseen(who, key) is None) is seen, key


def test_why_a_kind_is_closed_is_said() -> None:
    who = replace(visit(), principal=Principal("ann", "staff", (Grant("fund_manager"),)))
    closed = pairs_seen.unseen(who, "person-firm")
    assert closed is not None
    assert "人才专员" in closed.zh
    assert "may not see people" in closed.en
    assert pairs_seen.seen(who) == [kind for kind in KINDS if "person" not in kind and "team" not in kind]


@pytest.mark.parametrize(("kind", "side"), [(kind, side) for kind, sides in SIDES.items() for side in sides])
def test_a_text_is_offered_where_the_matcher_takes_one(kind: str, side: str) -> None:
    try:
        given_item(anchor_pb2.TextAnchor(text="海水制氢"), side, PAIR_KINDS[kind], load())
    except InvalidArgument:
        assert not takes_text(kind, side)
    else:
        assert takes_text(kind, side)
