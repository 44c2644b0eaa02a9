"""What keys and certificates of partners were revoked, and once more so in a matcher restored from before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from services.chassis.audit import Audit, AuditEntry
from services.chassis.db import Database
from services.chassis.kept_lists import KeptList
from services.kernel.clock import Clock
from services.kernel.text import Text
from services.matcher.domain.partner import Key
from services.matcher.domain.partner_certificate import Certificate
from services.matcher.store import certificates, partners

ACTOR = "restore"
_NAME: Final = re.compile(r"partners/[0-9a-z-]{1,63}/(keys|certificates)/([0-9a-z-]{1,63})")
_ACTIONS: Final = {"keys": "revoke-partner-key", "certificates": "revoke-partner-certificate"}

LIST: Final = KeptList(
    "matcher",
    "revocations",
    "revoke-again",
    Text("项停用", "revocations"),
    Text("密钥或证书的名称", "name of a key or a certificate"),
    lambda entry: _NAME.fullmatch(entry) is not None,
)


def revoked(database: Database) -> list[str]:
    """The names of all keys and certificates that were revoked."""
    with database.read() as session:
        return [
            *(each.name for each in partners.revoked(session)),
            *(each.name for each in certificates.revoked(session)),
        ]


@dataclass(frozen=True)
class RevokingAgain:
    """Revokes in a restored matcher what it takes to count; each in a transaction of its own, with an audit entry."""

    database: Database
    audit: Audit
    clock: Clock

    def run(self, names: Sequence[str]) -> int:
        """How many counted again. May be repeated; what the matcher does not know is passed over."""
        return sum(self._revoke(name) for name in names)

    def _revoke(self, name: str) -> bool:
        with self.database.write() as session:
            found = _locked(session, name)
            if found is None or found.revoked_at is not None:
                return False
            now = self.clock.now()
            found.revoke(now)
            self.audit.append(
                session,
                AuditEntry(
                    at=now,
                    actor=ACTOR,
                    roles=(),
                    action=_ACTIONS[_kind(name)],
                    resource=name,
                    purpose="",
                    outcome="done",
                    request_id="",
                ),
            )
            return True


def _kind(name: str) -> str:
    """`keys` or `certificates`."""
    return name.split("/")[2]


def _locked(session: Session, name: str) -> Key | Certificate | None:
    """What has this name, or None; nobody else changes it until the transaction ends."""
    of = partners.key if _kind(name) == "keys" else certificates.get
    found = of(session, name.rpartition("/")[2], lock=True)
    return found if found is not None and found.name == name else None
