"""Signing in: by the one-time link of `bole login`, or with a token of the identity service; and out."""

from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.chassis import sign_in
from services.chassis.settings import Settings
from services.chassis.tokens import StaffTokens
from services.console.web.answering import Desk
from services.console.web.paths import inside
from services.console.web.rendering import render
from services.console.web.visits import SESSION_COOKIE, Visit
from services.kernel.clock import Clock
from services.kernel.errors import Unauthenticated
from services.kernel.text import Text

_HOURS = 12


class SignIn:
    """The pages before all others."""

    def __init__(self, settings: Settings, desk: Desk, tokens: StaffTokens, clock: Clock) -> None:
        self._data_dir: Path = settings.data_dir
        self._local = settings.environment == "local"
        self._desk = desk
        self._tokens = tokens
        self._clock = clock

    def routes(self) -> list[Route]:
        """`/sign-in` and `/sign-out`."""
        return [
            Route("/sign-in", self._desk.endpoint(self.show), methods=["GET"]),
            Route("/sign-in", self._desk.endpoint(self.paste), methods=["POST"]),
            Route("/sign-out", self._desk.endpoint(self.leave), methods=["POST"]),
        ]

    def show(self, visit: Visit) -> Response:
        """The form; with the code of a link, straight in."""
        code = visit.get("code")
        if not code or not self._local:
            return self._form(visit, None)
        try:
            return self._enter(visit, sign_in.take(self._data_dir, code, self._clock.now()))
        except Unauthenticated as refused:
            return self._form(visit, refused.text)

    def paste(self, visit: Visit) -> Response:
        """In with a token."""
        try:
            return self._enter(visit, visit.form.get("token", ""))
        except Unauthenticated as refused:
            return self._form(visit, refused.text)

    def leave(self, visit: Visit) -> Response:
        """Out."""
        answer = RedirectResponse(visit.link("/sign-in"), 303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    def _form(self, visit: Visit, problem: Text | None) -> Response:
        status = 401 if problem else 200
        return render(visit, "sign_in.html", status, problem=problem, local=self._local)

    def _enter(self, visit: Visit, token: str) -> Response:
        """The cookie, and on. Raises Unauthenticated for a token that is not valid."""
        self._tokens.authenticate(token, self._clock.now())
        answer = RedirectResponse(inside(visit.get("next")), 303)
        answer.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=_HOURS * 3600,
            secure=self._desk.secure,
            httponly=True,
            samesite="lax",
        )
        return answer
