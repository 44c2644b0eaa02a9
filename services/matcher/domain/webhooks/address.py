"""Where messages may go: the form of an endpoint's address, and which network addresses its name may stand for.

A name is judged when it is connected to, by the addresses that it stands for at that moment; here only what is
written is judged. Every spelling of an address but the usual one is refused, so that no two readers differ.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from services.kernel.errors import InvalidArgument

Network: TypeAlias = IPv4Network | IPv6Network
_Address: TypeAlias = IPv4Address | IPv6Address
_PRINTABLE: Final = re.compile(r"[!-~]+")
_UNSAFE: Final = frozenset('\\"<>^`{|}')
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
_LONGEST_NAME: Final = 253
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address in its parts. `target`: path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the header Host has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def networks(text: str) -> tuple[Network, ...]:
    """Networks of a list with commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def parse_endpoint(url: str, allowed: Sequence[Network] = ()) -> Endpoint:
    """The parts of an endpoint's address; `allowed`: networks that are no public ones and may be reached all the same.

    Raises InvalidArgument (URL_INVALID, URL_NOT_HTTPS, ADDRESS_FORBIDDEN) that names the field `url`.
    """
    if not _PRINTABLE.fullmatch(url) or _UNSAFE.intersection(url):
        raise _invalid("只能包含可打印的 ASCII 字符", "only printable ASCII may stand in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _invalid("无法解析", "it cannot be read") from None
    if parts.username is not None or parts.password is not None:
        raise _invalid("不能带用户名或密码", "no user and no password may stand in it")
    if "#" in url:
        raise _invalid("不能带片段", "no fragment may stand in it")
    if port == 0:
        raise _invalid("端口应为 1 至 65535", "the port has to be from 1 to 65535")
    host = (parts.hostname or "").lower()
    literal = _literal(host, bracketed="[" in parts.netloc)
    _check_scheme(parts, host, literal, allowed)
    if literal is not None and not may_reach(literal, allowed):
        raise forbidden()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, host, port or _PORTS[parts.scheme], target)


def may_reach(address: _Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether messages may go to a network address: a public one, or one of the networks allowed.

    IPv4 in IPv6 is judged as IPv4; what tunnels and translates (6to4, Teredo, NAT64) is no public address.
    """
    plain = (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
    return _public(plain) or any(plain in network for network in allowed)


def plain_allowed(address: _Address, allowed: Sequence[Network]) -> bool:
    """Whether messages may go to an address without TLS: on the machine itself, where that is allowed."""
    return address.is_loopback and any(address in network for network in allowed)


def forbidden() -> InvalidArgument:
    """The endpoint is at an address that nothing is sent to."""
    return InvalidArgument.field(
        "url",
        "ADDRESS_FORBIDDEN",
        "不能指向内部或保留地址；请使用公网地址，或由管理员在 BOLE_WEBHOOK_NETWORKS 中放行",
        "it is at an internal or reserved address; use a public one, or have BOLE_WEBHOOK_NETWORKS allow it",
    )


def _check_scheme(
    parts: SplitResult, host: str, literal: _Address | None, allowed: Sequence[Network]
) -> None:
    if parts.scheme == "https":
        return
    here = literal if literal is not None else IPv4Address("127.0.0.1") if host == "localhost" else None
    if parts.scheme == "http" and here is not None and plain_allowed(here, allowed):
        return
    raise InvalidArgument.field(
        "url",
        "URL_NOT_HTTPS",
        "回调地址应以 https:// 开头；本机试用时，可由管理员以 BOLE_WEBHOOK_NETWORKS=127.0.0.0/8 放行 http://127.0.0.1:端口/",
        "the address has to begin with https://; for a trial on this machine, "
        "have BOLE_WEBHOOK_NETWORKS=127.0.0.0/8 allow http://127.0.0.1:PORT/",
    )


def _literal(host: str, *, bracketed: bool) -> _Address | None:
    """The network address that a host is; None for a name. Raises InvalidArgument for what is neither."""
    if bracketed:
        try:
            return IPv6Address(host.replace("%", "x"))  # no zones
        except ValueError:
            raise _invalid("主机不是有效的 IPv6 地址", "the host is no IPv6 address") from None
    labels = host.split(".")
    if len(host) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise _invalid(
            "主机名不合规则；中文域名请写成 xn-- 形式", "the host is no valid name; write others as xn--"
        )
    if not _NUMBER.fullmatch(labels[-1]):
        return None
    try:
        return IPv4Address(host)
    except ValueError:
        raise _invalid(
            "IPv4 地址应写成四段十进制数", "an IPv4 address is written as four decimal numbers"
        ) from None


def _public(address: _Address) -> bool:
    if isinstance(address, IPv6Address) and (address.sixtofour or address.teredo):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    )


def _invalid(zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(
        "url", "URL_INVALID", f"回调地址不合要求：{zh}", f"the address is wrong: {en}"
    )


def resolved(text: str) -> _Address:
    """A network address as a resolver writes it. Raises ValueError."""
    return ip_address(text.partition("%")[0])
