"""Stating what people are looked at for: kept for the session, shown on every page that it opens more of."""

from starlette.responses import RedirectResponse, Response

from services.console.web.paths import inside
from services.console.web.visits import PURPOSE_COOKIE, Visit
from services.kernel.errors import InvalidArgument


def state(visit: Visit, *, secure: bool) -> Response:
    """Keep the purpose, or forget it if none is given, and go back. Raises InvalidArgument for one not granted."""
    answer = RedirectResponse(inside(visit.form.get("next", "")), 303)
    stated = visit.form.get("purpose", "")
    if not stated:
        answer.delete_cookie(PURPOSE_COOKIE)
        return answer
    if stated not in visit.purposes:
        raise InvalidArgument.field(
            "purpose",
            "PURPOSE_NOT_GRANTED",
            "当前账号未被授权用于该目的",
            "this account is not granted for that purpose",
        )
    answer.set_cookie(PURPOSE_COOKIE, stated, secure=secure, httponly=True, samesite="lax")
    return answer
