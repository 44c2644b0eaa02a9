"""Make the schemas by which the tests judge objects of operators: `scripts/operator_schemas.py CRD.yaml …`.

Takes CustomResourceDefinitions, of an operator's release or of a cluster (`kubectl get crd NAME -o yaml`), and writes
for each version that the manifests may use what fields there are and what they may hold. What the API server works out
itself (rules in CEL, defaults, status) is left out, and a field that is not named is an error.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "unit" / "deploy" / "schemas"
_OF_VALUES = {
    "type",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
}
_OF_WHAT_GOES_TOGETHER = {"required", "oneOf", "anyOf", "allOf", "not"}
_OF_SCHEMAS = {"items", "additionalProperties"}
_SHARED_FROM = 200
"""Characters of a schema from which on it is written once, if it stands in several places."""
_VERSION = "v1"

Schema = dict[str, Any]


def main() -> None:
    """Write a file for each kind."""
    for path in sys.argv[1:]:
        for document in yaml.safe_load_all(Path(path).read_text()):
            if document and document["kind"] == "CustomResourceDefinition":
                _write(document["spec"])


def _write(definition: Schema) -> None:
    kind, group = definition["names"]["kind"], definition["group"]
    for version in definition["versions"]:
        if version["name"] == _VERSION:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            schema["properties"].pop("status", None)
            file = FOLDER / group / f"{kind}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(shared(schema), sort_keys=True, separators=(",", ":")) + "\n")
            sys.stdout.write(f"{group}/{_VERSION} {kind}\n")


def strict(given: Schema) -> Schema:
    """A structural schema of Kubernetes in JSON Schema, by which fields that it does not name are errors."""
    if given.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    found: Schema = {}
    for name, value in given.items():
        if name == "properties":
            found[name] = {field: strict(each) for field, each in value.items()}
        elif name in _OF_SCHEMAS and isinstance(value, dict):
            found[name] = strict(value)
        elif name in _OF_VALUES | _OF_WHAT_GOES_TOGETHER | _OF_SCHEMAS:
            # the fields that go together are named beside it
            found[name] = value
    if found.get("properties") and not given.get("x-kubernetes-preserve-unknown-fields"):
        found.setdefault("additionalProperties", False)
    if given.get("nullable"):
        return {"anyOf": [found, {"type": "null"}]}
    return found


def shared(schema: Schema) -> Schema:
    """The same with what stands in several places written once."""
    counts = Counter(_text(each) for each in _parts(schema))
    names = {
        text: f"s{number}"
        for number, text in enumerate(
            sorted(text for text, count in counts.items() if count > 1 and len(text) >= _SHARED_FROM)
        )
    }

    def named(part: Schema, *, whole: bool = False) -> Schema:
        name = None if whole else names.get(_text(part))
        return {"$ref": f"#/$defs/{name}"} if name else _with_parts(part, named)

    return named(schema) | {
        "$defs": {name: named(json.loads(text), whole=True) for text, name in names.items()}
    }


def _parts(schema: Schema) -> Iterator[Schema]:
    yield schema
    found: list[Schema] = []
    _with_parts(schema, lambda part: found.append(part) or part)
    for each in found:
        yield from _parts(each)


def _with_parts(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The schema with another in place of each that its fields and elements have."""
    changed = dict(schema)
    if "properties" in schema:
        changed["properties"] = {name: change(each) for name, each in schema["properties"].items()}
    for name in _OF_SCHEMAS & schema.keys():
        if isinstance(schema[name], dict):
            changed[name] = change(schema[name])
    return changed


def _text(part: Schema) -> str:
    return json.dumps(part, sort_keys=True)


if __name__ == "__main__":
    main()
