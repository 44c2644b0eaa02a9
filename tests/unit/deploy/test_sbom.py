"""The list of the software's parts names everything that an install takes, by the digests of the locks."""

import importlib.util
import json
import re
from types import ModuleType

import pytest

from tests.unit.deploy.manifests import ROOT


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "scripts" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_locked_part_is_named_with_all_its_digests(sbom: ModuleType) -> None:
    lock = (ROOT / "requirements.lock").read_text()
    document = sbom.bill()
    named = {f"{each['name']}=={each['version']}": each for each in document["components"]}
    locked = re.findall(r"(?m)^([a-z0-9._-]+==[^\s;\\]+)", lock)
    assert set(locked) <= set(named)
    digests = {each["content"] for part in named.values() for each in part["hashes"]}
    assert set(re.findall(r"sha256:([0-9a-f]{64})", lock)) <= digests
    assert all(part["hashes"] for part in named.values())
    assert {"htmx.org"} == {part["name"] for part in named.values() if part["purl"].startswith("pkg:npm/")}


def test_the_same_locks_give_the_same_list(sbom: ModuleType) -> None:
    assert json.dumps(sbom.bill()) == json.dumps(sbom.bill())
    refs = [each["bom-ref"] for each in sbom.bill()["components"]]
    assert len(refs) == len(set(refs))
