"""Mutual TLS from files: `tls.crt` (own certificate, then its issuers), `tls.key` and `ca.crt` (who is trusted).

These are the names that cert-manager gives the keys of its secrets, so that a mounted secret is such a directory.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import grpc
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.chassis.configuration import ConfigurationError
from services.chassis.telemetry.logs import log

CERTIFICATE: Final = "tls.crt"
KEY: Final = "tls.key"
AUTHORITIES: Final = "ca.crt"
_LEAST_RSA_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """What a process shows and whom it trusts, as PEM; `expires` is when its certificate ends."""

    chain: bytes
    key: bytes
    authorities: bytes
    expires: datetime


def load_files(directory: Path, now: datetime, beside: Path | None = None) -> TlsFiles:
    """Read and check the three files. `beside`: a file of further authorities.

    Raises ConfigurationError that names the file: missing, open to everybody, no PEM, a weak key, a key of another
    certificate, a chain out of order, not yet or no longer valid.
    """
    chain, key = directory / CERTIFICATE, directory / KEY
    certificates = _certificates(chain)
    _check_key(key, certificates[0])
    _check_order(chain, certificates)
    own = certificates[0]
    if now < own.not_valid_before_utc:
        raise _wrong(
            chain, "证书尚未生效，请检查时钟或更换", "is not valid yet; check the clock or replace it"
        )
    if now >= own.not_valid_after_utc:
        raise _wrong(chain, "证书已过期，请更换", "has expired; replace it")
    trusted = [directory / AUTHORITIES, *([] if beside is None else [beside])]
    for path in trusted:
        _certificates(path)
    authorities = b"\n".join(path.read_bytes() for path in trusted)
    return TlsFiles(chain.read_bytes(), key.read_bytes(), authorities, own.not_valid_after_utc)


def channel_credentials(directory: Path | None, now: datetime) -> grpc.ChannelCredentials | None:
    """What a client shows and trusts; None without a directory. Raises ConfigurationError as `load_files` does."""
    if directory is None:
        return None
    own = load_files(directory, now)
    return grpc.ssl_channel_credentials(own.authorities, own.key, own.chain)


def server_credentials(
    directory: Path,
    now: Callable[[], datetime],
    on_shown: Callable[[TlsFiles], None] = lambda _files: None,
    beside: Path | None = None,
) -> grpc.ServerCredentials:
    """Credentials of a server that takes callers with a certificate of its authorities, and none without. `beside`: a
    file of further authorities, of callers alone.

    The files are looked at again at every handshake: a renewed certificate is used from the next connection on, and
    `on_shown` is told of it as of the first. A wrong one is logged and the one before stays. Raises ConfigurationError
    as `load_files` does.
    """
    rotation = _Rotation(directory, now, on_shown, beside, _stamp(directory, beside))
    return grpc.dynamic_ssl_server_credentials(
        rotation.show(load_files(directory, now(), beside)),
        rotation.changed,  # type: ignore[arg-type]  # None is allowed: "no change"
        require_client_authentication=True,
    )


@dataclass(slots=True)
class _Rotation:
    """Notices that the files were replaced."""

    directory: Path
    now: Callable[[], datetime]
    on_shown: Callable[[TlsFiles], None]
    beside: Path | None
    stamp: tuple[int, ...] | None = field(repr=False)

    def changed(self) -> grpc.ServerCertificateConfiguration | None:
        """The new files, or None to go on with the old one."""
        stamp = _stamp(self.directory, self.beside)
        if stamp == self.stamp:
            return None
        self.stamp = stamp
        try:
            renewed = load_files(self.directory, self.now(), self.beside)
        except ConfigurationError as error:
            log(logging.ERROR, "certificate not renewed", key=error.key, reason=error.text.en)
            return None
        log(logging.INFO, "certificate renewed", expires=renewed.expires.isoformat())
        return self.show(renewed)

    def show(self, own: TlsFiles) -> grpc.ServerCertificateConfiguration:
        """These files from now on."""
        self.on_shown(own)
        return grpc.ssl_server_certificate_configuration([(own.key, own.chain)], own.authorities)


def _stamp(directory: Path, beside: Path | None) -> tuple[int, ...] | None:
    """Changes with the files; None while one of them is missing."""
    paths = [directory / name for name in (CERTIFICATE, KEY, AUTHORITIES)] + ([beside] if beside else [])
    try:
        found = [path.stat() for path in paths]
    except OSError:
        return None
    return tuple(number for each in found for number in (each.st_ino, each.st_mtime_ns, each.st_size))


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise _wrong(path, "无法读取，请提供该文件", "cannot be read; provide it") from error
    except ValueError as error:
        raise _wrong(path, "不是 PEM 证书，请更换", "holds no PEM certificate; replace it") from error


def _check_key(path: Path, certificate: x509.Certificate) -> None:
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise _wrong(path, "无法读取，请提供该文件", "cannot be read; provide it") from error
    if mode & 0o007:
        raise _wrong(path, "私钥文件对所有人开放，请 chmod 600", "is open to everybody; chmod 600 it")
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError) as error:
        raise _wrong(
            path, "不是无口令的 PEM 私钥，请更换", "holds no PEM key without a password; replace it"
        ) from error
    if isinstance(key, RSAPrivateKey) and key.key_size < _LEAST_RSA_BITS:
        raise _wrong(
            path,
            f"RSA 密钥仅 {key.key_size} 位，至少 {_LEAST_RSA_BITS} 位，请更换",
            f"is an RSA key of {key.key_size} bits and needs {_LEAST_RSA_BITS}; replace it",
        )
    if key.public_key() != certificate.public_key():
        raise _wrong(
            path, f"与 {CERTIFICATE} 不是一对，请更换", f"does not belong to {CERTIFICATE}; replace it"
        )


def _check_order(path: Path, certificates: list[x509.Certificate]) -> None:
    for issued, issuer in pairwise(certificates):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise _wrong(
                path,
                "证书链顺序不对，应为本证书在前、其签发者依次在后",
                "is out of order; write the own certificate first and each issuer after what it issued",
            ) from error


def _wrong(path: Path, zh: str, en: str) -> ConfigurationError:
    return ConfigurationError(str(path), zh, en)
