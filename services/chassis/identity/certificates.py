"""Client certificates that name callers: what they say, and how a connection that shows one becomes a principal."""

import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.chassis.identity.identity import Grant, Principal, refused
from services.kernel.errors import InvalidArgument

_LEAST_RSA_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What a certificate says of itself. `fingerprint`: SHA-256 of its DER, in hexadecimal."""

    fingerprint: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class RegisteredCertificate:
    """What is kept of a certificate that counts: whose it is, until when, the role of whoever shows it, and when it
    was last used.
    """

    id: str
    partner_id: str
    not_after: datetime
    role: str
    last_used_at: datetime | None = None


@lru_cache(maxsize=4096)
def fingerprint_of(pem: bytes) -> str:
    """SHA-256 of a certificate's DER, in hexadecimal. Raises ValueError for what is no PEM."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.decode("ascii").strip())).hexdigest()


def read_client_certificate(pem: str, field: str, now: datetime) -> ClientCertificate:
    """What a certificate says that a client is to show. Raises InvalidArgument naming `field`: no single PEM
    certificate, over already, of an authority, for servers alone, a weak key.
    """
    try:
        if "PRIVATE KEY" in pem:
            raise ValueError("a key")
        (found,) = x509.load_pem_x509_certificates(pem.encode())
        key, extensions = found.public_key(), found.extensions
        subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
        raise InvalidArgument.field(
            field,
            "NOT_A_CERTIFICATE",
            "应为一份 PEM 格式的证书（不含签发者证书和私钥）",
            "must be one certificate as PEM, without its issuers and without the key",
        ) from None
    if now >= found.not_valid_after_utc:
        raise InvalidArgument.field(field, "EXPIRED_ALREADY", "证书已过期", "the certificate has expired")
    if isinstance(key, RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        raise InvalidArgument.field(
            field,
            "WEAK_KEY",
            f"RSA 密钥仅 {key.key_size} 位，至少 {_LEAST_RSA_BITS} 位",
            f"its RSA key has {key.key_size} bits and needs {_LEAST_RSA_BITS}",
        )
    if not _is_for_clients(extensions):
        raise InvalidArgument.field(
            field,
            "NOT_FOR_CLIENTS",
            "应为客户端证书，而不是签发机构或服务器的证书",
            "must be a client's certificate, not one of an authority or for servers alone",
        )
    return ClientCertificate(
        found.fingerprint(SHA256()).hex(),
        subject,
        issuer,
        found.not_valid_before_utc,
        found.not_valid_after_utc,
    )


def _is_for_clients(extensions: x509.Extensions) -> bool:
    for each in extensions:
        value = each.value
        if isinstance(value, x509.BasicConstraints) and value.ca:
            return False
        if isinstance(value, x509.ExtendedKeyUsage) and ExtendedKeyUsageOID.CLIENT_AUTH not in value:
            return False
    return True


class PartnerCertificates:
    """Recognises partners by the certificate of their connection, which TLS has verified. `find` looks a fingerprint
    up; None means that no partner has it, or that it was revoked. `used` hears of each that was found right.
    """

    def __init__(
        self,
        find: Callable[[str], RegisteredCertificate | None],
        used: Callable[[RegisteredCertificate, datetime], None] = lambda _certificate, _now: None,
    ) -> None:
        self._find = find
        self._used = used

    def authenticate(self, credential: str, now: datetime) -> Principal:
        """The partner of a fingerprint. Raises Unauthenticated (CERTIFICATE_UNKNOWN), alike for one that is unknown,
        revoked or over.
        """
        found = self._find(credential)
        if found is None or now >= found.not_after:
            raise refused(
                "CERTIFICATE_UNKNOWN",
                "请先登录：连接所用证书未登记给任何合作方，也没有提供 authorization: Bearer … 或 x-bole-key",
                "sign in first: the certificate of this connection names no partner, and neither "
                "authorization: Bearer … nor x-bole-key was sent",
            )
        self._used(found, now)
        return Principal(found.partner_id, "partner", (Grant(found.role),))
