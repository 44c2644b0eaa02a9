"""The network policies let through the call graph and nothing else."""

import pytest

from tests.unit.deploy.manifests import OVERLAYS, SERVICES, named, settings
from tests.unit.deploy.reach import Peer, edges, peers

DNS = Peer("dns", (("k8s-app", "kube-dns"),), (53,), "kube-system")
PROMETHEUS = Peer("prometheus", (), (9090,), "monitoring")
IDENTITY = Peer("identity", (), (8443,), "identity")
COLLECTOR = Peer("collector", (), (4317,), "tracing")
GATEWAY = Peer("gateway", (), (), "gateways")
STRANGER = Peer("stranger", (("app.kubernetes.io/name", "stranger"),), (8080,))
ELSEWHERE = Peer("elsewhere", (("bole/caller", "true"),), (8080,), "default")
OUTSIDE = [
    Peer(f"outside-{at}", (), (80, 443), "internet", at)
    for at in (
        "8.8.8.8",
        "2606:4700::1111",
        "10.9.9.9",
        "169.254.169.254",
        "100.100.100.200",
        "fd00:ec2::254",
    )
]
PARTNER, PARTNERS_PORT = Peer("partner", (), (), "internet", "203.0.113.7"), 9094
CALLER = Peer("caller", (("app.kubernetes.io/part-of", "bole"), ("bole/caller", "true")))
CONSOLE = 8080
LISTS = {"talent": ("erasures-talent",), "matcher": ("revocations-matcher",)}
PORTS = {"talent": (50051, 9101), "funding": (50052, 9102), "matcher": (50053, 9103)}


def engines(overlay: str) -> list[Peer]:
    """The pods that the operators make, or that somebody labelled by hand."""
    clusters = list(named(overlay, "Cluster").values())
    if not clusters:
        return [
            Peer("postgresql", (("bole/engine", "postgresql"),), (5432,)),
            Peer("kafka", (("bole/engine", "kafka"),), (9092,)),
        ]
    databases = [
        Peer(
            item["metadata"]["name"],
            (
                *item["spec"]["inheritedMetadata"]["labels"].items(),
                ("cnpg.io/cluster", item["metadata"]["name"]),
            ),
            (5432,),
        )
        for item in clusters
    ]
    kafka = named(overlay, "Kafka")["bole"]["spec"]["kafka"]
    labels = kafka["template"]["pod"]["metadata"]["labels"]
    ports = tuple(each["port"] for each in kafka["listeners"])
    return [*databases, Peer("kafka", (*labels.items(), ("strimzi.io/cluster", "bole")), ports)]


def expected(overlay: str) -> set[tuple[str, str, int]]:
    """Callers call services, services their own database, the log and DNS; Prometheus looks at all of them."""
    own = bool(named(overlay, "Cluster"))
    graph = {("gateway", "console", CONSOLE), ("console", "dns", 53)}
    for name in SERVICES:
        grpc, metrics = PORTS[name]
        database = f"{name}-postgres" if own else "postgresql"
        graph |= {
            ("caller", name, grpc),
            ("console", name, grpc),
            ("prometheus", name, metrics),
            (name, "dns", 53),
        }
        graph.add((name, database, 5432))
        lists = LISTS.get(name, ())
        for job in (f"migrate-{name}", f"scrub-{name}", *lists):
            graph |= {(job, database, 5432), (job, "dns", 53)}
        graph.add((name, "kafka", 9093 if own else 9092))
        if own:
            graph.add((database, "dns", 53))
    if own:
        graph.add(("kafka", "dns", 53))
    if named(overlay, "Gateway"):
        graph.add(("gateway", "matcher", 50053))
    if "BOLE_IDENTITY_ISSUER" in settings(overlay):
        graph |= {(name, "identity", 8443) for name in (*SERVICES, "console")}
    if "BOLE_TRACE_COLLECTOR" in settings(overlay):
        graph |= {(name, "collector", 4317) for name in SERVICES}
    return graph


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_policies_are_the_call_graph(overlay: str) -> None:
    pods = [
        *peers(overlay),
        *engines(overlay),
        DNS,
        PROMETHEUS,
        GATEWAY,
        IDENTITY,
        COLLECTOR,
        CALLER,
        STRANGER,
        ELSEWHERE,
    ]
    assert set(edges(overlay, pods)) == expected(overlay) | {("caller", "dns", 53)}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_from_outside_partners_alone_reach_the_log_and_nothing_else(overlay: str) -> None:
    found = set(edges(overlay, [*peers(overlay), *engines(overlay), *OUTSIDE, PARTNER]))
    into = {each for each in found if each[0].startswith(("outside", "partner"))}
    open_ = "kafka-partners" in named(overlay, "NetworkPolicy")
    assert into == ({("partner", "kafka", PARTNERS_PORT)} if open_ else set())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_matcher_alone_reaches_out_and_only_to_public_addresses(overlay: str) -> None:
    found = set(edges(overlay, [*peers(overlay), *OUTSIDE]))
    out = {each for each in found if each[1].startswith("outside")}
    assert out == {("matcher", f"outside-{at}", 443) for at in ("8.8.8.8", "2606:4700::1111")}
