"""The ways in: what a partner shows reaches who judges it, and the gateway shows what the matcher asks of everybody."""

import pytest

from services.chassis.settings import load_settings
from tests.unit.deploy.manifests import OVERLAYS, container, files, named, service_workloads

OPEN = [overlay for overlay in OVERLAYS if named(overlay, "Gateway")]


@pytest.mark.parametrize("overlay", OPEN)
def test_a_partners_certificate_is_passed_on_to_the_matcher(overlay: str) -> None:
    listeners = {each["name"]: each for each in named(overlay, "Gateway")["bole"]["spec"]["listeners"]}
    route = named(overlay, "TLSRoute")["partner-certificates"]["spec"]
    (parent,), (host,) = route["parentRefs"], route["hostnames"]
    listener = listeners[parent["sectionName"]]
    assert (listener["protocol"], listener["tls"]) == ("TLS", {"mode": "Passthrough"})
    assert listener["hostname"] == host
    port = int(load_settings({}).matcher_address.rpartition(":")[2])
    assert route["rules"] == [{"backendRefs": [{"name": "matcher", "port": port}]}]
    assert host in named(overlay, "Certificate")["matcher"]["spec"]["dnsNames"]
    assert len({each["hostname"] for each in listeners.values()}) == len(listeners)
    matcher = service_workloads(overlay)["matcher"]
    env = {each["name"]: each["value"] for each in container(matcher)["env"]}
    directory, _, file = env["BOLE_PARTNER_AUTHORITIES"].rpartition("/")
    assert file in files(matcher)[directory]


@pytest.mark.parametrize("overlay", OPEN)
def test_the_gateway_shows_a_certificate_of_the_house(overlay: str) -> None:
    shown = named(overlay, "Gateway")["bole"]["spec"]["tls"]["backend"]["clientCertificateRef"]["name"]
    spec = named(overlay, "Certificate")["gateway"]["spec"]
    assert (spec["secretName"], spec["usages"]) == (shown, ["client auth"])
    assert spec["issuerRef"] == named(overlay, "Certificate")["matcher"]["spec"]["issuerRef"]


@pytest.mark.parametrize("overlay", OPEN)
def test_the_gateway_knows_the_authority_from_where_every_gateway_can_read_it(overlay: str) -> None:
    validation = named(overlay, "BackendTLSPolicy")["matcher"]["spec"]["validation"]
    assert [(each["group"], each["kind"]) for each in validation["caCertificateRefs"]] == [("", "ConfigMap")]
    assert validation["hostname"] in named(overlay, "Certificate")["matcher"]["spec"]["dnsNames"]
