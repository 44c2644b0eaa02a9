"""`bole rpc call`: any method of the contract, with a request written as JSON."""

import json
import sys
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message_factory import GetMessageClass

from services.cli.explaining import Contract
from services.cli.session import Session
from services.kernel.errors import InvalidArgument, NotFound
from services.kernel.text import Text

_SECONDS = 120.0


def call(session: Session, name: str, given: str) -> None:
    """Call a method and print its answer as JSON; of a stream, one line for each message.

    Raises NotFound for a name that is no one method's, InvalidArgument for a request that does not fit it or a method
    that takes a file, and grpc.RpcError as the service answers.
    """
    method = _method(name)
    if method.client_streaming:
        raise InvalidArgument.field(
            "METHOD",
            "TAKES_A_FILE",
            f"{method.name} 须上传文件，请用 bole talent import 或 bole firm import",
            f"{method.name} takes a file; use `bole talent import` or `bole firm import`",
        )
    service, _, short = method.full_name.rpartition(".")
    channel: Any = session.channel(service.split(".")[1])
    shape = channel.unary_stream if method.server_streaming else channel.unary_unary
    ask = shape(
        f"/{service}/{short}",
        request_serializer=GetMessageClass(method.input_type).SerializeToString,
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    request = _request(method, given)
    if method.server_streaming:
        _print_stream(ask(request))
    else:
        session.output.document(_plain(ask(request, timeout=_SECONDS)))


def _method(name: str) -> MethodDescriptor:
    contract = Contract()
    found = [each for each in contract.named(name) if isinstance(each, MethodDescriptor)]
    if len(found) == 1:
        return found[0]
    alike = [each.full_name.rpartition(".v1.")[2] for each in found] or contract.alike(name)
    raise NotFound(
        Text(
            f"没有唯一名为“{name}”的方法；可选：{'、'.join(alike) or 'bole explain 列出全部'}",
            f"{name!r} is not the name of one method; choose {', '.join(alike) or 'from `bole explain`'}",
        ),
        reason="UNKNOWN_METHOD",
    )


def _request(method: MethodDescriptor, given: str) -> Any:
    request = GetMessageClass(method.input_type)()
    try:
        return ParseDict(json.loads(given or "{}"), request)
    except (ValueError, ParseError) as error:
        raise InvalidArgument.field(
            "REQUEST",
            "BAD_REQUEST",
            f"请求不是 {method.input_type.name} 的 JSON：{error}；字段见 bole explain {method.name}",
            f"the request is no JSON of {method.input_type.name}: {error}; its fields: bole explain {method.name}",
        ) from None


def _print_stream(messages: Any) -> None:
    try:
        for each in messages:
            sys.stdout.write(json.dumps(_plain(each), ensure_ascii=False) + "\n")
            sys.stdout.flush()
    except grpc.RpcError as error:
        cancelled: Any = error
        if cancelled.code() != grpc.StatusCode.CANCELLED:
            raise


def _plain(message: Any) -> Any:
    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
