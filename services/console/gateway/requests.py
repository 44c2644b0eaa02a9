"""A gRPC request from the parts of an HTTP request: path, query, body and the headers that stand for fields."""

import asyncio
from typing import Any, Final

from google.protobuf.message import Message

from services.chassis.contract import IDENTIFIER, IMMUTABLE, OUTPUT_ONLY, behaviors_of
from services.chassis.rpc.uploads import Pace
from services.console.gateway import headers as heads
from services.console.gateway import query
from services.console.gateway.bindings import WHOLE, Binding
from services.console.gateway.headers import Headers
from services.console.gateway.json import text as json_text
from services.console.gateway.json.reading import Reader, fields_of
from services.console.gateway.refusals import not_json, too_large, too_slow
from services.console.gateway.replies import Receive
from services.kernel.errors import Aborted, InvalidArgument
from services.kernel.text import Text

LARGEST_BODY_MIB: Final = 4
"""As much as a gRPC message may have."""
BODY_SECONDS: Final = 30.0
IDEMPOTENCY: Final = "idempotency-key"
_FIXED: Final = frozenset({IDENTIFIER, IMMUTABLE, OUTPUT_ONLY})
_COMMAND: Final = "command"
_MASK: Final = "update_mask"


async def whole_body(receive: Receive, headers: Headers, patience: float = BODY_SECONDS) -> bytes:
    """The body, within the limit; `patience`: seconds to wait for each part, as `Pace` has it.

    Raises HttpRefused (413, 408), Aborted (BODY_INCOMPLETE) if the caller goes.
    """
    most = LARGEST_BODY_MIB * 1024 * 1024
    declared = headers.one("content-length")
    if declared is not None and declared.isdigit() and int(declared[:12]) > most:
        raise too_large(LARGEST_BODY_MIB)
    parts, size, pace = [], 0, Pace(patience)
    while True:
        try:
            message = await asyncio.wait_for(receive(), pace.patience(size))
        except TimeoutError:
            raise too_slow() from None
        if message["type"] == "http.disconnect":
            raise Aborted(Text("请求内容不完整", "the body is incomplete"), reason="BODY_INCOMPLETE")
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise too_large(LARGEST_BODY_MIB)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def build(
    binding: Binding, variables: dict[str, str], raw_query: bytes, headers: Headers, body: bytes
) -> Message:
    """The request of a call with at most one message. Raises InvalidArgument with all violations, HttpRefused (415)."""
    message: Any = binding.request_class()
    reader = Reader()
    given = _body_value(binding, headers, body)
    if binding.body:
        reader.fill(_body_holder(message, binding), given, "" if binding.body == WHOLE else binding.body)
    _query_and_path(message, binding, variables, raw_query, reader)
    if binding.verb == "PATCH":
        _mask_given(message, binding, given)
    reader.done()
    _headers_for_fields(message, binding, headers)
    return message  # type: ignore[no-any-return]  # its class is made from the descriptor


def from_query(binding: Binding, variables: dict[str, str], raw_query: bytes, bound: set[str]) -> Message:
    """The request of an upload or a stream: all but the fields `bound` from path and query."""
    message: Any = binding.request_class()
    reader = Reader()
    query.bind(message, query.pairs_of(raw_query), bound | variables.keys(), reader)
    _put_variables(message, variables, reader)
    reader.done()
    return message  # type: ignore[no-any-return]  # its class is made from the descriptor


def _body_value(binding: Binding, headers: Headers, body: bytes) -> Any:
    if not body:
        return {}
    if not binding.body:
        raise InvalidArgument.field(
            "body", "BODY_NOT_TAKEN", "此方法没有请求内容", "this method takes no body"
        )
    media = (headers.one("content-type") or "").partition(";")[0].strip().lower()
    coding = headers.one("content-encoding") or "identity"
    if media != "application/json" or coding.lower() != "identity":
        raise not_json(media if coding.lower() == "identity" else coding)
    return json_text.read(body)


def _body_holder(message: Any, binding: Binding) -> Any:
    if binding.body == WHOLE:
        return message
    holder = getattr(message, binding.body)
    holder.SetInParent()
    return holder


def _query_and_path(
    message: Any, binding: Binding, variables: dict[str, str], raw_query: bytes, reader: Reader
) -> None:
    bound = set(variables) | ({binding.body} if binding.body else set())
    query.bind(message, query.pairs_of(raw_query), bound, reader)
    _put_variables(message, variables, reader)


def _put_variables(message: Any, variables: dict[str, str], reader: Reader) -> None:
    for path, value in variables.items():
        *outer, name = path.split(".")
        holder = message
        for each in outer:
            holder = getattr(holder, each)
        if getattr(holder, name) not in ("", value):
            reader.refuse(
                path, "PATH_AND_BODY_DIFFER", "与路径中的名称不一致", "is not the name that the path has"
            )
        setattr(holder, name, value)


def _mask_given(message: Any, binding: Binding, given: Any) -> None:
    """A PATCH without a mask changes what its body names: also what it names to empty it."""
    if (
        _MASK not in binding.request.fields_by_name
        or message.update_mask.paths
        or not isinstance(given, dict)
    ):
        return
    fields = fields_of(binding.request.fields_by_name[binding.body].message_type)
    named = {
        fields[name].name for name in given if name in fields and not behaviors_of(fields[name]) & _FIXED
    }
    message.update_mask.paths.extend(sorted(named - {"etag"}))


def _headers_for_fields(message: Any, binding: Binding, headers: Headers) -> None:
    etag = heads.if_match(headers)
    if etag is not None:
        holder = _etag_holder(message, binding)
        if holder is None:
            raise InvalidArgument.field(
                "if-match", "IF_MATCH_NOT_TAKEN", "此方法不看版本", "this method does not look at versions"
            )
        _agree(holder, "etag", etag, "if-match")
    key = headers.one(IDEMPOTENCY)
    if key is not None:
        holder = _holder(message, binding, "request_id")
        if holder is None:
            raise InvalidArgument.field(
                IDEMPOTENCY, "REQUEST_ID_NOT_TAKEN", "此方法没有请求号", "this method takes no request id"
            )
        _agree(holder, "request_id", key.strip('"'), IDEMPOTENCY)


def _etag_holder(message: Any, binding: Binding) -> Any:
    """Where the version stands: in the request, its command, or the resource that it carries."""
    found = _holder(message, binding, "etag")
    if found is None and binding.body not in ("", WHOLE):
        resource = getattr(message, binding.body)
        return resource if "etag" in resource.DESCRIPTOR.fields_by_name else None
    return found


def _holder(message: Any, binding: Binding, name: str) -> Any:
    if name in binding.request.fields_by_name:
        return message
    command = binding.request.fields_by_name.get(_COMMAND)
    if command is not None and command.message_type and name in command.message_type.fields_by_name:
        return message.command
    return None


def _agree(holder: Any, name: str, value: str, header: str) -> None:
    if getattr(holder, name) not in ("", value):
        raise InvalidArgument.field(
            header, "HEADER_AND_FIELD_DIFFER", f"与字段 {name} 不一致", f"differs from the field {name}"
        )
    setattr(holder, name, value)
