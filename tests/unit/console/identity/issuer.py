"""An identity service of the tests: real keys, codes that count once, PKCE, renewals that are used up."""

import hashlib
import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.kernel.clock import ManualClock

CLIENT, SECRET = "bole-console", "a secret of both/+%"
METHODS = "token_endpoint_auth_methods_supported"
LIFE = timedelta(minutes=5)
KEY = ec.generate_private_key(ec.SECP256R1())


@dataclass
class IdentityService:
    """Signs in whoever comes. `access`, `identity`: claims that differ; `told`: what it publishes otherwise."""

    clock: ManualClock
    url: str = ""
    key: ec.EllipticCurvePrivateKey = KEY
    access: dict[str, Any] = field(default_factory=dict)
    identity: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    away: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    renewals: set[str] = field(default_factory=set)
    renewed: int = 0

    def begin_anew(self) -> None:
        """As it was made."""
        self.key, self.away, self.renewed = KEY, False, 0
        self.access, self.identity, self.answer, self.told = {}, {}, {}, {}
        self.codes.clear()
        self.renewals.clear()

    def app(self) -> Starlette:
        """What it answers over HTTP."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def signed(self, changes: dict[str, Any], **claims: Any) -> str:
        """A token of this service, over in five minutes."""
        now = self.clock.now()
        common = {"iss": self.url, "sub": "li.si", "iat": int(now.timestamp()), "jti": secrets.token_hex(8)}
        whole = {**common, "exp": int((now + LIFE).timestamp()), **claims, **changes}
        return jwt.encode(whole, self.key, "ES256", headers={"kid": "one"})

    async def _metadata(self, _: Request) -> Response:
        if self.away:
            return Response(status_code=503)
        named = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "end_session_endpoint": "logout",
        }
        told = {name: f"{self.url}/{path}" for name, path in named.items()}
        return JSONResponse({"issuer": self.url, **told, **self.told})

    async def _keys(self, _: Request) -> Response:
        entry = {**json.loads(ECAlgorithm.to_jwk(KEY.public_key())), "kid": "one", "use": "sig"}
        return JSONResponse({"keys": [entry]})

    async def _authorize(self, request: Request) -> Response:
        asked, code = dict(request.query_params), secrets.token_hex(8)
        self.codes[code] = asked
        answer = self.answer or {"code": code}
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], **answer})}", 302
        )

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if self.away:
            return Response(status_code=503)
        if not self._is_client(request.headers.get("authorization", ""), form):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._granted(form)
        if asked is None:
            return JSONResponse({"error": "invalid_grant", "error_description": form.get("code", "")}, 400)
        self.renewals.add(renewal := secrets.token_hex(8))
        access = self.signed(self.access, aud="bole", grants=[{"role": "auditor"}])
        identity = self.signed(self.identity, aud=CLIENT, nonce=asked.get("nonce", ""))
        return JSONResponse(
            {"token_type": "Bearer", "access_token": access, "id_token": identity, "refresh_token": renewal}
        )

    def _is_client(self, header: str, form: dict[str, str]) -> bool:
        if self.told.get(METHODS) == ["client_secret_post"]:
            return not header and (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        pair = b64decode(header.removeprefix("Basic ")).decode()
        return pair == f"{CLIENT}:a%20secret%20of%20both%2F%2B%25"

    def _granted(self, form: dict[str, str]) -> dict[str, str] | None:
        """What was asked for when the code or renewal was given; each counts once."""
        if form["grant_type"] == "refresh_token":
            known = form["refresh_token"] in self.renewals
            self.renewals.discard(form["refresh_token"])
            self.renewed += known
            return {} if known else None
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = urlsafe_b64encode(digest).decode().rstrip("=")
        fits = asked is not None and (asked["redirect_uri"], asked["code_challenge"]) == (
            form["redirect_uri"],
            proof,
        )
        return asked if fits else None
