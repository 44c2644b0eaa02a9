"""Files of funding are made of messages without a personal field, which is why they need no second person's word."""

from collections.abc import Iterator
from typing import Any

import pytest

from bole.common.v1 import policy_pb2
from bole.funding.v1 import committee_pb2, deal_pb2, firm_identity_service_pb2, firm_pb2, fund_pb2
from services.chassis.contract import inner_type, is_own, level_of


def personal(message: Any, path: str = "", above: frozenset[str] = frozenset()) -> Iterator[str]:
    """Of a descriptor, the paths of the fields that tell who a person is, nested messages included."""
    for field in message.fields:
        here = f"{path}{field.name}"
        inner = inner_type(field)
        if level_of(field) >= policy_pb2.LEVEL_PERSONAL:
            yield here
        elif inner is not None and is_own(inner) and inner.full_name not in above:
            yield from personal(inner, f"{here}.", above | {inner.full_name})


@pytest.mark.parametrize("made_of", [firm_pb2.Firm, fund_pb2.Fund, deal_pb2.Deal])
def test_what_files_are_made_of_names_nobody(made_of: Any) -> None:
    assert list(personal(made_of.DESCRIPTOR)) == []


def test_a_personal_field_would_be_found_however_deep() -> None:
    committee = committee_pb2.Committee.DESCRIPTOR
    assert list(personal(committee)) == ["seats.display_name"]
    people = firm_identity_service_pb2.ListFirmPeopleResponse.DESCRIPTOR
    assert list(personal(people)) == ["people.display_name"]
