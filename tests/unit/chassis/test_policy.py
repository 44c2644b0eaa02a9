from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.common.v1 import policy_pb2
from bole.funding.v1 import firm_service_pb2
from services.chassis import policy
from services.chassis.identity.identity import ROLES, Grant, Principal
from services.chassis.policy import PURPOSES, Clearance, Level
from services.kernel.errors import InvalidArgument, PermissionDenied

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
CITIES = ["nantong", "suzhou"]
GRANTS = st.builds(
    Grant,
    st.sampled_from([*sorted(ROLES), "emperor"]),
    st.sampled_from([None, *CITIES]),
    st.frozensets(st.sampled_from(sorted(PURPOSES))),
    st.sampled_from([None, NOW - timedelta(seconds=1), NOW, NOW + timedelta(days=1)]),
)


def staff(*grants: Grant) -> Principal:
    return Principal("li.si", "staff", grants)


def test_the_levels_are_those_of_the_contract() -> None:
    assert [level.value for level in Level] == [
        policy_pb2.LEVEL_UNSPECIFIED,
        policy_pb2.LEVEL_PUBLIC,
        policy_pb2.LEVEL_INTERNAL,
        policy_pb2.LEVEL_PERSONAL,
        policy_pb2.LEVEL_SENSITIVE,
    ]


def test_every_role_has_a_row_and_every_row_a_role() -> None:
    assert set(policy.WITHOUT_PURPOSE) == ROLES
    assert {role for role, _ in policy.FOR_PURPOSE} <= ROLES
    assert all(level <= Level.INTERNAL for level in policy.WITHOUT_PURPOSE.values())
    assert not any(role in {"partner", "admin", "service"} for role, _ in policy.FOR_PURPOSE)


@given(st.lists(GRANTS, max_size=4), st.sampled_from([None, *sorted(PURPOSES), "curiosity"]))
def test_personal_data_takes_a_live_grant_that_names_the_purpose(grants: list[Grant], purpose: Any) -> None:
    cleared = policy.clearance(staff(*grants), purpose, NOW)
    for city in (None, *CITIES):
        if cleared.level(city) >= Level.PERSONAL:
            assert any(
                (grant.role, purpose) in policy.FOR_PURPOSE
                and purpose in grant.purposes
                and grant.city in (None, city)
                and (grant.not_after is None or grant.not_after > NOW)
                for grant in grants
            )


@given(st.lists(GRANTS, max_size=3), GRANTS, st.sampled_from([None, *sorted(PURPOSES)]))
def test_another_grant_never_takes_anything_away(grants: list[Grant], more: Grant, purpose: Any) -> None:
    before = policy.clearance(staff(*grants), purpose, NOW)
    after = policy.clearance(staff(*grants, more), purpose, NOW)
    assert all(before.level(city) <= after.level(city) for city in (None, *CITIES, "wuxi"))


def test_nobody_is_cleared_without_a_grant() -> None:
    assert policy.clearance(staff(), "contact", NOW) == Clearance()
    assert Clearance().level("nantong") == Level.NOTHING


def test_a_field_may_be_used_only_by_who_may_see_it() -> None:
    cleared = Clearance(Level.INTERNAL, {"nantong": Level.PERSONAL})
    assert policy.may_use(cleared, Level.INTERNAL)
    assert not policy.may_use(cleared, Level.PERSONAL)
    assert policy.may_use(cleared, Level.PERSONAL, "nantong")
    assert not policy.may_use(cleared, Level.NOTHING)


def test_purposes_must_be_known_and_granted() -> None:
    holder = staff(Grant("talent_officer", None, frozenset({"contact"})))
    policy.require_purpose(holder, None, NOW)
    policy.require_purpose(holder, "contact", NOW)
    with pytest.raises(PermissionDenied):
        policy.require_purpose(holder, "verification", NOW)
    with pytest.raises(InvalidArgument, match="contact"):
        policy.require_purpose(holder, "curiosity", NOW)


def test_rows_are_limited_to_granted_cities() -> None:
    local = staff(Grant("talent_officer", "nantong"), Grant("auditor"))
    policy.require_city(local, ["talent_officer"], "nantong", NOW)
    policy.require_city(local, ["auditor"], "suzhou", NOW)
    with pytest.raises(PermissionDenied):
        policy.require_city(local, ["talent_officer"], "suzhou", NOW)
    assert local.cities(["talent_officer"], NOW) == {"nantong"}
    assert local.cities(["talent_officer", "auditor"], NOW) is None
    assert local.cities(["partner"], NOW) == frozenset()


def _method(name: str) -> Any:
    return firm_service_pb2.DESCRIPTOR.services_by_name["FirmService"].methods_by_name[name]


def test_a_grant_for_one_fund_or_firm_opens_what_the_contract_opens_to_it() -> None:
    manager, speaker = Grant("fund_manager", fund="f"), Grant("firm_representative", firm="a")
    for grant, method, opens in (
        (manager, "GetFirm", True),
        (manager, "CreateFirm", False),
        (speaker, "GetFirm", True),
        (speaker, "ListFirms", False),
        (Grant("fund_manager", firm="a"), "ListFirms", False),
        (Grant("fund_manager"), "CreateFirm", True),
    ):
        assert policy.may_call(staff(grant), _method(method), NOW) == opens, (grant, method)


def test_a_grant_for_one_fund_or_firm_clears_in_the_methods_it_opens_and_never_for_personal_data() -> None:
    speaker = Grant("firm_representative", firm="a")
    manager = Grant("fund_manager", purposes=frozenset({"due-diligence"}), fund="f")
    assert policy.clearance(staff(speaker), None, NOW, _method("GetFirm")).highest() == Level.INTERNAL
    assert policy.clearance(staff(speaker), None, NOW, _method("ListFirms")).highest() == Level.NOTHING
    assert policy.clearance(staff(speaker), None, NOW).highest() == Level.NOTHING
    cleared = policy.clearance(staff(manager), "due-diligence", NOW, _method("GetFirm"))
    assert cleared.highest() == Level.INTERNAL
    assert policy.clearance(staff(Grant("firm_representative")), None, NOW).highest() == Level.PUBLIC


def test_a_reach_is_cities_and_single_records() -> None:
    held = staff(Grant("finance", "suzhou"), Grant("finance", fund="f"), Grant("auditor", firm="a"))
    reach = held.reach(["finance"], NOW)
    assert (reach.cities, reach.funds, reach.firms) == ({"suzhou"}, {"f"}, frozenset())
    assert reach.covers("wuxi", fund="f")
    assert not reach.covers("wuxi", fund="g", firm="a")
    assert not held.reach(["legal"], NOW)
    assert held.roles_at(NOW, "wuxi", firm="a") == {"auditor"}
    assert held.roles_at(NOW, "suzhou", fund="f", firm="a") == {"auditor", "finance"}
    assert staff(Grant("legal")).roles_at(NOW, "", fund="f") == {"legal"}
    with pytest.raises(ValueError, match="a city, a fund or a firm"):
        Grant("finance", "suzhou", fund="f")
