from datetime import timedelta
from typing import Any

import pytest

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.flows.move import Move, MoveFacts, MoveReason
from tests.unit.talent.library import AXES, NOW, TODAY


def move(*, derived: bool = False, **changes: Any) -> Move:
    stated: dict[str, Any] = {
        "category": "outstanding-engineer",
        "shares": (("seawater-h2", 1000),),
        "from_city": "nantong",
        "to_city": "suzhou",
        "day": TODAY,
    }
    facts = MoveFacts(**{**stated, **changes})
    return Move.register(facts, id_="m1", origin="REAL", actor="tester", axes=AXES, now=NOW, derived=derived)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"to_city": "nantong"}, "SAME_CITY"),
        ({"to_city": ""}, "DESTINATION_REQUIRED"),
        ({"to_city": "suzhou", "reason": MoveReason.RETIRED}, "DESTINATION_NOT_EXPECTED"),
        ({"from_city": "outside", "to_city": "", "reason": MoveReason.RETIRED}, "OUTSIDE_NOT_COUNTED"),
        ({"from_city": "atlantis"}, "UNKNOWN_FROM_CITY"),
        ({"heads": 0}, "HEADS_OUT_OF_RANGE"),
        ({"heads": 2, "person_id": "p1"}, "HEADS_OUT_OF_RANGE"),
        ({"day": TODAY + timedelta(days=1)}, "DATE_IN_FUTURE"),
        (
            {"day": TODAY + timedelta(days=4000), "to_city": "", "reason": MoveReason.RETIRED},
            "DATE_OUT_OF_RANGE",
        ),
        ({"shares": (("seawater-h2", 900),)}, "SHARES_NOT_WHOLE"),
        ({"category": "king"}, "UNKNOWN_CATEGORY"),
        ({"note": "备\u202e注"}, "INVISIBLE_CHARACTERS"),
    ],
)
def test_what_cannot_be_true_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        move(**changes)
    assert reason in {each.reason for each in caught.value.violations}


def test_a_retirement_may_lie_ahead() -> None:
    planned = move(to_city="", reason=MoveReason.RETIRED, day=TODAY + timedelta(days=400))
    assert planned.to_city == ""


def test_a_record_is_taken_back_once_and_with_a_reason() -> None:
    found = move()
    with pytest.raises(InvalidArgument):
        found.void("", "officer", NOW)
    found.void("登记有误", "officer", NOW)
    with pytest.raises(FailedPrecondition):
        found.void("登记有误", "officer", NOW)


def test_only_a_derived_move_is_taken_back_by_a_change_back_soon_after() -> None:
    assert move(derived=True).reversed_by("suzhou", "nantong", TODAY + timedelta(days=30))
    assert not move(derived=True).reversed_by("suzhou", "nantong", TODAY + timedelta(days=31))
    assert not move(derived=True).reversed_by("suzhou", "nanjing", TODAY)
    assert not move().reversed_by("suzhou", "nantong", TODAY)
