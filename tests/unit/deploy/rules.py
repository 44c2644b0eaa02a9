"""Rules between the objects of an overlay. Each takes the objects and names what breaks it; nothing named: it holds."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.unit.deploy import kinds
from tests.unit.deploy.manifests import WORKLOADS, Manifest, container, group, pod, template

OF_KUBERNETES = {"", "apps", "autoscaling", "batch", "networking.k8s.io", "policy"}
ENFORCED = "pod-security.kubernetes.io/enforce"
WARNED = "pod-security.kubernetes.io/warn"
_HOST, _ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
_CLUSTER, _POOL = "strimzi.io/cluster", "strimzi.io/pool-name"
_RELEASE = "pod-template-hash"
_INSTANCE = {"cnpg.io/podRole": "instance"}
_BUSY_SECONDS = 2
_MEBIBYTES = {"Mi": 1, "Gi": 1024}

Faults = Iterator[str]
Rule = Callable[[list[Manifest]], Faults]


def operators_take_their_objects(items: list[Manifest]) -> Faults:
    """Every object is of Kubernetes itself, whose schemas are checked, or such as its operator serves."""
    for item in items:
        if group(item) not in OF_KUBERNETES:
            yield from kinds.faults(item)


def services_lead_to_ports(items: list[Manifest]) -> Faults:
    """A Service's port is one that the pods behind it open; a headless one does not translate its number."""
    for service in _of(items, "Service"):
        behind = _selected(items, service["spec"]["selector"])
        if len(behind) != 1:
            yield f"{_name(service)}: pods of {[_name(item) for item in behind]}"
            continue
        opened = {port["name"]: port["containerPort"] for port in container(behind[0])["ports"]}
        for port in service["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            number = opened.get(target, target)
            if number not in opened.values():
                yield f"{_name(service)}: {target} is no port of its pods"
            elif service["spec"].get("clusterIP") == "None" and number != port["port"]:
                yield f"{_name(service)}: {port['port']} leads to {number}, headless"


def autoscalers_have_a_target(items: list[Manifest]) -> Faults:
    """An autoscaler's target is there, asks for the CPU that it is measured by, and is never the one writer."""
    there = {(item["apiVersion"], item["kind"], _name(item)): item for item in _serving(items)}
    for scaler in _of(items, "HorizontalPodAutoscaler"):
        spec, wanted = scaler["spec"], scaler["spec"]["scaleTargetRef"]
        target = there.get((wanted["apiVersion"], wanted["kind"], wanted["name"]))
        if target is None:
            yield f"{_name(scaler)}: nothing to scale"
        elif target["kind"] == "StatefulSet" or "cpu" not in container(target)["resources"]["requests"]:
            yield f"{_name(scaler)}: cannot scale {wanted['name']}"
        if not 1 < spec["minReplicas"] <= spec["maxReplicas"]:
            yield f"{_name(scaler)}: from {spec['minReplicas']} to {spec['maxReplicas']} replicas"


def releases_take_no_replica_away(items: list[Manifest]) -> Faults:
    """A new pod is ready before an old one goes. A StatefulSet's only replica cannot have this."""
    for item in _of(items, "Deployment"):
        rolling = item["spec"]["strategy"]["rollingUpdate"]
        if rolling["maxUnavailable"] != 0 or rolling["maxSurge"] in (0, "0%"):
            yield f"{_name(item)}: {rolling}"


def budgets_leave_a_replica(items: list[Manifest]) -> Faults:
    """Each workload that serves has one budget of its own name: it leaves a replica and lets a node be drained."""
    scaled = {_name(item): item["spec"]["minReplicas"] for item in _of(items, "HorizontalPodAutoscaler")}
    budgets = {_name(item): item["spec"] for item in _of(items, "PodDisruptionBudget")}
    for item in _serving(items):
        name = _name(item)
        budget = budgets.pop(name, None)
        if budget is None or not _selects(budget["selector"]["matchLabels"], item):
            yield f"{name}: no budget"
            continue
        replicas = scaled.get(name) or item["spec"]["replicas"]
        least = budget.get("minAvailable")
        if not (least == 0 if replicas == 1 else isinstance(least, int) and 0 < least < replicas):
            yield f"{name}: {least} of {replicas} stay"
        if budget["unhealthyPodEvictionPolicy"] != "AlwaysAllow":
            yield f"{name}: a pod that is not ready holds a node"
    yield from (f"{name}: a budget for nothing" for name in budgets)


def replicas_are_spread(items: list[Manifest]) -> Faults:
    """Replicas go to different zones, and within one to different hosts, counted by the labels that their own pods
    have: what a pod says replaces what the cluster would do. Those that a release takes away do not count: else the new
    ones shun where they were. Brokers of one pool never share a host, nor do instances of one database, which their
    operator by itself only prefers.
    """
    for item in _serving(items):
        over = pod(item).get("topologySpreadConstraints", [])
        if {each["topologyKey"] for each in over if each["maxSkew"] == 1} != {_HOST, _ZONE}:
            yield f"{_name(item)}: not spread"
        if not all(_selects(each["labelSelector"]["matchLabels"], item) for each in over):
            yield f"{_name(item)}: counts pods of others"
        if item["kind"] == "Deployment" and any(each.get("matchLabelKeys") != [_RELEASE] for each in over):
            yield f"{_name(item)}: counts pods that a release takes away"
    for item in _of(items, "Kafka"):
        over = item["spec"]["kafka"]["template"]["pod"].get("topologySpreadConstraints", [])
        counted = {"labelSelector": {"matchLabels": {_CLUSTER: _name(item)}}, "matchLabelKeys": [_POOL]}
        strict = {"maxSkew": 1, "topologyKey": _HOST, "whenUnsatisfiable": "DoNotSchedule", **counted}
        if strict not in over:
            yield f"{_name(item)}: brokers share a host"
    for item in _of(items, "Cluster"):
        apart = item["spec"]["affinity"]
        if (apart.get("podAntiAffinityType"), apart["topologyKey"]) != ("required", _HOST):
            yield f"{_name(item)}: instances share a host"
        counted = {"labelSelector": {"matchLabels": {**_INSTANCE, "cnpg.io/cluster": _name(item)}}}
        zones = {"maxSkew": 1, "topologyKey": _ZONE, "whenUnsatisfiable": "ScheduleAnyway", **counted}
        if zones not in item["spec"].get("topologySpreadConstraints", []):
            yield f"{_name(item)}: instances share a zone"


def probes_bear_a_busy_loop(items: list[Manifest]) -> Faults:
    """Readiness and liveness wait longer than an overloaded service lets a refusal wait, and no longer than to the next
    question: the second that kubelet waits by itself would take a busy replica out, and its load to the others.
    """
    for item in _serving(items):
        for probe in ("readinessProbe", "livenessProbe"):
            asked = container(item).get(probe, {})
            if not _BUSY_SECONDS < asked.get("timeoutSeconds", 1) <= asked.get("periodSeconds", 10):
                yield f"{_name(item)}: {probe} waits {asked.get('timeoutSeconds', 1)} s"


def what_operators_start_asks_for_memory(items: list[Manifest]) -> Faults:
    """A pod that asks for nothing is the first that a node short of memory sends away."""
    for item in items:
        spec = item.get("spec", {})
        asking = {
            "Cluster": lambda spec: [spec],
            "KafkaNodePool": lambda spec: [spec],
            "ObjectStore": lambda spec: [spec["instanceSidecarConfiguration"]],
            "Kafka": lambda spec: list(spec["entityOperator"].values()),
        }.get(item["kind"], lambda _spec: [])(spec)
        for each in asking:
            if "memory" not in each.get("resources", {}).get("requests", {}):
                yield f"{item['kind']} {_name(item)}: asks for no memory"


def what_writes_to_a_disk_asks_for_it(items: list[Manifest]) -> Faults:
    """A pod asks for as much of its node's disk as its own folders may take: else it is put where there is less, and is
    the first that a node short of disk sends away.
    """
    for item in (each for each in items if each["kind"] in WORKLOADS):
        folders = [each["emptyDir"]["sizeLimit"] for each in pod(item)["volumes"] if "emptyDir" in each]
        asked = container(item)["resources"]["requests"].get("ephemeral-storage", "0Mi")
        if _mebibytes(asked) < sum(map(_mebibytes, folders)):
            yield f"{_name(item)}: asks for {asked} of {folders}"


def the_namespace_is_restricted(items: list[Manifest]) -> Faults:
    """All stands in one namespace of ours, which refuses pods that are not restricted, and says so of what makes them
    when it is applied: else a Deployment is taken, and none of its pods.
    """
    (space,) = _of(items, "Namespace")
    for label in (ENFORCED, WARNED):
        if space["metadata"].get("labels", {}).get(label) != "restricted":
            yield f"{_name(space)}: {label} takes any pod"
    for item in items:
        if item is not space and item["metadata"].get("namespace") != _name(space):
            yield f"{item['kind']} {_name(item)}: elsewhere"


def the_console_is_whole(items: list[Manifest]) -> Faults:
    """Its probes ask for /healthz at the port of its address; it has everything that a service has."""
    (only,) = (container(item) for item in _serving(items) if _name(item) == "console")
    address = {each["name"]: each["value"] for each in only["env"]}["BOLE_CONSOLE_ADDRESS"]
    opened = {port["name"]: port["containerPort"] for port in only["ports"]}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = only.get(probe, {}).get("httpGet", {})
        port = asked.get("port")
        if asked.get("path") != "/healthz" or str(opened.get(port, port)) != address.rpartition(":")[2]:
            yield f"console: {probe} {asked}"
    for kind in ("Service", "ServiceAccount", "NetworkPolicy", "PodDisruptionBudget"):
        if "console" not in map(_name, _of(items, kind)):
            yield f"console: no {kind}"


RULES: tuple[Rule, ...] = (
    operators_take_their_objects,
    services_lead_to_ports,
    autoscalers_have_a_target,
    releases_take_no_replica_away,
    budgets_leave_a_replica,
    replicas_are_spread,
    probes_bear_a_busy_loop,
    what_operators_start_asks_for_memory,
    what_writes_to_a_disk_asks_for_it,
    the_namespace_is_restricted,
    the_console_is_whole,
)


def _of(items: Iterable[Manifest], kind: str) -> list[Manifest]:
    return [item for item in items if item["kind"] == kind]


def _serving(items: Iterable[Manifest]) -> list[Manifest]:
    return [item for item in items if item["kind"] in {"Deployment", "StatefulSet"}]


def _selected(items: Iterable[Manifest], labels: dict[str, Any]) -> list[Manifest]:
    return [item for item in items if item["kind"] in WORKLOADS and _selects(labels, item)]


def _selects(labels: dict[str, Any], item: Manifest) -> bool:
    return bool(labels) and labels.items() <= template(item)["metadata"]["labels"].items()


def _name(item: Manifest) -> str:
    found: str = item["metadata"]["name"]
    return found


def _mebibytes(quantity: str) -> int:
    return int(quantity[:-2]) * _MEBIBYTES[quantity[-2:]]
