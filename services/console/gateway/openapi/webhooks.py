"""What endpoints of partners are sent, as OpenAPI 3.1 describes webhooks."""

from typing import Any, Final

from services.console.gateway.openapi.schemas import Schema

_HEADERS: Final = {
    "webhook-id": "Id of the message: the same in every attempt of one event.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over id, timestamp and body with dots between them, once for "
    "each secret that stands, by Standard Webhooks.",
}
_TESTED: Final[Schema] = {
    "type": "object",
    "title": "WebhookTest",
    "description": "What a message of type `webhook.test` holds.",
    "required": ["webhook"],
    "properties": {"webhook": {"type": "string", "description": "Which webhook is tested, by its name."}},
}
_TYPES: Final = ["match.created", "match.rescored", "match.withdrawn", "match.erased", "webhook.test"]


def described_webhooks() -> dict[str, Any]:
    """The one message, and how an endpoint answers."""
    return {
        "match": {
            "post": {
                "operationId": "Webhooks_Match",
                "tags": ["WebhookService"],
                "summary": "MatchEvent",
                "description": "An event that the webhook is for, in its order; sent again until it is taken.",
                "parameters": [_header(name, said) for name, said in _HEADERS.items()],
                "requestBody": {"required": True, "content": {"application/json": {"schema": _body()}}},
                "responses": {
                    "2XX": {"description": "Taken; the next one is sent."},
                    "410": {"description": "Gone: the webhook is disabled, if it was sent in its turn."},
                    "default": {
                        "description": "Not taken; it is tried again, later where `retry-after` says so."
                    },
                },
            }
        }
    }


def _header(name: str, said: str) -> Schema:
    return {"name": name, "in": "header", "required": True, "description": said, "schema": {"type": "string"}}


def _body() -> Schema:
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "enum": _TYPES},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When the list was changed; of a test, when it was sent.",
            },
            "data": {"anyOf": [{"$ref": "#/components/schemas/matcher.v1.MatchEvent"}, _TESTED]},
        },
    }
