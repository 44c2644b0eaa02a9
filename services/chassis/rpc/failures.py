"""What went wrong, read from a failed call: for command line and console, which show it to people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2

from services.chassis.rpc.status import DETAILS_KEY
from services.kernel.errors import Violation
from services.kernel.text import Text

# For statuses that come from gRPC itself and carry no details.
_BARE: Final = {
    "CANCELLED": Text("请求已取消", "the request was cancelled"),
    "DEADLINE_EXCEEDED": Text(
        "处理超时，请稍后重试或缩小范围", "the deadline passed; retry, or ask for less"
    ),
    "UNAVAILABLE": Text(
        "服务暂不可用，请确认服务已启动后重试", "the service cannot be reached; check that it runs, and retry"
    ),
    "RESOURCE_EXHAUSTED": Text(
        "请求过大或过于频繁，请减小后重试", "the request is too large or too frequent; reduce it and retry"
    ),
    "UNIMPLEMENTED": Text(
        "服务不支持此操作，请核对版本", "the service does not know this method; check its version"
    ),
    "UNAUTHENTICATED": Text("请先登录", "sign in first"),
}
_UNKNOWN: Final = Text("服务返回了未说明的错误", "the service failed without saying why")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call. `code` is the gRPC status name; `reason` is stable and may be matched on."""

    code: str
    reason: str
    text: Text
    violations: tuple[Violation, ...] = ()
    request_id: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    retry_seconds: float | None = None

    def at(self, name: str) -> tuple[Violation, ...]:
        """What is wrong with a field, by the last part of its path."""
        return tuple(each for each in self.violations if each.field.rpartition(".")[2] == name)


def read_failure(error: grpc.RpcError) -> Failure:
    """The failure that an RpcError of any channel, sync or asyncio, stands for. Never raises."""
    call: Any = error
    code = call.code().name if hasattr(call, "code") and call.code() is not None else "UNKNOWN"
    status = _status(call)
    if status is None:
        return Failure(code, code, _BARE.get(code, _UNKNOWN))
    info, localized = _detail(status, details.ErrorInfo()), _detail(status, details.LocalizedMessage())
    retry = _detail(status, details.RetryInfo())
    return Failure(
        code,
        info.reason or code,
        Text(localized.message or status.message, status.message),
        _violations(status),
        _detail(status, details.RequestInfo()).request_id,
        dict(info.metadata),
        retry.retry_delay.ToTimedelta().total_seconds() if retry.HasField("retry_delay") else None,
    )


def _status(call: Any) -> status_pb2.Status | None:
    for key, value in (call.trailing_metadata() if hasattr(call, "trailing_metadata") else None) or ():
        if key == DETAILS_KEY:
            try:
                return status_pb2.Status.FromString(value)
            except DecodeError:
                return None
    return None


def _detail(status: status_pb2.Status, into: Any) -> Any:
    for packed in status.details:
        if packed.Is(into.DESCRIPTOR):
            packed.Unpack(into)
    return into


def _violations(status: status_pb2.Status) -> tuple[Violation, ...]:
    bad, state = _detail(status, details.BadRequest()), _detail(status, details.PreconditionFailure())
    fields = [
        Violation(
            each.field,
            each.reason,
            Text(each.localized_message.message or each.description, each.description),
        )
        for each in bad.field_violations
    ]
    for each in state.violations:
        zh, _, en = each.description.partition(" / ")
        fields.append(Violation(each.subject, each.type, Text(zh, en or zh)))
    return tuple(fields)
