"""Failures as pages: what is wrong, where, what to do, and the id under which the service logged it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import grpc
from starlette.responses import RedirectResponse, Response

from services.chassis.rpc.failures import Failure, read_failure
from services.console.web.pointing import STALE, plainly
from services.console.web.rendering import render
from services.console.web.sessions import forget
from services.console.web.visits import Visit
from services.kernel import errors
from services.kernel.errors import BoleError
from services.kernel.text import Text
from services.wording.codes import roles_named

Sent = TypeVar("Sent")
STATUS = {
    "INVALID_ARGUMENT": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "FAILED_PRECONDITION": 409,
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_TITLES = {
    400: Text("这个请求有误", "This request is wrong"),
    401: Text("需要登录", "Sign in first"),
    403: Text("没有权限", "Not allowed"),
    404: Text("没有找到", "Not found"),
    409: Text("现在不能这样做", "Not possible now"),
    413: Text("内容过大", "Too large"),
    429: Text("请求过多", "Too many requests"),
    503: Text("服务暂不可用", "Service unavailable"),
    504: Text("处理超时", "Took too long"),
}
_FORBIDDEN = 403
_OTHER = Text("出错了", "Something went wrong")
_REMEDIES = {
    401: Text("在本机运行 bole login 取得登录链接。", "Run `bole login` on this machine for a sign-in link."),
    403: Text(
        "请由有此权限的人员办理；如应由您办理，请与账号管理员联系。",
        "Let somebody do it who may; if it should be you, ask the administrator of your accounts.",
    ),
    404: Text("请核对地址，或从导航重新进入。", "Check the address, or start from the navigation."),
    409: Text("请刷新页面，按最新状态再试。", "Reload the page and try with what is there now."),
    429: Text("请稍候再试。", "Wait a moment and try again."),
    503: Text("请确认服务已启动（bole status），稍后重试。", "Check that the services run (`bole status`)."),
    504: Text("请缩小范围或稍后重试。", "Ask for less, or try again later."),
}
_REMEDIES_OF = {
    "ROLE_MISSING": Text(
        "请由具备该角色的人员办理。如应由您办理，请账号管理员（单位身份服务的管理者）授予角色，然后重新登录。",
        "Let somebody with that role do it. If it should be you, ask the administrator of your accounts "
        "(who runs your identity service) for the role, then sign in again.",
    ),
    "CITY_NOT_GRANTED": Text(
        "请由该市的人员办理。如应由您办理，请账号管理员把该市加入您的授权，然后重新登录。",
        "Let an officer of that city do it. If it should be you, ask the administrator of your accounts "
        "for that city, then sign in again.",
    ),
    "PURPOSE_NEEDED": Text("请写明使用目的后再试。", "State your purpose, then try again."),
    "PURPOSE_NOT_GRANTED": Text(
        "请改用已授权的使用目的；如需新增，请账号管理员授予，然后重新登录。",
        "State a purpose that you are granted; the administrator of your accounts grants others. Then sign in again.",
    ),
    "COI_UNDECLARED": Text(
        "请先在项目页声明利益冲突。", "Declare your interests on the page of the deal first."
    ),
    "RECUSED": Text("请由没有利益关系的人员办理。", "Let somebody do it who has no interest in the firm."),
    STALE: Text(
        "请回到原页面，看过最新内容后再提交。", "Go back, look at what stands there now, and send it again."
    ),
    "FOREIGN_FORM": Text("请回到原页面，刷新后重新提交。", "Go back, reload the page and send it again."),
}
"""By reason, where what to do is not the same for all of a status."""
_OURS = {
    errors.InvalidArgument: "INVALID_ARGUMENT",
    errors.OutOfRange: "OUT_OF_RANGE",
    errors.Unauthenticated: "UNAUTHENTICATED",
    errors.PermissionDenied: "PERMISSION_DENIED",
    errors.NotFound: "NOT_FOUND",
    errors.AlreadyExists: "ALREADY_EXISTS",
    errors.FailedPrecondition: "FAILED_PRECONDITION",
    errors.Aborted: "ABORTED",
    errors.ResourceExhausted: "RESOURCE_EXHAUSTED",
    errors.Unavailable: "UNAVAILABLE",
}


def failure_of(error: grpc.RpcError | BoleError) -> Failure:
    """One form for what a service refused and what was refused here."""
    if isinstance(error, grpc.RpcError):
        return plainly(read_failure(error))
    code = next((code for kind, code in _OURS.items() if isinstance(error, kind)), "INTERNAL")
    return plainly(
        Failure(code, error.reason, error.text, tuple(error.violations), metadata=dict(error.metadata))
    )


def answered(send: Callable[[], Sent], tell: Callable[[Failure], Response]) -> Sent | Response:
    """What `send` answers; what is refused is told by `tell`, on the page where it was asked.

    Nothing may be asked of a service in `send` after the change: what failed there would be told as a refusal of it.
    Raises what is refused to a visitor who is not signed in any more.
    """
    try:
        return send()
    except (grpc.RpcError, BoleError) as error:
        failure = failure_of(error)
        if failure.code == "UNAUTHENTICATED":
            raise
        return tell(failure)


def status_of(failure: Failure | None) -> int:
    """The status of the page that tells of it."""
    return 200 if failure is None else STATUS.get(failure.code, 500)


def refuse(visit: Visit, failure: Failure) -> Response:
    """The page of a failure; a visitor who is not signed in, or no longer, is sent to sign in."""
    status = status_of(failure)
    if status == 401 and visit.path != "/sign-in":
        answer = RedirectResponse(visit.link("/sign-in", next=next_of(visit)), 303)
        forget(answer)
        return answer
    return page(visit, status, failure)


def page(visit: Visit, status: int, failure: Failure | None = None, said: Text | None = None) -> Response:
    """A page that says why there is no other."""
    given: dict[str, Any] = {
        "title": _TITLES.get(status, _OTHER),
        "said": said or (failure.text if failure else _OTHER),
        "remedy": _remedy(status, failure),
        "roles": roles_named(_roles(visit)) if status == _FORBIDDEN and visit.principal else None,
        "failure": failure,
        "number": status,
    }
    return render(visit, "layout/refusal.html", status, **given)


def _remedy(status: int, failure: Failure | None) -> Text | None:
    """What to do; nothing where what is said says that already: a condition that has to hold first."""
    if failure is None:
        return _REMEDIES.get(status)
    left = failure.code != "FAILED_PRECONDITION"
    return _REMEDIES_OF.get(failure.reason) or (_REMEDIES.get(status) if left else None)


def _roles(visit: Visit) -> Iterable[str]:
    """What the visitor may be here."""
    grants = visit.principal.live_grants(visit.now) if visit.principal else ()
    return dict.fromkeys(each.role for each in grants)


def next_of(visit: Visit) -> str:
    """Where to go on after signing in: this page, if it only shows something."""
    return visit.link() if visit.request.method == "GET" else "/"
