"""Who calls, and may they: exactly one credential, a role for the method, a granted purpose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from services.chassis import policy
from services.chassis.identity.identity import Authenticator, Principal, refused
from services.chassis.rpc.call import expired
from services.chassis.rpc.exchange import Exchange, Interceptor
from services.kernel.errors import PermissionDenied
from services.kernel.text import Text

_SCHEME = "bearer "


class Identity(Interceptor):
    """`authorization: Bearer …` for staff and services, `x-bole-key: …` for partners, or neither from a connection
    that shows a partner's certificate; `x-bole-purpose`.
    """

    def __init__(
        self,
        staff: Authenticator,
        partners: Authenticator | None,
        now: Callable[[], datetime],
        certificates: Authenticator | None = None,
    ) -> None:
        self._staff = staff
        self._partners = partners
        self._certificates = certificates
        self._now = now

    @contextmanager
    def around(self, exchange: Exchange) -> Iterator[None]:
        """Identify and authorise before anything of the request is looked at."""
        now = self._now()
        exchange.principal = self._identify(exchange, now)
        policy.require_call(exchange.principal, exchange.method, now)
        purposes = exchange.values("x-bole-purpose")
        exchange.purpose = purposes[0] if purposes else None
        policy.require_purpose(exchange.principal, exchange.purpose, now)
        exchange.clearance = policy.clearance(exchange.principal, exchange.purpose, now, exchange.method)
        if exchange.call().remaining() == 0:
            raise expired()
        yield

    def again(self, exchange: Exchange) -> None:
        """Whoever reads a stream still has to be who began it, by a credential that still counts."""
        principal = self._identify(exchange, self._now())
        policy.require_call(principal, exchange.method, self._now())

    def _identify(self, exchange: Exchange, now: datetime) -> Principal:
        bearers, keys = exchange.values("authorization"), exchange.values("x-bole-key")
        if len(bearers) + len(keys) > 1:
            raise refused("CREDENTIALS_AMBIGUOUS", "只能提供一个登录凭证", "send exactly one credential")
        if bearers and bearers[0][: len(_SCHEME)].lower() == _SCHEME:
            return self._staff.authenticate(bearers[0][len(_SCHEME) :].strip(), now)
        if keys and self._partners is not None:
            return self._partners.authenticate(keys[0], now)
        certificate = None if bearers or keys or self._certificates is None else exchange.certificate
        if certificate is not None and self._certificates is not None:
            return self._certificates.authenticate(certificate, now)
        if keys:
            raise _not_for_partners()
        raise refused(
            "CREDENTIALS_MISSING",
            "请先登录：缺少 authorization: Bearer … 或 x-bole-key",
            "sign in first: send authorization: Bearer …, or x-bole-key",
        )


def _not_for_partners() -> PermissionDenied:
    """The refusal of any key, right or wrong, by a service that takes none: it tells nobody whether a key exists."""
    return PermissionDenied(
        Text(
            "合作方密钥只用于匹配服务：匹配、事件、回调与密钥；此方法由工作人员登录后调用",
            "a partner's key is for the matching service alone: matches, events, webhooks, keys; "
            "staff call this method, signed in",
        ),
        reason="KEY_NOT_TAKEN",
    )
