"""Roles × cities × purposes × what is asked: the whole matrix of the matcher, every cell against the contract."""

from datetime import UTC, datetime
from itertools import product
from typing import Any, cast

import pytest
from google.protobuf.descriptor import MethodDescriptor

from bole.common.v1 import text_pb2
from bole.matcher.v1 import (
    match_pb2,
    match_run_service_pb2,
    matching_service_pb2,
    partner_certificate_service_pb2,
    partner_erasure_service_pb2,
    partner_service_pb2,
    partner_topic_service_pb2,
    progress_service_pb2,
    proposal_service_pb2,
    webhook_service_pb2,
)
from services.chassis.contract import access_of
from services.chassis.identity.identity import ROLES, Grant, Principal
from services.chassis.policy import FOR_PURPOSE, PURPOSES, clearance, may_call
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.matcher.domain.item import ItemKind
from services.matcher.rpc.seeing import Sight

NOW = datetime(2026, 6, 1, tzinfo=UTC)
_TELL = {"talent_officer", "fund_manager"}
_HOOKS = {"partner", "admin"}
_LOOK = _TELL | {"talent_viewer", "fund_analyst", "auditor"}
METHODS = {
    "FindMatches": _LOOK, "BatchFindMatches": _LOOK, "ExplainMatch": _LOOK, "PlaceAnchor": _LOOK,
    "WatchMatches": _TELL | {"partner", "partner_reader", "service"}, "GetIndexStatus": {"*"},
    "GetMatcherProgress": {"*"},
    "MatchAll": _TELL, "GetMatchRun": _TELL | {"auditor"}, "ListMatchRuns": _TELL | {"auditor"},
    "CancelMatchRun": _TELL, "ResumeMatchRun": _TELL, "DownloadMatchRun": _TELL,
    "GetProposal": _LOOK, "ListProposals": _LOOK, "CreateProposal": _TELL, "AdvanceProposal": _TELL,
    "CreatePartner": {"admin"}, "GetPartner": _HOOKS, "ListPartners": {"admin"},
    "CreatePartnerKey": _HOOKS, "ListPartnerKeys": _HOOKS, "RevokePartnerKey": _HOOKS,
    "CreatePartnerCertificate": {"admin"}, "ListPartnerCertificates": _HOOKS, "RevokePartnerCertificate": _HOOKS,
    "AcknowledgeErasures": {"partner", "partner_reader"}, "ListPartnerErasures": _HOOKS | {"partner_reader"},
    "CreatePartnerTopic": {"admin"}, "GetPartnerTopic": _HOOKS, "DeletePartnerTopic": {"admin"},
    "CreateWebhook": _HOOKS, "GetWebhook": _HOOKS, "ListWebhooks": _HOOKS, "UpdateWebhook": _HOOKS,
    "DeleteWebhook": _HOOKS, "RotateWebhookSecret": _HOOKS, "TestWebhook": _HOOKS, "ReplayWebhook": _HOOKS,
    "ListWebhookAttempts": _HOOKS, "RedeliverWebhookAttempt": _HOOKS,
}  # fmt: skip
_OPEN = {ItemKind.POSITION, ItemKind.DIRECTION, ItemKind.CELL}
_PEOPLE = {ItemKind.PERSON, ItemKind.TEAM}
SEEN = {
    "talent_officer": _OPEN | _PEOPLE | {ItemKind.FIRM}, "talent_viewer": _OPEN | _PEOPLE,
    "fund_manager": _OPEN | {ItemKind.FIRM, ItemKind.FUND},
    "fund_analyst": _OPEN | {ItemKind.FIRM, ItemKind.FUND},
    "auditor": set(ItemKind), "service": set(ItemKind),
}  # fmt: skip
_PERSONAL = {
    ("talent_officer", "talent-service"), ("talent_officer", "contact"), ("talent_officer", "verification"),
    ("fund_manager", "due-diligence"), ("fund_manager", "contact"), ("fund_analyst", "due-diligence"),
    ("auditor", "audit"),
}  # fmt: skip


def methods() -> dict[str, MethodDescriptor]:
    """Every method of the matcher."""
    modules = (
        matching_service_pb2,
        match_run_service_pb2,
        partner_certificate_service_pb2,
        partner_erasure_service_pb2,
        partner_service_pb2,
        partner_topic_service_pb2,
        progress_service_pb2,
        proposal_service_pb2,
        webhook_service_pb2,
    )
    services = [each for module in modules for each in module.DESCRIPTOR.services_by_name.values()]
    return {method.name: method for service in services for method in service.methods}


def held(role: str, city: str | None, purpose: str | None) -> Principal:
    """Somebody with one grant, who is granted the purpose."""
    return Principal(
        "s", "staff", (Grant(role, city=city, purposes=frozenset([purpose] if purpose else [])),)
    )


def test_the_matrix_names_every_method() -> None:
    assert methods().keys() == METHODS.keys()


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_open_to_the_roles_of_the_matrix_and_no_other(name: str) -> None:
    method = methods()[name]
    access = access_of(method)
    assert set(access.roles) == METHODS[name]
    assert not access.scopes
    for role, city in product(sorted(ROLES), (None, "suzhou")):
        able = may_call(held(role, city, None), method, NOW)
        assert able == bool(METHODS[name] & {role, "*"}), (role, city)
        for scoped in (Grant(role, fund="f"), Grant(role, firm="f")):
            assert not may_call(Principal("s", "staff", (scoped,)), method, NOW)


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("city", [None, "suzhou"])
def test_a_role_sees_the_sorts_of_the_matrix_and_no_other(role: str, city: str | None) -> None:
    principal = held(role, city, None)
    unknown = cast(Any, None)
    call = Call(principal, clearance(principal, None, NOW), None, "r", unknown, "m", "p", NOW, 0.0)
    sight = Sight.of(call, frozenset())
    assert sight.sorts == SEEN.get(role, _OPEN)
    funds = ItemKind.FUND in sight.sorts
    assert sight.funds.covers("suzhou", fund="f") == funds
    assert sight.funds.covers("wuxi", fund="f") == (funds and city is None)


@pytest.mark.parametrize("role", sorted(_LOOK))
def test_words_of_people_are_for_the_purposes_and_cities_of_the_matrix_and_no_other(role: str) -> None:
    redactor, method = Redactor(), methods()["ExplainMatch"]
    for city, purpose, of in product((None, "suzhou"), (None, *sorted(PURPOSES)), ("suzhou", "wuxi", "")):
        cleared = clearance(held(role, city, purpose), purpose, NOW, method)
        shown = redactor.redact(explanation(of), cleared).message
        personal = (role, purpose) in _PERSONAL and (city is None or city == of)
        where = (city, purpose, of)
        assert (shown.candidate.person_name == "张三") == personal, where
        assert bool(shown.matched_terms) == bool(shown.missing_terms) == personal, where
        assert bool(shown.changes[0].term) == personal, where
        assert all((shown.gates, shown.standing.zh, shown.changes)), where


def test_the_purposes_of_the_matrix_are_those_of_the_policy() -> None:
    assert {each for each in FOR_PURPOSE if each[0] in _LOOK} == _PERSONAL


def explanation(city: str) -> match_pb2.MatchExplanation:
    """A whole one of a person in a city; empty: of people of two cities."""
    whole = match_pb2.MatchExplanation
    return whole(
        candidate=match_pb2.Candidate(name="persons/p", person_name="张三", city_code=city),
        matched_terms=[whole.Term(text="碳化硅")],
        missing_terms=[whole.Term(text="外延")],
        gates=[whole.Gate(code="OPEN", passed=True)],
        standing=text_pb2.Text(zh="在名单上", en="listed"),
        changes=[whole.Change(code="TERM_ADDED", term="外延")],
        city_code=city,
    )
