"""What an identity service publishes of itself (OpenID Connect Discovery 1.0)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.chassis.identity.signing_keys import LARGEST_DOCUMENT
from services.chassis.settings import cannot_be_changed_on_its_way

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_BASIC, _POST = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Addresses, and how the service wants to be asked.

    `end_session`: None where it ends no sessions. `by_post`: it takes a client's secret among the fields alone.
    `says_who`: its answers to browsers name it (RFC 9207).
    """

    authorization: str
    token: str
    end_session: str | None
    by_post: bool
    says_who: bool


def read_metadata(document: bytes, issuer: str) -> Metadata:
    """Raises ValueError for another service's, for addresses without TLS, and where code, S256 or secrets lack."""
    told = json.loads(document) if len(document) <= LARGEST_DOCUMENT else None
    if not isinstance(told, Mapping) or told.get("issuer") != issuer:
        raise ValueError("not the metadata of the configured issuer")
    methods = told.get("token_endpoint_auth_methods_supported", [_BASIC])
    if not {_BASIC, _POST} & set(methods) or "code" not in told.get("response_types_supported", ["code"]):
        raise ValueError("no authorization code for a client with a secret")
    if "S256" not in told.get("code_challenge_methods_supported", ["S256"]):
        raise ValueError("no PKCE by S256")
    return Metadata(
        _address(told, "authorization_endpoint"),
        _address(told, "token_endpoint"),
        _address(told, "end_session_endpoint") if told.get("end_session_endpoint") else None,
        _BASIC not in methods,
        told.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    readable = isinstance(found, str) and found.isascii() and found.isprintable()
    if not isinstance(found, str) or not readable or not cannot_be_changed_on_its_way(found):
        raise ValueError(f"no {name} of https")
    return found
