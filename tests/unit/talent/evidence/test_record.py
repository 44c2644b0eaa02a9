from datetime import date
from typing import Any

import pytest

from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import EvidenceState
from tests.unit.talent.evidence.register import CATALOGUE, NOW, confirmed, entered, facts


def broken(**changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidArgument) as caught:
        entered(**changes)
    return {(each.field, each.reason) for each in caught.value.violations}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"ref": ""}, ("ref", "REQUIRED")),
        ({"title": ""}, ("title", "REQUIRED")),
        ({"title": "a\u202eb"}, ("title", "INVISIBLE_CHARACTERS")),
        ({"city": "atlantis"}, ("city", "UNKNOWN_CITY")),
        ({"industry": "alchemy"}, ("industry", "UNKNOWN_INDUSTRY")),
        ({"department": "ministry"}, ("department", "UNKNOWN_DEPARTMENT")),
        ({"kind": EvidenceKind.PLATFORM}, ("type_code", "UNKNOWN_TYPE_CODE")),
        ({"kind": EvidenceKind.MILESTONE, "type_code": "M1999"}, ("type_code", "UNKNOWN_TYPE_CODE")),
        ({"kind": EvidenceKind.GROWTH_INDUSTRY}, ("industry", "UNKNOWN_INDUSTRY")),
        ({"kind": EvidenceKind.LEADING_TALENT, "title": ""}, ("subject", "SUBJECT_NOT_UNDERSTOOD")),
        (
            {"kind": EvidenceKind.LEADING_TALENT, "title": "王小明", "subject": "persons/1"},
            ("title", "NAME_IN_LIBRARY"),
        ),
        ({"subject": "persons/1"}, ("subject", "SUBJECT_NOT_EXPECTED")),
        ({"opened": date(2099, 1, 1)}, ("opened", "DATE_IN_FUTURE")),
        ({"opened": date(2024, 1, 1)}, ("opened", "DATES_OUT_OF_ORDER")),
        ({"closed": date(2024, 4, 1)}, ("closed", "DATES_OUT_OF_ORDER")),
        ({"quantity": 5}, ("quantity", "QUANTITY_OUT_OF_RANGE")),
        ({"kind": EvidenceKind.CCUS_CAPACITY}, ("quantity", "QUANTITY_OUT_OF_RANGE")),
    ],
)
def test_a_wrong_record_is_refused_by_field(changes: dict[str, Any], found: tuple[str, str]) -> None:
    assert found in broken(**changes)


def test_all_broken_rules_are_named_at_once() -> None:
    assert {field for field, _ in broken(ref="", city="x", quantity=-1)} == {"ref", "city", "quantity"}


def test_nobody_confirms_what_they_entered_or_changed() -> None:
    record = entered()
    with pytest.raises(PermissionDenied):
        record.confirm("ann", NOW)
    record.confirm("bo", NOW)
    assert (record.state, record.confirmed_by) == (EvidenceState.CONFIRMED, "bo")
    assert record.revise(facts(ref=record.ref, title="改名"), actor="bo", catalogue=CATALOGUE, now=NOW)
    assert (record.state, record.confirmed_by, record.confirmed_at) == (EvidenceState.ENTERED, "", None)
    with pytest.raises(PermissionDenied):
        record.confirm("bo", NOW)


def test_the_same_facts_again_leave_a_confirmation_standing() -> None:
    record = confirmed()
    assert not record.revise(record.facts, actor="cai", catalogue=CATALOGUE, now=NOW)
    assert record.state is EvidenceState.CONFIRMED


def test_nothing_is_confirmed_without_document_and_department() -> None:
    record = entered(document="", department="")
    with pytest.raises(InvalidArgument) as caught:
        record.confirm("bo", NOW)
    assert {each.field for each in caught.value.violations} == {"document", "department"}


def test_what_was_taken_back_stays_so() -> None:
    record = confirmed()
    with pytest.raises(InvalidArgument):
        record.void(" ", NOW)
    with pytest.raises(FailedPrecondition):
        record.require_deletable()
    record.void("重复登记", NOW)
    for act in (
        lambda: record.void("again", NOW),
        lambda: record.confirm("cai", NOW),
        lambda: record.revise(record.facts, actor="cai", catalogue=CATALOGUE, now=NOW),
    ):
        with pytest.raises(FailedPrecondition):
            act()
