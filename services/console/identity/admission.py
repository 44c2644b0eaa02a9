"""From what the identity service answers to a session: whose token it is, and whether the services take it."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.chassis.identity.identity import Principal
from services.chassis.identity.tokens import Issuer, StaffTokens, verified
from services.console.identity.attempt import Attempt
from services.console.identity.kept import LONGEST, Kept, digest
from services.console.identity.problems import NotSignedIn
from services.console.identity.sealed import Seal
from services.console.identity.service import IdentityService, Reply
from services.console.web.sessions import LARGEST_COOKIE
from services.kernel.errors import Unauthenticated

_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat", "nonce")
_MARK_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Session:
    """What the browser shall keep."""

    token: str = field(repr=False)
    kept: Kept
    sealed: str = field(repr=False)


class Admission:
    """Makes sessions of replies. `issuer`: whose identity tokens are taken, made out for the console."""

    def __init__(
        self,
        service: IdentityService,
        tokens: StaffTokens,
        issuer: Issuer,
        seal: Seal,
        random: Callable[[int], str],
    ) -> None:
        self._service = service
        self._tokens = tokens
        self._issuer = issuer
        self._seal = seal
        self._random = random

    def begin(self, attempt: Attempt, code: str, now: datetime) -> Session:
        """The session of somebody who comes with a code. Raises NotSignedIn."""
        reply = self._service.redeem(code, attempt.verifier, now)
        subject = self._subject(reply.identity, attempt.nonce, now)
        return self._session(reply, subject, self._random(_MARK_BYTES), int(now.timestamp()), now)

    def go_on(self, kept: Kept, now: datetime) -> Session:
        """The same session with a token that lasts. Raises NotSignedIn."""
        reply = self._service.renew(kept.renewal or "", now)
        lasting = Reply(reply.access, reply.identity, reply.renewal or kept.renewal)
        return self._session(lasting, kept.subject, kept.mark, kept.begun, now)

    def kept(self, token: str, sealed: str | None, now: datetime) -> Kept | None:
        """What a browser kept beside its token, if it is ours and that token's."""
        return Kept.read(self._seal.open(sealed, now, LONGEST), token)

    def _subject(self, token: str | None, nonce: str, now: datetime) -> str:
        """Whom the identity token names: made out for the console, for this attempt, and not over."""
        try:
            claims = verified(token or "", self._issuer, now, _REQUIRED)
        except Unauthenticated as error:
            raise NotSignedIn("token") from error
        said, audience, party = claims["nonce"], claims["aud"], claims.get("azp", self._issuer.audience)
        of_others = party != self._issuer.audience or (
            isinstance(audience, list) and set(audience) != {party}
        )
        if of_others or claims["exp"] <= now.timestamp() or not claims["sub"]:
            raise NotSignedIn("token")
        if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
            raise NotSignedIn("state")
        return str(claims["sub"])

    def _session(self, reply: Reply, subject: str, mark: str, begun: int, now: datetime) -> Session:
        token, ends = self._taken(reply, subject, now)
        if len(token) > LARGEST_COOKIE:
            raise NotSignedIn("large")
        kept = Kept(mark, digest(token), subject, reply.renewal, begun, int(ends.timestamp()))
        sealed = self._seal.close(kept.written(), now)
        if len(sealed) > LARGEST_COOKIE:  # too much to keep: the session ends with its token
            kept = Kept(mark, kept.of, subject, None, begun, kept.ends)
            sealed = self._seal.close(kept.written(), now)
        return Session(token, kept, sealed)

    def _taken(self, reply: Reply, subject: str, now: datetime) -> tuple[str, datetime]:
        """The first token that the services take for this person."""
        for token in (reply.access, reply.identity):
            found = None if token is None else self._examined(token, now)
            if token is not None and found is not None and found[0].subject == subject:
                return token, found[1]
        raise NotSignedIn("token")

    def _examined(self, token: str, now: datetime) -> tuple[Principal, datetime] | None:
        try:
            return self._tokens.examine(token, now)
        except Unauthenticated:
            return None
