"""Tokens of an identity service: its keys, their rotation, and what it means when it cannot be reached."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from services.chassis.identity.signing_keys import PublishedKeys, fetching, read_keys
from services.chassis.identity.tokens import Issuer, StaffTokens
from services.kernel.errors import Unauthenticated

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAME = "https://sso.example.gov/realms/bole"
EC = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)  # noqa: S505 (refused)


def entry(key: Any, kid: str, **more: Any) -> dict[str, Any]:
    kinds = {ec.EllipticCurvePrivateKey: ECAlgorithm, rsa.RSAPrivateKey: RSAAlgorithm}
    algorithm: Any = next((made for kind, made in kinds.items() if isinstance(key, kind)), OKPAlgorithm)
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig", **more}


def document(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(entries)}).encode()


class Service:
    """An identity service that can be down; counts how often it is asked."""

    def __init__(self, *entries: dict[str, Any]) -> None:
        self.answer: bytes | None = document(*entries)
        self.asked = 0

    def fetch(self) -> bytes:
        self.asked += 1
        if self.answer is None:
            raise OSError("no route to host")
        return self.answer


def token(key: Any = EC, kid: str | None = "one", algorithm: str = "ES256", **changes: Any) -> str:
    at = int(NOW.timestamp())
    claims = {"iss": NAME, "aud": "bole", "sub": "li.si", "jti": "1", "iat": at, "exp": at + 86_400}
    claims |= {"grants": [{"role": "auditor"}]} | changes
    return jwt.encode(claims, key, algorithm, headers={} if kid is None else {"kid": kid})


def verifier(service: Service) -> StaffTokens:
    return StaffTokens(Issuer(PublishedKeys(service.fetch), NAME, staff_alone=True))


@pytest.mark.parametrize(("key", "algorithm"), [(EC, "ES256"), (ED, "EdDSA"), (RSA, "RS256")])
def test_tokens_of_published_keys_are_taken(key: Any, algorithm: str) -> None:
    service = Service(entry(OTHER, "two"), entry(key, "one"))
    principal = verifier(service).authenticate(token(key, algorithm=algorithm), NOW)
    assert (principal.subject, [grant.role for grant in principal.grants]) == ("li.si", ["auditor"])


def test_nobody_becomes_a_service_of_the_house_by_a_claim() -> None:
    principal = verifier(Service(entry(EC, "one"))).authenticate(token(kind="service"), NOW)
    assert principal.kind == "staff"


def test_what_is_not_of_a_published_key_is_refused() -> None:
    secret = "what both know" * 8
    forged = [
        token(OTHER),
        token(kid=None),
        token(kid="two"),
        token(kid="../../etc/passwd"),
        token(kid="x" * 300),
        token(iss="https://sso.example.gov/realms/other"),
        token(aud="other"),
        token(secret, algorithm="HS256"),
        token(RSA, algorithm="RS256"),
        jwt.encode({"sub": "li.si"}, None, algorithm="none", headers={"kid": "one"}),  # type: ignore[arg-type]
    ]
    tokens = verifier(Service(entry(EC, "one")))
    for credential in forged:
        with pytest.raises(Unauthenticated):
            tokens.authenticate(credential, NOW)


def test_keys_that_may_not_sign_are_left_out() -> None:
    private = json.loads(ECAlgorithm.to_jwk(EC))
    read = read_keys(
        document(
            entry(WEAK, "weak"),
            entry(EC, "encrypts", use="enc"),
            {**private, "kid": "private"},
            {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "alg": "HS256"},
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "no point"},
            {"kty": "XX", "kid": "unknown"},
            entry(EC, "good"),
        )
    )
    assert set(read) == {"good"}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys": 7}',
        b"\xff",
        b"{" * 300_000,
        document(*({"kty": "EC", "kid": str(number)} for number in range(10_000))),
    ],
    ids=["empty", "list", "object", "number", "bytes", "large", "many"],
)
def test_a_document_of_another_form_is_as_good_as_none(answer: bytes) -> None:
    service = Service()
    service.answer = answer
    with pytest.raises(Unauthenticated):
        verifier(service).authenticate(token(), NOW)


def test_a_new_key_is_found_and_a_withdrawn_one_ends() -> None:
    service = Service(entry(EC, "one"))
    tokens, held = verifier(service), token()
    tokens.authenticate(held, NOW)
    service.answer = document(entry(OTHER, "two"))
    assert tokens.authenticate(token(OTHER, "two"), NOW + MINUTE).subject == "li.si"
    assert tokens.authenticate(held, NOW + 9 * MINUTE).subject == "li.si"
    with pytest.raises(Unauthenticated):
        tokens.authenticate(held, NOW + 11 * MINUTE)


def test_invented_ids_ask_the_service_at_most_twice_a_minute() -> None:
    service = Service(entry(EC, "one"))
    tokens = verifier(service)
    for second in range(60):
        with pytest.raises(Unauthenticated):
            tokens.authenticate(token(kid=f"invented-{second}"), NOW + timedelta(seconds=second))
    assert service.asked == 2


def test_the_last_keys_count_for_an_hour_without_the_service() -> None:
    service = Service(entry(EC, "one"))
    tokens = verifier(service)
    tokens.authenticate(token(), NOW)
    service.answer = None
    assert tokens.authenticate(token(), NOW + 59 * MINUTE).subject == "li.si"
    with pytest.raises(Unauthenticated):
        tokens.authenticate(token(), NOW + 71 * MINUTE)
    service.answer = document(entry(EC, "one"))
    assert tokens.authenticate(token(), NOW + 72 * MINUTE).subject == "li.si"


@pytest.fixture
def site() -> Iterator[str]:
    """An identity service on loopback that redirects where it is asked to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            elsewhere = self.path == "/elsewhere"
            self.send_response(302 if elsewhere else 200)
            if elsewhere:
                self.send_header("location", "/keys")
            self.end_headers()
            self.wfile.write(document(entry(EC, "one")))

        def log_message(self, *_told: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_keys_are_fetched_and_no_redirect_is_followed(site: str, tmp_path: Path) -> None:
    assert set(read_keys(fetching(f"{site}/keys")())) == {"one"}
    with pytest.raises(OSError, match="302"):
        fetching(f"{site}/elsewhere")()
    file = tmp_path / "keys.json"
    file.write_bytes(document(entry(EC, "one")))
    assert set(read_keys(fetching(str(file))())) == {"one"}


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_service_on_this_machine_is_asked_past_the_proxy_of_the_environment(site: str) -> None:
    assert set(read_keys(fetching(f"{site}/keys")())) == {"one"}
