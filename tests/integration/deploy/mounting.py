"""What the manifests mount for a container, in a directory of its own: keys, addresses of databases, certificates."""

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.authority import Authority, pem
from tests.unit.deploy.manifests import (
    KEYS,
    Manifest,
    container,
    named,
    secrets_made,
    secrets_mounted,
)

PLACE = "/etc/bole"
"""Where the manifests mount all of it."""


@dataclass(frozen=True)
class Mounts:
    """Directories of files as the pods of an overlay have them, beneath `folder`. `keys`: where the files of keys are;
    `urls`: of the databases, by service; `log`, `database`: who signed for the broker and for PostgreSQL.
    """

    folder: Path
    overlay: str
    user: int
    keys: Path
    urls: Mapping[str, str]
    log: Authority
    database: Authority
    house: Authority = field(default_factory=Authority)

    def give(self, item: Manifest, service: str) -> str:
        """Write what is mounted for the one container of this workload; the place of it in the sandbox."""
        own = self.folder / f"{item['kind']}-{item['metadata']['name']}".lower()
        for mount in container(item)["volumeMounts"]:
            path = Path(mount["mountPath"])
            if path.is_relative_to(PLACE):
                place = own / path.relative_to(PLACE)
                place.mkdir(parents=True)
                self._write(item, service, str(path), place)
        self._belong_to_the_group(own)
        return f"{PLACE}/{own.name}"

    def _write(self, item: Manifest, service: str, mounted: str, place: Path) -> None:
        kind = mounted.removeprefix(f"{PLACE}/")
        if mounted == KEYS:
            for secret, listed in secrets_mounted(item, KEYS).items():
                for name in listed or secrets_made()[secret]:
                    shutil.copy(self.keys / name, place / name)
        elif kind == "database":
            (place / "uri").write_text(self.urls[service])
        elif kind == "database-ca":
            (place / "ca.crt").write_bytes(pem(self.database.certificate))
        elif kind == "log":
            self.log.issue(place, service, host=None, names=[service])
        elif kind == "tls":
            self.house.issue(place, service, host=None, names=self._names(service))
        elif kind == "partners":
            (place / "ca.crt").write_bytes(pem(Authority("partners").certificate))
        else:
            assert kind == "identity", f"{mounted}: nothing is known of what is mounted there"
            (place / "client-secret").write_text(secrets.token_urlsafe())

    def _names(self, service: str) -> list[str]:
        """What the house's certificate of a service is made for."""
        (names,) = (
            each["spec"]["dnsNames"]
            for each in named(self.overlay, "Certificate").values()
            if each["spec"]["secretName"] == f"{service}-tls"
        )
        found: list[str] = names
        return found

    def _belong_to_the_group(self, own: Path) -> None:
        """As `fsGroup` and `defaultMode: 0440` have it."""
        for path in (own, *own.rglob("*")):
            if os.getuid() == 0:
                os.chown(path, 0, self.user)
                path.chmod(0o750 if path.is_dir() else 0o440)


def placed(env: Mapping[str, str], place: str) -> dict[str, str]:
    """The environment with what is mounted at the container's own place: one sandbox holds all containers."""
    return {name: value.replace(f"{PLACE}/", f"{place}/") for name, value in env.items()}
