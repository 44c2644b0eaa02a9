"""Write the list of the software's parts (CycloneDX 1.6, JSON) from the lock files: `scripts/sbom.py FILE`.

Standard library only. The same locks give the same bytes, so that a list can be compared with that of a release.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parents[1]
LOCK = "requirements.lock"
VENDORED = "services/console/static/vendor/vendor.lock.json"
_PART = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*(.+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The document."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = [*_packages((root / LOCK).read_text(encoding="utf-8")), *_vendored(root / VENDORED)]
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(parts, sort_keys=True))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "purl": own,
            }
        },
        "components": parts,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in parts]}],
    }


def _packages(lock: str) -> Iterator[dict[str, Any]]:
    """Python packages with the SHA-256 of every file that an install may take."""
    part: dict[str, Any] | None = None
    for line in lock.splitlines():
        if found := _PART.match(line):
            if part is not None:
                yield part
            part = _component("pypi", found[1].lower(), found[2])
            if found[3]:
                part["properties"] = [{"name": "python:marker", "value": found[3]}]
        elif part is not None:
            part["hashes"] += [{"alg": "SHA-256", "content": each} for each in _HASH.findall(line)]
    if part is not None:
        yield part


def _vendored(lock: Path) -> Iterator[dict[str, Any]]:
    """Scripts that ship inside the package."""
    for package in json.loads(lock.read_text(encoding="utf-8")):
        part = _component("npm", package["name"], package["version"])
        part["hashes"] = [{"alg": "SHA-256", "content": file["sha256"]} for file in package["files"].values()]
        yield part | {"licenses": [{"license": {"id": package["licence"]}}]}


def _component(kind: str, name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name}@{version}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": []}


def main(arguments: list[str]) -> None:
    """Write it to the file named."""
    (path,) = arguments
    document = bill()
    Path(path).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path}: {len(document['components'])} parts")


if __name__ == "__main__":
    main(sys.argv[1:])
