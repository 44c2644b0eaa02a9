"""What owners do with their webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from services.chassis.house import House
from services.chassis.sealing import KeyRing
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound, OutOfRange
from services.kernel.text import Text
from services.matcher.domain.webhooks.address import Network, parse_endpoint
from services.matcher.domain.webhooks.signature import secret_text
from services.matcher.domain.webhooks.webhook import Wanted, Webhook, WebhookState
from services.matcher.store import matches
from services.matcher.store.partners import partners, webhooks

MOST: Final = 10
"""Webhooks that a partner may have."""
OVERLAP: Final = timedelta(hours=24)
"""For how long the secret before signs too, unless its owner says otherwise."""


@dataclass(frozen=True)
class Webhooks:
    """The use cases. `allowed`: networks that endpoints may be in though they are not public."""

    house: House
    ring: KeyRing
    allowed: Sequence[Network]

    def create(
        self, session: Session, partner_id: str, wanted: Wanted, state: WebhookState
    ) -> tuple[Webhook, str]:
        """A new webhook and its secret; it is told what happens from now on.

        Raises NotFound, InvalidArgument (as `parse_endpoint`), AlreadyExists (WEBHOOK_EXISTS), FailedPrecondition
        (TOO_MANY_WEBHOOKS).
        """
        if not partners.lock(session, partner_id):  # so that two at once are counted one after the other
            raise NotFound.resource(f"partners/{partner_id}")
        parse_endpoint(wanted.url, self.allowed)
        self._require_free(session, partner_id, wanted.url)
        if webhooks.count(session, partner_id) >= MOST:
            raise FailedPrecondition(
                Text(
                    f"每个合作方最多 {MOST} 个回调，请先删除一个",
                    f"a partner has at most {MOST}; delete one first",
                ),
                reason="TOO_MANY_WEBHOOKS",
            )
        now, id_ = self.house.clock.now(), self.house.ids.new()
        key, wrapped = self.ring.create(f"webhooks/{id_}")
        made = Webhook(
            id=id_,
            partner_id=partner_id,
            url=wanted.url,
            title=wanted.title,
            kinds=wanted.kinds,
            anchor=wanted.anchor,
            directions=wanted.directions,
            cities=wanted.cities,
            secret=wrapped,
            position=matches.mark(session).last,
            created_at=now,
            updated_at=now,
            next_at=now,
        )
        if state is WebhookState.DISABLED:
            made.restate(wanted, state, now)
        session.add(made)
        return made, secret_text(key.secret)

    def restate(self, session: Session, of: Webhook, wanted: Wanted, state: WebhookState) -> None:
        """Change what was stated. Raises InvalidArgument, AlreadyExists as `create`."""
        if wanted.url != of.url:
            parse_endpoint(wanted.url, self.allowed)
            self._require_free(session, of.partner_id, wanted.url)
        of.restate(wanted, state, self.house.clock.now())

    def rotate(self, of: Webhook, overlap: timedelta) -> str:
        """A new secret; the present one signs too for as long as `overlap`."""
        key, wrapped = self.ring.create(f"webhooks/{of.id}")
        now = self.house.clock.now()
        of.rotate(wrapped, now + overlap, now)
        return secret_text(key.secret)

    def replay(self, session: Session, of: Webhook, after: int) -> None:
        """Go on after another event. Raises OutOfRange (SEQUENCE_NOT_KEPT)."""
        first, last = matches.first_sequence(session) or 1, matches.mark(session).last
        if not first - 1 <= after <= last:
            raise OutOfRange(
                Text(
                    f"事件 {after} 不在保留范围内，可用 {first - 1} 至 {last}",
                    f"event {after} is not among those kept; use {first - 1} to {last}",
                ),
                reason="SEQUENCE_NOT_KEPT",
                metadata={"earliestSequence": str(first), "latestSequence": str(last)},
            )
        of.replay(after, self.house.clock.now())

    def _require_free(self, session: Session, partner_id: str, url: str) -> None:
        known = webhooks.at_address(session, partner_id, url)
        if known is not None:
            raise AlreadyExists(
                Text(f"该地址已登记为 {known.name}", f"the address is registered already as {known.name}"),
                reason="WEBHOOK_EXISTS",
                metadata={"webhook": known.name},
            )
