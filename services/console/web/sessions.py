"""A session in its browser: the token in a cookie that no script reads, and beside it what renews the token."""

from typing import Final

from starlette.responses import Response

SESSION_COOKIE: Final = "bole_session"
RENEWAL_COOKIE: Final = "bole_renewal"
MARK: Final = "bole.session"
"""Where in a request's scope the mark of a session stands whose token is renewed: no client can write there."""
SECONDS: Final = 12 * 3600
LARGEST_COOKIE: Final = 3_900
"""Characters that every browser keeps with the cookie's name and attributes."""


def remember(response: Response, token: str, renewal: str | None = None, *, secure: bool) -> None:
    """Keep a session; without `renewal` it ends with its token."""
    keep(response, SESSION_COOKIE, token, SECONDS, secure=secure)
    if renewal is None:
        response.delete_cookie(RENEWAL_COOKIE)
    else:
        keep(response, RENEWAL_COOKIE, renewal, SECONDS, secure=secure)


def forget(response: Response) -> None:
    """Keep none any more."""
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(RENEWAL_COOKIE)


def keep(response: Response, name: str, value: str, seconds: int, *, secure: bool, path: str = "/") -> None:
    """A cookie that no script reads and no form of another site sends."""
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax", path=path)
