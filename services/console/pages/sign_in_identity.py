"""Signing in by the identity service: there, and back with a code; codes and tokens stand in no address of ours."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.console.identity.admission import Admission
from services.console.identity.attempt import LASTS, Attempt
from services.console.identity.problems import NotSignedIn
from services.console.identity.sealed import Seal
from services.console.identity.service import IdentityService
from services.console.web.answering import Desk
from services.console.web.paths import inside
from services.console.web.sessions import keep, remember
from services.console.web.visits import Visit
from services.kernel.clock import Clock

COOKIE: Final = "bole_sign_in"
_FOLDER: Final = "/sign-in"


class IdentitySignIn:
    """`random(n)`: text of `n` random bytes, fit for addresses."""

    START: Final = "/sign-in/start"
    BACK: Final = "/sign-in/callback"

    def __init__(
        self,
        service: IdentityService,
        admission: Admission,
        desk: Desk,
        clock: Clock,
        console_url: str,
        random: Callable[[int], str],
    ) -> None:
        self._service = service
        self._admission = admission
        self._desk = desk
        self._clock = clock
        self._url = console_url
        self._random = random
        self._seal = Seal(service.client.secret, "attempt")

    def routes(self) -> list[Route]:
        """The way there and the way back."""
        return [
            Route(self.START, self._desk.endpoint(self.start, strangers=True), methods=["GET"]),
            Route(self.BACK, self._desk.endpoint(self.come_back, strangers=True), methods=["GET"]),
        ]

    def start(self, visit: Visit) -> Response:
        """To the identity service; the attempt stays in the browser, sealed."""
        now, client = self._clock.now(), self._service.client
        attempt = Attempt.begin(inside(visit.get("next")), self._random)
        try:
            endpoint = self._service.metadata(now).authorization
        except NotSignedIn as refused:
            return self._told(refused.problem, attempt.path)
        answer = RedirectResponse(attempt.address(endpoint, client, visit.language), 303)
        sealed = self._seal.close(attempt.written(), now)
        keep(
            answer,
            COOKIE,
            sealed,
            int(LASTS.total_seconds()),
            secure=self._desk.secure,
            path=_FOLDER,
        )
        return answer

    def come_back(self, visit: Visit) -> Response:
        """In, or to the form with the reason; either way the attempt is over."""
        sealed = visit.request.cookies.get(COOKIE)
        attempt = Attempt.read(self._seal.open(sealed, self._clock.now(), LASTS))
        try:
            answer = self._enter(attempt, visit.request.query_params)
        except NotSignedIn as refused:
            answer = self._told(refused.problem, attempt.path if attempt else "/")
        answer.delete_cookie(COOKIE, path=_FOLDER)
        return answer

    def way_out(self) -> str | None:
        """Where the identity service ends its own session; None where it does not, or cannot be reached."""
        try:
            address = self._service.metadata(self._clock.now()).end_session
        except NotSignedIn:
            return None
        if address is None:
            return None
        back = {"client_id": self._service.client.id, "post_logout_redirect_uri": self._url + _FOLDER}
        return address + ("&" if "?" in address else "?") + urlencode(back)

    def _enter(self, attempt: Attempt | None, asked: Mapping[str, str]) -> Response:
        if attempt is None:
            raise NotSignedIn("state")
        now, issuer = self._clock.now(), self._service.client.issuer
        code = attempt.code_of(asked, issuer, says_who=self._service.metadata(now).says_who)
        session = self._admission.begin(attempt, code, now)
        answer = RedirectResponse(inside(attempt.path), 303)
        remember(answer, session.token, session.sealed, secure=self._desk.secure)
        return answer

    @staticmethod
    def _told(problem: str, path: str) -> Response:
        return RedirectResponse(f"{_FOLDER}?{urlencode({'problem': problem, 'next': path})}", 303)
