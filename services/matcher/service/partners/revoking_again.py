"""What was taken back of partners, and once more so in a matcher restored from before: keys and certificates revoked,
topics closed, webhooks deleted or stated anew.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from services.chassis.audit.audit import Audit, AuditEntry
from services.chassis.files.kept_lists import KeptList
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.kernel.text import Text, counted
from services.matcher.domain.partners.partner import Key
from services.matcher.domain.partners.partner_certificate import Certificate
from services.matcher.domain.webhooks.webhook import WebhookState
from services.matcher.service.webhooks import standing
from services.matcher.store.partners import certificates, partner_topics, partners, webhooks
from services.matcher.store.partners.taken_back import (
    CLOSE_TOPIC,
    DELETE_WEBHOOK,
    closed_topics,
    deleted_webhooks,
)

ACTOR = "restore"
_ID: Final = "[0-9a-z-]{1,63}"
_SHOWN: Final = re.compile(rf"partners/{_ID}/(keys|certificates)/({_ID})")
_CLOSED: Final = re.compile(rf"partners/({_ID})/topic/closed-([0-9]{{1,15}})")
_DELETED: Final = re.compile(rf"(partners/{_ID}/webhooks/({_ID}))/deleted")
_ACTIONS: Final = {"keys": "revoke-partner-key", "certificates": "revoke-partner-certificate"}

LIST: Final = KeptList(
    "matcher",
    "revocations",
    "revoke-again",
    Text("项停用", "revocations"),
    Text("密钥、证书、主题或回调的停用记录", "revocation of a key, a certificate, a topic or a webhook"),
    lambda entry: any(form.fullmatch(entry) for form in (_SHOWN, _CLOSED, _DELETED, standing.FORM)),
)


def revoked(database: Database) -> list[str]:
    """An entry for everything that was taken back: the names of keys and certificates that were revoked, topics with
    the instant of their end, webhooks that are gone, and how those stand that were stated anew.
    """
    with database.read() as session:
        return [
            *(each.name for each in partners.revoked(session)),
            *(each.name for each in certificates.revoked(session)),
            *(f"{name}/closed-{milliseconds(at)}" for name, at in closed_topics(session)),
            *(f"{name}/deleted" for name in deleted_webhooks(session)),
            *(standing.entry(each) for each in webhooks.restated(session)),
        ]


def milliseconds(at: datetime) -> int:
    """Since 1970, rounded down."""
    return int(at.timestamp() * 1000)


@dataclass(frozen=True)
class RevokingAgain:
    """Takes back in a restored matcher what counts again; each in a transaction of its own, with an audit entry."""

    database: Database
    audit: Audit
    clock: Clock

    def run(self, entries: Sequence[str]) -> Text:
        """What was done. May be repeated; what the matcher does not know is passed over."""
        count, ended = sum(map(self._take_back, entries)), []
        for each in standing.latest(entries):
            done, is_ended = self._stand(each)
            count += done
            ended += [each.name] if is_ended else []
        return _said(count, ended)

    def _take_back(self, entry: str) -> bool:
        with self.database.write() as session:
            if found := _SHOWN.fullmatch(entry):
                return self._revoke(session, entry, found[1], found[2])
            if found := _CLOSED.fullmatch(entry):
                return self._close(session, found[1], int(found[2]))
            if found := _DELETED.fullmatch(entry):
                return self._delete(session, found[1], found[2])
            return False

    def _revoke(self, session: Session, name: str, kind: str, id_: str) -> bool:
        of = partners.key if kind == "keys" else certificates.get
        found: Key | Certificate | None = of(session, id_, lock=True)
        if found is None or found.name != name or found.revoked_at is not None:
            return False
        found.revoke(self.clock.now())
        self._enter(session, _ACTIONS[kind], name)
        return True

    def _close(self, session: Session, partner_id: str, at: int) -> bool:
        """A topic that was opened after that instant is another one."""
        found = partner_topics.get(session, partner_id, lock=True)
        if found is None or milliseconds(found.created_at) > at:
            return False
        session.delete(found)
        self._enter(session, CLOSE_TOPIC, found.name)
        return True

    def _delete(self, session: Session, name: str, id_: str) -> bool:
        found = webhooks.by_id(session, id_, lock=True)
        if found is None or found.name != name:
            return False
        webhooks.remove(session, found)
        self._enter(session, DELETE_WEBHOOK, name)
        return True

    def _stand(self, stated: standing.Stated) -> tuple[bool, bool]:
        """Whether a webhook had been stated anew since, and whether it is told nothing until that is done again."""
        with self.database.write() as session:
            found = webhooks.by_id(session, stated.id, lock=True)
            if found is None or found.name != stated.name or milliseconds(found.updated_at) >= stated.at:
                return False, False
            now, other = self.clock.now(), standing.digest(found) != stated.digest
            if found.secret != stated.secret:
                found.rotate(stated.secret, stated.until, now)
                self._enter(session, "rotate-webhook-secret", stated.name)
            if other and found.state is WebhookState.ENABLED:
                found.restate(found.wanted, WebhookState.DISABLED, now)
                self._enter(session, "update-webhook", stated.name)
                return True, True
            return True, False

    def _enter(self, session: Session, action: str, name: str) -> None:
        said = AuditEntry(self.clock.now(), ACTOR, (), action, name, "", "done", "")
        self.audit.append(session, said)


def _said(count: int, ended: Iterable[str]) -> Text:
    names = list(ended)
    zh = f"再次停用合作方的密钥、证书、主题与回调 {count} 项"
    en = f"{counted(count, 'revocation')} of partners' keys, certificates, topics and webhooks done again"
    if not names:
        return Text(zh, en)
    return Text(
        f"{zh}；以下回调在备份之后改过，已暂停发送，请合作方重新填写并启用：{'、'.join(names)}",
        f"{en}; these webhooks were changed since and are told nothing until their partners state them again and "
        f"enable them: {', '.join(names)}",
    )
