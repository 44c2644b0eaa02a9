"""A certificate authority for tests: issues what a server or client shows, and what is wrong with it on purpose."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """One authority; `name` is its subject."""

    name: str = "tests"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    born: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def certificate(self) -> x509.Certificate:
        """Its own certificate."""
        return self._sign(self.name, self.key, -_DAY, 10 * _DAY, [], ca=True)

    def issue(
        self,
        directory: Path,
        subject: str = "client",
        *,
        host: str | None = "127.0.0.1",
        names: Sequence[str] = (),
        begins: timedelta = -_DAY,
        ends: timedelta = _DAY,
        key: PrivateKey | None = None,
        trusts: "Authority | None" = None,
    ) -> Path:
        """Write `tls.crt`, `tls.key` and `ca.crt` into the directory; times are relative to the authority's birth.

        `host`: the address that it is for, `localhost` with it; `names`: further names.
        """
        directory.mkdir(parents=True, exist_ok=True)
        own = key or generate_private_key(SECP256R1())
        leaf = self._sign(subject, own, begins, ends, _names(host, names), ca=False)
        chain = pem(leaf) + pem(self.certificate)
        private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        replace(directory / "tls.key", private)
        replace(directory / "tls.crt", chain)
        replace(directory / "ca.crt", pem((trusts or self).certificate))
        return directory

    def _sign(
        self,
        subject: str,
        key: PrivateKey,
        begins: timedelta,
        ends: timedelta,
        names: list[x509.GeneralName],
        *,
        ca: bool,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.born + begins)
            .not_valid_after(self.born + ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, SHA256())


def _names(host: str | None, names: Sequence[str]) -> list[x509.GeneralName]:
    own = [] if host is None else [x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")]
    return [*own, *map(x509.DNSName, names)]


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as it stands in a file."""
    return certificate.public_bytes(Encoding.PEM)


def replace(path: Path, content: bytes) -> None:
    """Write aside and rename, as a mounted secret changes; closed to others."""
    aside = path.with_suffix(".new")
    aside.write_bytes(content)
    aside.chmod(0o600)
    aside.replace(path)
