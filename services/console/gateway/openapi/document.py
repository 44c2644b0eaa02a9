"""The whole document."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from services.chassis.comments import Comments
from services.chassis.policy import PURPOSES
from services.console.gateway.bindings import Binding
from services.console.gateway.headers import DEFAULT_SECONDS, MOST_SECONDS
from services.console.gateway.openapi.operations import (
    COMMON,
    KNOWN,
    QUOTA_HEADERS,
    headers,
    operation,
    path_of,
)
from services.console.gateway.openapi.schemas import Schema, Schemas
from services.console.gateway.openapi.webhooks import described_webhooks
from services.wording.methods import method_title, service_title

VERSION: Final = "3.1.0"
_TEXTS: Final = {"type": "object", "properties": {each: {"type": "string"} for each in ("zh-CN", "en")}}
_PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "RFC 9457, in the caller's language, with both languages in `messages`.",
    "required": ["type", "title", "status", "detail", "code", "reason", "messages", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "urn:bole:problem:<reason>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "gRPC status"},
        "reason": {"type": "string", "description": "Stable; may be matched on."},
        "messages": _TEXTS,
        "violations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "reason": {"type": "string"},
                    "detail": {"type": "string"},
                    "messages": _TEXTS,
                },
            },
        },
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "request_id": {"type": "string"},
    },
}
_PARAMETERS: Final[Schema] = {
    "Purpose": ("x-bole-purpose", "Purpose of the call; what it shows depends on it.", sorted(PURPOSES)),
    "Timeout": ("x-bole-timeout", f"Seconds to wait: {DEFAULT_SECONDS:.0f}, at most {MOST_SECONDS}.", None),
    "AcceptLanguage": ("accept-language", "zh (the default) or en, for problems.", None),
    "RequestId": ("x-request-id", "The caller's id of the request, 8 to 64 letters, digits and hyphens.", None),
    "IfMatch": ("if-match", "Version that the change is for, as its ETag was read; 412 if there is a newer one.", None),
    "IfNoneMatch": ("if-none-match", "Version that the caller has, by its ETag; 304 while it is current.", None),
    "LastEventId": ("last-event-id", "Id of the last event that was taken: the stream goes on after it.", None),
    "IdempotencyKey": ("idempotency-key", "UUID of this attempt; a repeated attempt gets the first answer.", None),
}  # fmt: skip
_RESTRICTIONS: Final = ("kinds", "anchor", "direction_codes", "city_codes")
"""Parameters that a stream and its pages have in common."""
_HEADERS: Final = {
    "ETag": "Version of what is answered.",
    "RateLimit": "Calls that a partner can make now (`r`), or in how many seconds (`t`).",
    "RateLimit-Policy": "Calls that a partner can make at once (`q`), and the seconds after which it can again (`w`).",
}


def document(forms: Iterable[Binding], comments: Comments) -> Schema:
    """OpenAPI 3.1 of all forms."""
    schemas, paths, tags = Schemas(comments), dict[str, Any](), dict[str, str]()
    seen: Counter[str] = Counter()
    for each in forms:
        made = operation(each, schemas, comments, again=seen[each.rpc] > 0)
        # Further forms of one verb differ in their paths alone.
        if seen[each.rpc] and made["operationId"].endswith("Get"):
            made["operationId"] += str(seen[each.rpc])
        seen[each.rpc] += 1
        paths.setdefault(path_of(each)[0], {})[each.verb.lower()] = made
        service = each.method.containing_service
        tags[service.name] = f"{service_title(service.name).zh}. {comments.of(service.full_name)}"
    paths["/v1/events"] = {"get": _events(paths["/v1/matches:watch"]["get"]["parameters"])}
    return {
        "openapi": VERSION,
        "info": {
            "title": "Bole",  # generated clients and their packages are called by it
            "version": "v1",
            "description": "伯乐 Bole. Names, limits and roles are the contract's; "
            "`x-bole-rpc` names the gRPC method of each. `/v1/codes.json` has the names of codes, and "
            "`/v1/contract.binpb` the compiled contract, for gRPC and for the topics of `/v1/asyncapi.json`.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": said} for name, said in tags.items()],
        "paths": dict(sorted(paths.items())),
        "webhooks": described_webhooks(),
        "components": _components(schemas),
    }


def _components(schemas: Schemas) -> Schema:
    return {
        "schemas": {**dict(sorted(schemas.made.items())), "Problem": _PROBLEM},
        "parameters": {key: _header(*given) for key, given in _PARAMETERS.items()},
        "headers": {
            name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()
        },
        "responses": {
            "Problem": {
                "description": "What is wrong, by which rule, and what to do.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                "headers": headers(QUOTA_HEADERS),
            }
        },
        "securitySchemes": {
            "staff": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "partner": {"type": "apiKey", "in": "header", "name": "x-bole-key"},
        },
    }


def _header(name: str, said: str, values: list[str] | None) -> Schema:
    schema: Schema = {"type": "string"}
    if values:
        schema["enum"] = values
    return {"name": name, "in": "header", "description": said, "schema": schema}


def _events(of_stream: Sequence[Schema]) -> Schema:
    """The page of events, which no method of its own answers; what restricts the stream restricts it alike."""
    given = {
        "after": (
            {"type": "string"},
            "`next_after` of the page before; without it from the oldest event kept.",
        ),
        "start_time": (
            {"type": "string", "format": "date-time"},
            "The first page begins with the first event of this instant or later; not together with `after`.",
        ),
        "page_size": (
            {"type": "integer", "minimum": 1, "maximum": 500},
            "Events wanted at most; 100 unless given.",
        ),
    }
    parameters = [
        {"name": name, "in": "query", "schema": schema, "description": said}
        for name, (schema, said) in given.items()
    ]
    parameters += [each for each in of_stream if each.get("name") in _RESTRICTIONS]
    event = {"$ref": "#/components/schemas/matcher.v1.MatchEvent"}
    answer = {
        "type": "object",
        "properties": {
            "events": {
                "type": "array",
                "items": event,
                "description": "Events of this page, the oldest first.",
            },
            "next_after": {"type": "string", "description": "Goes into the next question as `after`."},
            "level": {"type": "boolean", "description": "Whether there were no more when the page was made."},
        },
    }
    return {
        "operationId": "Events_List",
        "tags": ["MatchingService"],
        "summary": f"{method_title('MatchingService', 'ListEvents').zh} ListEvents",
        "description": "The events of WatchMatches page by page, without a gap, for who keeps no connection.",
        "parameters": parameters
        + [{"$ref": f"#/components/parameters/{each}"} for each in ("IfNoneMatch", *COMMON)],
        "responses": {
            "200": {
                "description": "Events.",
                "content": {"application/json": {"schema": answer}},
                "headers": headers(("ETag", *QUOTA_HEADERS)),
            },
            "304": KNOWN,
            "default": {"$ref": "#/components/responses/Problem"},
        },
        "security": [{"staff": []}, {"partner": []}],
    }
