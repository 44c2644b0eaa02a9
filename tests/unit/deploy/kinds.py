"""The kinds of objects that operators serve, and what may stand in them (from where: `schemas/README.md`)."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.unit.deploy.manifests import Manifest, group

SCHEMAS = Path(__file__).parent / "schemas"
VERSION = "v1"


def served() -> set[str]:
    """Each as group/kind."""
    return {f"{path.parent.name}/{path.stem}" for path in SCHEMAS.glob("*/*.json")}


def faults(item: Manifest) -> Iterator[str]:
    """What its operator would not take of an object."""
    of, kind = group(item), item["kind"]
    name = f"{kind} {item['metadata']['name']}"
    if f"{of}/{kind}" not in served() or item["apiVersion"] != f"{of}/{VERSION}":
        yield f"{name}: nobody serves {item['apiVersion']}"
        return
    for error in _validator(of, kind).iter_errors(item):
        yield f"{name}: {error.json_path}: {error.message}"


@cache
def _validator(of: str, kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / of / f"{kind}.json").read_text()))
