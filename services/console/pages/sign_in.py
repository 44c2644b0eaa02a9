"""Signing in: by the one-time link of `bole login`, by the identity service, or with a token of it; and out."""

from dataclasses import replace
from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.chassis.identity import sign_in
from services.chassis.identity.tokens import StaffTokens
from services.chassis.settings import Settings
from services.console.identity.problems import PROBLEMS, UNAVAILABLE
from services.console.pages.sign_in_identity import IdentitySignIn
from services.console.web.answering import Desk
from services.console.web.paths import inside
from services.console.web.rendering import render
from services.console.web.sessions import forget, remember
from services.console.web.visits import Visit
from services.kernel.clock import Clock
from services.kernel.errors import Unauthenticated
from services.kernel.text import Text


class SignIn:
    """The pages before all others."""

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        tokens: StaffTokens,
        clock: Clock,
        identity: IdentitySignIn | None = None,
    ) -> None:
        self._data_dir: Path = settings.data_dir
        self._local = settings.environment == "local"
        self._desk = desk
        self._tokens = tokens
        self._clock = clock
        self._identity = identity

    def routes(self) -> list[Route]:
        """`/sign-in`, what is below it, and `/sign-out`."""
        return [
            *(self._identity.routes() if self._identity else ()),
            Route("/sign-in", self._desk.endpoint(self.show, strangers=True), methods=["GET"]),
            Route("/sign-in", self._desk.endpoint(self.paste, strangers=True), methods=["POST"]),
            Route("/sign-out", self._desk.endpoint(self.leave, strangers=True), methods=["POST"]),
        ]

    def show(self, visit: Visit) -> Response:
        """The form; with the code of a link, straight in."""
        code = visit.get("code")
        if not code or not self._local:
            return self._form(visit, PROBLEMS.get(visit.get("problem")))
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
        """Out; whoever came by the identity service, there too."""
        address = self._identity.way_out() if self._identity and visit.mark else None
        if address is None:
            answer: Response = RedirectResponse(visit.link("/sign-in"), 303)
        else:
            answer = render(replace(visit, token=None, principal=None), "sign_out.html", address=address)
            answer.headers["Refresh"] = (
                f"0; url={address}"  # a redirect would be the form's, which stays with us
            )
        forget(answer)
        return answer

    def _form(self, visit: Visit, problem: Text | None) -> Response:
        status = 200 if problem is None else 503 if problem is PROBLEMS[UNAVAILABLE] else 401
        way_in = None if self._identity is None else visit.link(self._identity.START, code=None, problem=None)
        return render(visit, "sign_in.html", status, problem=problem, local=self._local, way_in=way_in)

    def _enter(self, visit: Visit, token: str) -> Response:
        """The cookie, and on. Raises Unauthenticated for a token that is not valid."""
        self._tokens.authenticate(token, self._clock.now())
        answer = RedirectResponse(inside(visit.get("next")), 303)
        remember(answer, token, secure=self._desk.secure)
        return answer
