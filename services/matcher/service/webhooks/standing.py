"""How a webhook stands that was stated anew, as an entry of a list that no restore reaches: its secret, wrapped under
the keys of the installation, and a digest of what else was stated. Addresses are on no list.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from services.matcher.domain.webhooks.webhook import Webhook

FORM: Final = re.compile(
    r"(partners/[0-9a-z-]{1,63}/webhooks/([0-9a-z-]{1,63}))/"
    r"stated-([0-9]{1,15})-([0-9]{1,14})-([0-9a-f]{32})-((?:[0-9a-f]{2}){16,200})"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """`at`: when it was stated, in milliseconds since 1970. `secret`: wrapped; the former one signs until `until`."""

    name: str
    id: str
    at: int
    until: datetime
    digest: str
    secret: bytes


def entry(of: Webhook) -> str:
    """The line of a list."""
    at, until = (
        int(of.updated_at.timestamp() * 1000),
        int(of.former_until.timestamp()) if of.former_until else 0,
    )
    return f"{of.name}/stated-{at}-{until}-{digest(of)}-{of.secret.hex()}"


def latest(entries: Iterable[str]) -> list[Stated]:
    """The last statement of each webhook that lines tell of; other lines are passed over."""
    found: dict[str, Stated] = {}
    for each in filter(None, map(FORM.fullmatch, entries)):
        name, id_, at, until, seen, secret = each.groups()
        stated = Stated(
            name, id_, int(at), datetime.fromtimestamp(int(until), UTC), seen, bytes.fromhex(secret)
        )
        if name not in found or found[name].at < stated.at:
            found[name] = stated
    return [found[name] for name in sorted(found)]


def digest(of: Webhook) -> str:
    """Of everything that its owner states."""
    return sha256(repr((of.wanted, of.state.value)).encode()).hexdigest()[:32]
