"""Failures as problem details (RFC 9457), in both languages; the service's words, and nothing added to them."""

import math
from typing import Any, Final

from services.chassis.rpc.failures import Failure
from services.chassis.rpc.interceptors.rationing import LIMIT_KEY, OVER_QUOTA, POLICY_KEY, left_of_quota
from services.chassis.rpc.status import status_code
from services.console.gateway.json import text as json_text
from services.console.gateway.refusals import STATUSES, HttpRefused
from services.console.gateway.replies import Reply
from services.kernel.errors import BoleError, Violation
from services.kernel.text import Language, Text

MEDIA_TYPE: Final = "application/problem+json"
_TITLES: Final = {
    400: Text("请求有误", "Bad request"),
    401: Text("未登录", "Not signed in"),
    403: Text("无权限", "Not permitted"),
    404: Text("不存在", "Not found"),
    405: Text("不支持此操作", "Method not allowed"),
    408: Text("请求超时", "Request timed out"),
    409: Text("与当前状态冲突", "Conflict"),
    412: Text("版本已变", "Changed since it was read"),
    413: Text("请求过大", "Too large"),
    415: Text("格式不支持", "Unsupported media type"),
    429: Text("超出限制", "Over a limit"),
    499: Text("请求已取消", "Cancelled"),
    500: Text("系统内部错误", "Internal error"),
    501: Text("未实现", "Not implemented"),
    503: Text("暂不可用", "Unavailable"),
    504: Text("超时", "Timed out"),
}


def of_error(error: BoleError) -> tuple[int, Failure, dict[str, str]]:
    """HTTP status, failure and headers of what the gateway itself refuses."""
    if isinstance(error, HttpRefused):
        failure = Failure("INVALID_ARGUMENT", error.reason, error.text)
        return error.status, failure, error.headers
    code = status_code(error).name
    failure = Failure(code, error.reason, error.text, error.violations, metadata=error.metadata)
    return status_of(failure, conditional=False), failure, {}


def status_of(failure: Failure, *, conditional: bool) -> int:
    """HTTP status of a refusal, of a service as of the gateway. `conditional`: the request had If-Match."""
    if conditional and failure.reason == "STALE_ETAG":
        return 412
    if failure.reason == "UPLOAD_TOO_LARGE":
        return 413
    return STATUSES.get(failure.code, 500)


def reply(
    status: int, failure: Failure, language: Language, request_id: str, headers: dict[str, str] | None = None
) -> Reply:
    """The whole answer; Retry-After where the service says when to come back, RateLimit where a quota is used up."""
    more = dict(headers or {})
    if failure.retry_seconds is not None:
        more["retry-after"] = str(max(1, math.ceil(failure.retry_seconds)))
        if failure.reason == OVER_QUOTA:
            more[LIMIT_KEY] = left_of_quota(0, failure.retry_seconds)
            more |= {key: said for key, said in failure.metadata.items() if key == POLICY_KEY}
    if status == 401:
        more["www-authenticate"] = "Bearer"
    more["content-language"] = "zh-CN" if language == "zh" else "en"
    body = json_text.write(document(status, failure, language, request_id))
    return Reply(status, body, MEDIA_TYPE, more)


def document(status: int, failure: Failure, language: Language, request_id: str) -> dict[str, Any]:
    """The problem as JSON."""
    title = _TITLES.get(status, _TITLES[500])
    return {
        "type": f"urn:bole:problem:{failure.reason}",
        "title": title.to(language),
        "status": status,
        "detail": failure.text.to(language),
        "code": failure.code,
        "reason": failure.reason,
        "messages": _both(failure.text),
        "violations": [_violation(each, language) for each in failure.violations],
        "metadata": dict(failure.metadata),
        "request_id": request_id or failure.request_id,
    }


def _violation(violation: Violation, language: Language) -> dict[str, Any]:
    return {
        "field": violation.field,
        "reason": violation.reason,
        "detail": violation.text.to(language),
        "messages": _both(violation.text),
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh-CN": text.zh, "en": text.en}
