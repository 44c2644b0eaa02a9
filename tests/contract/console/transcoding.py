"""The HTTP form of a gRPC request, made the way `google.api.http` says, by other code than the gateway's."""

from typing import Any
from urllib.parse import quote, urlencode

from google.protobuf.json_format import MessageToDict

from services.console.gateway.bindings import WHOLE, Binding


def http_form(binding: Binding, request: Any) -> tuple[str, str, Any]:
    """Verb, path with query, and body of a request."""
    left = type(request)()
    left.CopyFrom(request)
    parts = list(binding.template.segments)
    for variable in binding.template.variables:
        parts[variable.first : variable.end] = [quote(each, safe="") for each in _taken(left, variable.field)]
    path = "/" + "/".join(parts) + (f":{binding.template.verb}" if binding.template.verb else "")
    given = MessageToDict(left, preserving_proto_field_name=True)
    body = None
    if binding.body == WHOLE:
        return binding.verb, path, given
    if binding.body:
        body = given.pop(binding.body, {})
    pairs = list(_flat(given, ""))
    return binding.verb, path + (f"?{urlencode(pairs)}" if pairs else ""), body


def fits(binding: Binding, request: Any) -> bool:
    """Whether the request can be said in this form: its names have the form's pattern, and its query is flat."""
    for variable in binding.template.variables:
        value = request
        for each in variable.field.split("."):
            value = getattr(value, each)
        pattern = binding.template.segments[variable.first : variable.end]
        segments = value.split("/")
        if len(segments) != len(pattern) or not all(segments):
            return False
        if any(wanted not in ("*", found) for wanted, found in zip(pattern, segments, strict=True)):
            return False
    listed = [each for each, _ in request.ListFields() if each.is_repeated and each.message_type is not None]
    return not listed or binding.body == WHOLE


def _taken(message: Any, path: str) -> list[str]:
    *outer, name = path.split(".")
    for each in outer:
        message = getattr(message, each)
    value: str = getattr(message, name)
    message.ClearField(name)
    return value.split("/")


def _flat(given: dict[str, Any], before: str) -> Any:
    for name, value in given.items():
        if isinstance(value, dict) and set(value) == {"year", "month", "day"}:
            yield before + name, f"{value['year']:04}-{value['month']:02}-{value['day']:02}"
        elif value == {}:
            yield before + name, ""
        elif isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            for each in value if isinstance(value, list) else [value]:
                yield (
                    before + name,
                    {True: "true", False: "false"}.get(each, each) if isinstance(each, bool) else each,
                )
