"""Who reaches whom by the network policies of an overlay, as a cluster would enforce them."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from tests.unit.deploy.manifests import Manifest, named, pod, template, workloads

Labels = dict[str, str]
OURS = "bole"


@dataclass(frozen=True)
class Peer:
    """A pod: its name here, its labels, its namespace, and the ports it listens on. `address`: of one outside."""

    name: str
    labels: tuple[tuple[str, str], ...]
    ports: tuple[int, ...] = ()
    namespace: str = OURS
    address: str = ""


def peers(overlay: str) -> list[Peer]:
    """The pods of the overlay's workloads."""
    return [
        Peer(
            item["metadata"]["name"],
            tuple(template(item)["metadata"]["labels"].items()),
            tuple(port["containerPort"] for port in pod(item)["containers"][0].get("ports", ())),
        )
        for item in workloads(overlay)
    ]


def edges(overlay: str, pods: list[Peer]) -> Iterator[tuple[str, str, int]]:
    """(from, to, port) of every connection to or from our namespace that both sides' policies let through."""
    policies = [item["spec"] for item in named(overlay, "NetworkPolicy").values()]
    for source in pods:
        for target in pods:
            for port in (
                target.ports if source != target and OURS in (source.namespace, target.namespace) else ()
            ):
                out = _allowed(policies, "Egress", source, target, port)
                if out and _allowed(policies, "Ingress", target, source, port):
                    yield source.name, target.name, port


def _allowed(policies: list[Manifest], direction: str, own: Peer, other: Peer, port: int) -> bool:
    """Whether the policies that select `own` let it speak with `other`; pods of other namespaces have none of ours."""
    ruling = [
        spec
        for spec in policies
        if direction in spec["policyTypes"]
        and own.namespace == OURS
        and _selects(spec["podSelector"], own.labels)
    ]
    rules = [rule for spec in ruling for rule in spec.get(direction.lower(), ())]
    return not ruling or any(_admits(rule, direction, other, port) for rule in rules)


def _admits(rule: Manifest, direction: str, other: Peer, port: int) -> bool:
    ends = rule.get("from" if direction == "Ingress" else "to")
    ports = rule.get("ports")
    return (ends is None or any(_is(end, other) for end in ends)) and (
        ports is None or any(each["port"] == port for each in ports)
    )


def _is(end: Manifest, other: Peer) -> bool:
    if "ipBlock" in end:
        return bool(other.address) and _within(end["ipBlock"], ip_address(other.address))
    namespaces = end.get("namespaceSelector")
    if namespaces is None:
        here = other.namespace == OURS
    else:
        here = _selects(namespaces, (("kubernetes.io/metadata.name", other.namespace),))
    return here and _selects(end.get("podSelector", {}), other.labels)


def _within(block: Manifest, address: IPv4Address | IPv6Address) -> bool:
    left_out = any(address in ip_network(each) for each in block.get("except", ()))
    return address in ip_network(block["cidr"]) and not left_out


def _selects(selector: Manifest, labels: tuple[tuple[str, str], ...]) -> bool:
    have = dict(labels)
    wanted: Labels = selector.get("matchLabels", {})
    for expression in selector.get("matchExpressions", ()):
        assert expression["operator"] == "In", expression
        if have.get(expression["key"]) not in expression["values"]:
            return False
    return wanted.items() <= have.items()
