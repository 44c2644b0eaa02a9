"""What a firm that is closed to somebody hides from them, and what it does not."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.chassis.identity.identity import Reach
from services.kernel.errors import PermissionDenied
from services.matcher.domain.item import ItemKind
from services.matcher.domain.partners.subscription import ERASED, Subscription
from services.matcher.rpc.seeing import Sight
from services.matcher.service.wanted import all_but

CLOSED = frozenset({"f1", "f9"})


@dataclass(frozen=True)
class Event:
    kind: str
    anchor_id: str
    candidate_id: str
    type: str = "CREATED"
    directions: tuple[str, ...] = ()
    city: str = ""


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Event("person-firm", "f1", "p1"), False),
        (Event("person-firm", "f2", "p1"), True),
        (Event("firm-direction", "sic", "f1"), False),
        (Event("firm-fund", "f1", "f2"), True),  # the id of a fund, and another firm
        (Event("firm-fund", "u1", "f9"), False),
        (Event("person-direction", "sic", "f1"), True),  # the id of a person
        (Event("", "", "f1", type=ERASED), True),
    ],
)
def test_nothing_is_told_of_a_closed_firm_on_either_side(event: Event, told: bool) -> None:
    kinds = frozenset({"person-firm", "firm-direction", "firm-fund", "person-direction"})
    assert Subscription(kinds).wants(event)
    assert Subscription(kinds, closed=CLOSED).wants(event) == told


def test_a_closed_firm_is_refused_by_name_and_has_no_row() -> None:
    sight = Sight(frozenset(ItemKind), Reach(cities=None), CLOSED)
    unused = cast(Any, None)
    with pytest.raises(PermissionDenied) as refused:
        sight.require_item(unused, ItemKind.FIRM, "f1")
    assert (refused.value.reason, refused.value.metadata) == ("RECUSED", {"resource": "firms/f1"})
    for sort, id_ in ((ItemKind.FIRM, "f2"), (ItemKind.PERSON, "f1"), (ItemKind.FUND, "f1")):
        sight.require_item(unused, sort, id_)
    firms = cast(Any, SimpleNamespace(row_of={"f0": 0, "f1": 1, "f2": 2}, size=3))
    rows = sight.rows(ItemKind.FIRM, firms)
    assert rows is not None
    assert rows.tolist() == [True, False, True]
    assert sight.rows(ItemKind.PERSON, firms) is None
    assert all_but(firms, {"f9"}) is None, "one that is not there hides nothing"
