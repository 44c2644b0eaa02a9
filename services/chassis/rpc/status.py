"""The one mapping from errors to gRPC statuses, with details as in google.rpc (AIP-193).

The message is English; the Chinese text travels in LocalizedMessage and in each field violation. The whole
status stays below 6 KiB, because clients refuse larger trailers: violations that do not fit are counted.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2

from services.chassis.rpc.call import DeadlineExceeded
from services.chassis.telemetry.logs import log
from services.kernel import errors

DOMAIN: Final = "bole"
DETAILS_KEY: Final = "grpc-status-details-bin"
RETRY_KEY: Final = "grpc-retry-pushback-ms"
"""By which gRPC's own clients, where they are told to ask again at all, know how long to wait before it
(https://github.com/grpc/proposal/blob/master/A6-client-retries.md).
"""
_TYPES: Final = "type.googleapis.com"
_LARGEST: Final = 6_000
_LONGEST_TEXT: Final = 600
_RETRY_AFTER: Final = timedelta(seconds=2)

CODES: Final[dict[type[errors.BoleError], grpc.StatusCode]] = {
    errors.InvalidArgument: grpc.StatusCode.INVALID_ARGUMENT,
    errors.OutOfRange: grpc.StatusCode.OUT_OF_RANGE,
    errors.Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    errors.PermissionDenied: grpc.StatusCode.PERMISSION_DENIED,
    errors.NotFound: grpc.StatusCode.NOT_FOUND,
    errors.AlreadyExists: grpc.StatusCode.ALREADY_EXISTS,
    errors.FailedPrecondition: grpc.StatusCode.FAILED_PRECONDITION,
    errors.Aborted: grpc.StatusCode.ABORTED,
    errors.ResourceExhausted: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.Unavailable: grpc.StatusCode.UNAVAILABLE,
    DeadlineExceeded: grpc.StatusCode.DEADLINE_EXCEEDED,
}


def status_code(error: BaseException) -> grpc.StatusCode:
    """The status code of an error; INTERNAL for one that is not of the error tree."""
    for kind in type(error).__mro__:
        if kind in CODES:
            return CODES[kind]
    return grpc.StatusCode.INTERNAL


def to_status(error: Exception, request_id: str) -> status_pb2.Status:
    """The status that the caller gets. An unknown error is logged, and told only as a request id."""
    code = status_code(error)
    if code is grpc.StatusCode.INTERNAL or not isinstance(error, errors.BoleError):
        log(logging.ERROR, "unexpected error", error=error, request_id=request_id)
        return _internal(request_id)
    status = status_pb2.Status(code=code.value[0], message=error.text.en[:_LONGEST_TEXT])
    _add(status, details.RequestInfo(request_id=request_id))
    _add(status, details.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=_bounded(error.metadata)))
    _add(status, details.LocalizedMessage(locale="zh-CN", message=error.text.zh[:_LONGEST_TEXT]))
    for detail in _specific(error):
        _add(status, detail)
    return status


class Repeated:
    """The status of a refusal that very many callers are told: made once, but for the request id of each.

    Messages that stand one after the other on the wire are read as one, their repeated fields put together
    (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
    """

    def __init__(self, error: errors.ResourceExhausted) -> None:
        self.error = error
        common = to_status(error, "")
        del common.details[0]
        self._common: bytes = common.SerializeToString()

    def encoded(self, request_id: str) -> bytes:
        """The status with this request id, as `to_status` makes it."""
        own = status_pb2.Status()
        _add(own, details.RequestInfo(request_id=request_id))
        encoded: bytes = own.SerializeToString()
        return encoded + self._common


def _internal(request_id: str) -> status_pb2.Status:
    status = status_pb2.Status(
        code=grpc.StatusCode.INTERNAL.value[0], message=f"internal error; request id {request_id}"
    )
    _add(status, details.ErrorInfo(reason="INTERNAL", domain=DOMAIN))
    _add(status, details.RequestInfo(request_id=request_id))
    zh = f"系统内部错误，请联系管理员并提供请求号 {request_id}"
    _add(status, details.LocalizedMessage(locale="zh-CN", message=zh))
    return status


def _specific(error: errors.BoleError) -> Iterator[Message]:
    if isinstance(error, errors.FailedPrecondition) and error.violations:
        yield _preconditions(error.violations)
    elif error.violations:
        yield _bad_request(error.violations)
    if isinstance(error, errors.ResourceExhausted | errors.Unavailable):
        retry, stated = details.RetryInfo(), error.metadata.get("retry_after_ms")
        retry.retry_delay.FromTimedelta(timedelta(milliseconds=int(stated)) if stated else _RETRY_AFTER)
        yield retry


def _bad_request(violations: tuple[errors.Violation, ...]) -> details.BadRequest:
    request = details.BadRequest()
    for violation in violations:
        request.field_violations.add(
            field=violation.field,
            reason=violation.reason,
            description=violation.text.en[:_LONGEST_TEXT],
            localized_message={"locale": "zh-CN", "message": violation.text.zh[:_LONGEST_TEXT]},
        )
        if request.ByteSize() > _LARGEST // 2:
            rest = len(violations) - len(request.field_violations)
            request.field_violations.add(field="*", reason="MORE", description=f"and {rest} more")
            return request
    return request


def _preconditions(violations: tuple[errors.Violation, ...]) -> details.PreconditionFailure:
    """google.rpc has no second language here, so a description holds both, Chinese first, apart by ` / `."""
    failure = details.PreconditionFailure()
    for violation in violations:
        failure.violations.add(
            type=violation.reason, subject=violation.field, description=str(violation.text)[:_LONGEST_TEXT]
        )
        if failure.ByteSize() > _LARGEST // 2:
            break
    return failure


def _bounded(metadata: dict[str, str]) -> dict[str, str]:
    return {key: value[:_LONGEST_TEXT] for key, value in list(metadata.items())[:8]}


def _add(status: status_pb2.Status, detail: Message) -> None:
    packed = Any(type_url=f"{_TYPES}/{detail.DESCRIPTOR.full_name}", value=detail.SerializeToString())
    if status.ByteSize() + packed.ByteSize() <= _LARGEST:
        status.details.append(packed)
