"""One binding as an operation of OpenAPI."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.chassis.comments import Comments
from services.chassis.contract import OUTPUT_ONLY, REQUIRED, access_of, behaviors_of, is_own
from services.chassis.policy import ANYONE
from services.console.gateway.bindings import WHOLE, Binding
from services.console.gateway.openapi.schemas import TEXTS, Schema, Schemas
from services.console.gateway.query import DEEPEST
from services.console.gateway.templates import ANY
from services.wording.methods import method_title

_TOKEN: Final = "resume_token"  # noqa: S105 (the name of a field)
_PROBLEM: Final = {"$ref": "#/components/responses/Problem"}
QUOTA_HEADERS: Final = ("RateLimit", "RateLimit-Policy")
"""What a partner is told of its quota."""
_BOTH: Final[list[Schema]] = [{"staff": []}, {"partner": []}]
KNOWN: Final[Schema] = {"description": "What the caller has is the current version."}
COMMON: Final = ("Purpose", "Timeout", "AcceptLanguage", "RequestId")
EVENTS: Final = "x-bole-events"
"""What the events of a stream hold, by their names: OpenAPI 3.1 has no word for it."""
_ENDED: Final = (
    "Last of all, why the stream ends here; come back with the last id where its `code` is UNAVAILABLE or "
    "RESOURCE_EXHAUSTED."
)


def path_of(binding: Binding) -> tuple[str, list[str]]:
    """The path as OpenAPI writes it, `/v1/persons/{person}:withdraw`, and its parameters."""
    parts, names = [], []
    for at, segment in enumerate(binding.template.segments):
        if segment == ANY:
            names.append(_singular(binding.template.segments[at - 1]))
            segment = f"{{{names[-1]}}}"
        parts.append(segment)
    verb = f":{binding.template.verb}" if binding.template.verb else ""
    return "/" + "/".join(parts) + verb, names


def operation(binding: Binding, schemas: Schemas, comments: Comments, *, again: bool) -> Schema:
    """The operation. `again`: it is a further form of a method that has one already."""
    method, said = binding.method, comments.of(binding.method.full_name)
    roles = list(access_of(method).roles)
    partners = bool({ANYONE, "partner"} & set(roles))
    made: Schema = {
        "operationId": f"{method.containing_service.name}_{method.name}{binding.verb.title() if again else ''}",
        "tags": [method.containing_service.name],
        "summary": f"{method_title(method.containing_service.name, method.name).zh} {method.name}",
        "description": said,
        "parameters": list(_parameters(binding, schemas)),
        "responses": {"200": _answer(binding, schemas, partners=partners), "default": _PROBLEM},
        "security": _BOTH if partners else _BOTH[:1],
        "x-bole-rpc": binding.rpc,
        "x-bole-roles": roles,
    }
    if binding.body:
        made["requestBody"] = _body(binding, schemas)
    if binding.verb == "GET" and _has_version(binding):
        made["responses"]["304"] = KNOWN
    return made


def _parameters(binding: Binding, schemas: Schemas) -> Iterator[Schema]:
    for name in path_of(binding)[1]:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if binding.body != WHOLE:
        bound = {each.field for each in binding.template.variables} | {binding.body}
        yield from _query(binding.request, schemas, bound, "", DEEPEST)
    if binding.verb != "GET":
        for header, field in (("IfMatch", "etag"), ("IdempotencyKey", "request_id")):
            if _has(binding, field):
                yield {"$ref": f"#/components/parameters/{header}"}
    elif _has_version(binding):
        yield {"$ref": "#/components/parameters/IfNoneMatch"}
    if _is_stream(binding):
        yield {"$ref": "#/components/parameters/LastEventId"}
    for name in COMMON:
        yield {"$ref": f"#/components/parameters/{name}"}


def _query(
    descriptor: Descriptor, schemas: Schemas, bound: set[str], before: str, depth: int
) -> Iterator[Schema]:
    for field in descriptor.fields:
        name = before + field.name
        if name in bound or OUTPUT_ONLY in behaviors_of(field):
            continue
        inner = field.message_type
        if inner is not None and inner.full_name not in TEXTS:
            if depth > 1 and not field.is_repeated:
                yield from _query(inner, schemas, bound, f"{name}.", depth - 1)
            continue
        yield _query_parameter(field, schemas, name, required=not before and REQUIRED in behaviors_of(field))


def _query_parameter(field: FieldDescriptor, schemas: Schemas, name: str, *, required: bool) -> Schema:
    whole = schemas.field(field)
    said = whole.pop("description", "")
    if field.message_type is not None:
        whole = dict(TEXTS[field.message_type.full_name])
    made: Schema = {"name": name, "in": "query", "schema": whole}
    if said:
        made["description"] = said
    if required:
        made["required"] = True
    return made


def _has(binding: Binding, field: str) -> bool:
    places = [binding.request]
    for name in ("command", binding.body):
        inner = binding.request.fields_by_name.get(name)
        if inner is not None and inner.message_type is not None and (name == "command" or field == "etag"):
            places.append(inner.message_type)
    return any(field in each.fields_by_name for each in places)


def _body(binding: Binding, schemas: Schemas) -> Schema:
    if binding.method.client_streaming:
        return {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    if binding.body == WHOLE:
        bound = frozenset(each.field for each in binding.template.variables)
        schema = schemas.object(binding.request, bound)
    else:
        schema = schemas.field(binding.request.fields_by_name[binding.body])
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(binding: Binding, schemas: Schemas, *, partners: bool) -> Schema:
    made = _content(binding, schemas)
    names = ["ETag"] if _has_version(binding) else []
    if partners and (not binding.method.server_streaming or _is_stream(binding)):
        names += QUOTA_HEADERS
    return made | {"headers": headers(names)} if names else made


def _has_version(binding: Binding) -> bool:
    output = binding.method.output_type
    return not binding.method.server_streaming and is_own(output) and "etag" in output.fields_by_name


def _is_stream(binding: Binding) -> bool:
    """Whether it answers with events that can be resumed, and not with a file."""
    return binding.method.server_streaming and _TOKEN in binding.method.output_type.fields_by_name


def headers(names: Sequence[str]) -> Schema:
    """Headers of an answer, described among the components."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _content(binding: Binding, schemas: Schemas) -> Schema:
    output: Any = binding.method.output_type
    if not binding.method.server_streaming:
        return {
            "description": output.name,
            "content": {"application/json": {"schema": schemas.message(output)}},
        }
    if _is_stream(binding):
        return {
            "description": "Events, each with its resume token as `id`; `Last-Event-ID` resumes there. Their `data` is "
            f"JSON, of the type that `{EVENTS}` has for the name of the event.",
            "content": {
                "text/event-stream": {"schema": {"type": "string"}, EVENTS: _events(output, schemas)}
            },
        }
    return {"description": "The file.", "content": {"application/octet-stream": {"schema": {}}}}


def _events(output: Descriptor, schemas: Schemas) -> Schema:
    """The events of a stream: one for each field beside the token, and the one that tells why it ended."""
    told = {each.name: schemas.field(each) for each in output.fields if each.name != _TOKEN}
    return {**told, "problem": {"$ref": "#/components/schemas/Problem", "description": _ENDED}}


def _singular(collection: str) -> str:
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("sses", "ss"), ("s", "")):
        if collection.endswith(ending):
            return collection.removesuffix(ending) + instead
    return collection
