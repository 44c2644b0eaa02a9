"""Each container is given the key files that its program reads, and no other."""

import pytest

from services.chassis.identity.tokens import PUBLIC_KEY_FILE
from services.chassis.keys import AUDIT_KEY, BACKUP_KEY, IDENTITY_KEY, LOCAL_KEYS
from tests.unit.deploy.manifests import (
    KEYS,
    OVERLAYS,
    Manifest,
    container,
    pod,
    secrets_made,
    secrets_mounted,
    workloads,
)

SERVING = {"page", AUDIT_KEY, PUBLIC_KEY_FILE}
OF_PEOPLE = {"kek", "digest"}
"""What opens what is sealed of people, and what identity numbers and partners' keys are digested with."""
OF_THE_JOBS = {"page"}
READ = {
    ("services.console", "serve"): {PUBLIC_KEY_FILE},
    ("services.talent", "serve"): SERVING | OF_PEOPLE,
    ("services.talent", "migrate"): OF_THE_JOBS | OF_PEOPLE,
    ("services.talent", "erasures"): OF_THE_JOBS | OF_PEOPLE,
    ("services.talent", "scrub"): OF_THE_JOBS,
    ("services.funding", "serve"): SERVING,
    ("services.funding", "migrate"): OF_THE_JOBS,
    ("services.funding", "scrub"): OF_THE_JOBS,
    ("services.matcher", "serve"): SERVING | OF_PEOPLE,
    ("services.matcher", "migrate"): OF_THE_JOBS,
    ("services.matcher", "revocations"): OF_THE_JOBS,
    ("services.matcher", "scrub"): OF_THE_JOBS,
}
"""That these are enough: `tests/integration/deploy/test_containers.py` runs each container with them alone."""


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_container_has_the_keys_that_its_program_reads_and_no_other(overlay: str) -> None:
    assert {_command(item): _given(item) for item in workloads(overlay)} == READ


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_keys_are_mounted_where_the_settings_have_them_and_nowhere_else(overlay: str) -> None:
    for item in workloads(overlay):
        places = [_secrets(volume) & secrets_made().keys() for volume in pod(item)["volumes"]]
        assert len([place for place in places if place]) == 1, item["metadata"]["name"]


def test_the_key_that_signs_people_in_and_that_of_backups_are_in_no_secret() -> None:
    made = secrets_made()
    assert set().union(*made.values()) == {*LOCAL_KEYS, AUDIT_KEY, PUBLIC_KEY_FILE}
    assert not {IDENTITY_KEY, BACKUP_KEY} & set().union(*made.values())


def _command(item: Manifest) -> tuple[str, str]:
    module, *arguments = container(item)["args"]
    return module, arguments[0] if arguments else "serve"


def _given(item: Manifest) -> set[str]:
    made = secrets_made()
    mounted = secrets_mounted(item, KEYS).items()
    return {name for secret, listed in mounted for name in listed or made[secret]}


def _secrets(volume: Manifest) -> set[str]:
    sources = volume.get("projected", {}).get("sources", [volume])
    found = [source["secret"] for source in sources if "secret" in source]
    return {each.get("secretName") or each["name"] for each in found}
