"""Every overlay keeps the rules between its objects, and each rule finds what it is there for."""

from copy import deepcopy
from typing import Any

import pytest

from tests.unit.deploy import rules
from tests.unit.deploy.manifests import OVERLAYS, built

_CONTAINER = "spec template spec containers 0"
_SPREAD = "spec template spec topologySpreadConstraints"
_BROKERS = "spec kafka template pod topologySpreadConstraints"

# Rule, object, the way to one of its fields, and what a slip writes there.
SLIPS: list[tuple[rules.Rule, str, str, Any]] = [
    (rules.operators_take_their_objects, "Cluster talent-postgres", "apiVersion", "postgresql.cnpg.io/v2"),
    (rules.operators_take_their_objects, "Certificate talent", "apiVersion", "certmanager.io/v1"),
    (rules.operators_take_their_objects, "KafkaTopic bole.persons.v1", "kind", "KafkaTopics"),
    (rules.operators_take_their_objects, "Deployment console", "apiVersion", "app/v1"),
    (rules.operators_take_their_objects, "KafkaTopic bole.persons.v1", "spec partitions", "one"),
    (rules.operators_take_their_objects, "KafkaTopic bole.persons.v1", "spec", {"partition": 1}),
    (rules.operators_take_their_objects, "Kafka bole", "spec kafka listeners 0 type", "inner"),
    (rules.operators_take_their_objects, "Cluster talent-postgres", "spec storage", {"sise": "1Gi"}),
    (rules.operators_take_their_objects, "Certificate talent", "spec issuerRef", {}),
    (rules.operators_take_their_objects, "HTTPRoute console", "spec rules", [{"backends": []}]),
    (rules.services_lead_to_ports, "Service talent", "spec ports 0 targetPort", "gprc"),
    (rules.services_lead_to_ports, "Service talent", "spec ports 0 targetPort", 50052),
    (rules.services_lead_to_ports, "Service talent", "spec ports 0 port", 50052),
    (rules.services_lead_to_ports, "Service talent", "spec selector", {"app": "talent"}),
    (rules.services_lead_to_ports, "Deployment console", f"{_CONTAINER} ports 0 name", "web"),
    (
        rules.autoscalers_have_a_target,
        "HorizontalPodAutoscaler talent",
        "spec scaleTargetRef name",
        "talents",
    ),
    (
        rules.autoscalers_have_a_target,
        "HorizontalPodAutoscaler talent",
        "spec scaleTargetRef apiVersion",
        "v1",
    ),
    (rules.autoscalers_have_a_target, "HorizontalPodAutoscaler talent", "spec minReplicas", 9),
    (
        rules.releases_take_no_replica_away,
        "Deployment talent",
        "spec strategy rollingUpdate maxUnavailable",
        1,
    ),
    (rules.releases_take_no_replica_away, "Deployment talent", "spec strategy rollingUpdate maxSurge", 0),
    (rules.budgets_leave_a_replica, "PodDisruptionBudget console", "spec minAvailable", 2),
    (rules.budgets_leave_a_replica, "PodDisruptionBudget console", "spec minAvailable", 0),
    (rules.budgets_leave_a_replica, "PodDisruptionBudget matcher", "spec minAvailable", 1),
    (rules.budgets_leave_a_replica, "PodDisruptionBudget console", "metadata name", "pages"),
    (rules.budgets_leave_a_replica, "PodDisruptionBudget console", "spec unhealthyPodEvictionPolicy", ""),
    (rules.replicas_are_spread, "Deployment console", _SPREAD, []),
    (rules.replicas_are_spread, "Deployment console", f"{_SPREAD} 0 topologyKey", "kubernetes.io/arch"),
    (
        rules.replicas_are_spread,
        "Deployment console",
        f"{_SPREAD} 0 labelSelector matchLabels",
        {"app.kubernetes.io/name": "talent"},
    ),
    (
        rules.replicas_are_spread,
        "Deployment console",
        f"{_SPREAD} 1 topologyKey",
        "topology.kubernetes.io/zone",
    ),
    (rules.replicas_are_spread, "Deployment console", f"{_SPREAD} 0 matchLabelKeys", []),
    (rules.replicas_are_spread, "Kafka bole", f"{_BROKERS} 1 whenUnsatisfiable", "ScheduleAnyway"),
    (rules.replicas_are_spread, "Kafka bole", f"{_BROKERS} 1 matchLabelKeys", []),
    (rules.replicas_are_spread, "Cluster talent-postgres", "spec affinity podAntiAffinityType", "preferred"),
    (rules.replicas_are_spread, "Cluster talent-postgres", "spec topologySpreadConstraints", []),
    (rules.probes_bear_a_busy_loop, "Deployment talent", f"{_CONTAINER} readinessProbe timeoutSeconds", 1),
    (rules.probes_bear_a_busy_loop, "Deployment talent", f"{_CONTAINER} livenessProbe timeoutSeconds", 11),
    (rules.what_operators_start_asks_for_memory, "Kafka bole", "spec entityOperator userOperator", {}),
    (rules.what_operators_start_asks_for_memory, "Cluster talent-postgres", "spec resources", {}),
    (rules.what_writes_to_a_disk_asks_for_it, "Deployment talent", f"{_CONTAINER} resources requests", {}),
    (
        rules.what_writes_to_a_disk_asks_for_it,
        "Job migrate-talent",
        "spec template spec volumes 2 emptyDir sizeLimit",
        "1Gi",
    ),
    (rules.the_namespace_is_restricted, "Namespace bole", f"metadata labels {rules.ENFORCED}", "baseline"),
    (rules.the_namespace_is_restricted, "Namespace bole", f"metadata labels {rules.WARNED}", "baseline"),
    (rules.the_namespace_is_restricted, "Service talent", "metadata namespace", "default"),
    (rules.the_console_is_whole, "Deployment console", f"{_CONTAINER} readinessProbe httpGet path", "/"),
    (rules.the_console_is_whole, "Deployment console", f"{_CONTAINER} livenessProbe", {}),
    (rules.the_console_is_whole, "Deployment console", f"{_CONTAINER} ports 0 containerPort", 8081),
    (rules.the_console_is_whole, "ServiceAccount console", "metadata name", "pages"),
    (rules.the_console_is_whole, "NetworkPolicy console", "metadata name", "pages"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_overlay_keeps_every_rule(overlay: str, rule: rules.Rule) -> None:
    assert list(rule(built(overlay))) == []


@pytest.mark.parametrize(("rule", "of", "way", "value"), SLIPS)
def test_a_rule_finds_a_slip(rule: rules.Rule, of: str, way: str, value: object) -> None:
    items = deepcopy(built("production"))
    place: Any
    (place,) = (item for item in items if f"{item['kind']} {item['metadata']['name']}" == of)
    *steps, last = way.split()
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    assert last in place
    place[last] = value
    assert list(rule(items))


def test_every_rule_has_a_slip_that_it_finds() -> None:
    assert {rule for rule, *_ in SLIPS} == set(rules.RULES)
