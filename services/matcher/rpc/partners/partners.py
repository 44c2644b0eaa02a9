"""PartnerService: partners and their keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.matcher.v1 import partner_pb2, partner_service_pb2_grpc
from bole.matcher.v1 import partner_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import instant_from_wire, instant_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import NotFound
from services.matcher.domain.partners.partner import Key, Partner, Scope
from services.matcher.rpc.once import once
from services.matcher.rpc.partners.partner_names import partner_of, parts_of
from services.matcher.service.partners.key_uses import KeyUses
from services.matcher.service.partners.partner_erasures import PartnerErasures
from services.matcher.service.partners.partners import Partners
from services.matcher.store.partners import partner_erasures
from services.matcher.store.partners import partners as store

_KEYS = ("keys",)
_FIELDS = {"title": "partner.title", "expire_time": "key.expire_time"}


@dataclass(frozen=True)
class PartnerRoom(partner_service_pb2_grpc.PartnerServiceServicer):
    """The servicer. `uses`: of keys and of certificates, which are written down before they are told."""

    house: House
    partners: Partners
    erasures: PartnerErasures
    uses: Sequence[KeyUses]

    def CreatePartner(self, request: wire.CreatePartnerRequest, context: Any) -> partner_pb2.Partner:
        """Register a partner."""

        def act(session: Session) -> tuple[str, partner_pb2.Partner]:
            made = self.partners.create(session, request.partner.title)
            session.flush()
            return made.name, self._partner(session, made)

        return once(self.house, "create-partner", request, partner_pb2.Partner, act, _FIELDS)

    def GetPartner(self, request: wire.GetPartnerRequest, context: Any) -> partner_pb2.Partner:
        """One partner."""
        id_ = partner_of(request.name, current_call(), "name")
        self._flush()
        with self.house.database.read() as session:
            found = store.get(session, id_)
            if found is None:
                raise NotFound.resource(request.name)
            return self._partner(session, found)

    def ListPartners(self, request: wire.ListPartnersRequest, context: Any) -> wire.ListPartnersResponse:
        """All partners."""
        query = Query("", "", request.page_size, request.page_token)
        self._flush()
        with self.house.database.read() as session:
            page = store.listing().page(
                session, Partner, query, self.house.pages, current_call().principal.subject
            )
            return wire.ListPartnersResponse(
                partners=[self._partner(session, each) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def CreatePartnerKey(
        self, request: wire.CreatePartnerKeyRequest, context: Any
    ) -> wire.CreatePartnerKeyResponse:
        """A new key."""
        partner_id, stated = partner_of(request.parent, current_call(), "parent"), request.key
        events_only = stated.scope == partner_pb2.PartnerKey.SCOPE_EVENTS
        until = instant_from_wire(stated.expire_time) if stated.HasField("expire_time") else None

        def act(session: Session) -> tuple[str, wire.CreatePartnerKeyResponse]:
            scope = Scope.EVENTS if events_only else Scope.FULL
            made, secret = self.partners.create_key(session, partner_id, stated.title, scope, until)
            return made.name, wire.CreatePartnerKeyResponse(key=self._key(made), secret=secret)

        return once(self.house, "create-partner-key", request, wire.CreatePartnerKeyResponse, act, _FIELDS)

    def ListPartnerKeys(
        self, request: wire.ListPartnerKeysRequest, context: Any
    ) -> wire.ListPartnerKeysResponse:
        """The keys of a partner."""
        call = current_call()
        partner_id = partner_of(request.parent, call, "parent")
        query = Query("", "", request.page_size, request.page_token, {"parent": request.parent})
        self._flush()
        with self.house.database.read() as session:
            if store.get(session, partner_id) is None:
                raise NotFound.resource(request.parent)
            page = store.key_listing().page(
                session, Key, query, self.house.pages, call.principal.subject, store.keys_of(partner_id)
            )
            return wire.ListPartnerKeysResponse(
                keys=[self._key(each) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def RevokePartnerKey(self, request: wire.RevokePartnerKeyRequest, context: Any) -> partner_pb2.PartnerKey:
        """Let a key count no more."""
        partner_id, key_id = parts_of(request.name, _KEYS, current_call(), "name")

        def act(session: Session) -> tuple[str, partner_pb2.PartnerKey]:
            revoked = self.partners.revoke(session, partner_id, key_id)
            return revoked.name, self._key(revoked)

        return once(self.house, "revoke-partner-key", request, partner_pb2.PartnerKey, act, _FIELDS)

    def _flush(self) -> None:
        for each in self.uses:
            each.flush()

    def _partner(self, session: Session, of: Partner) -> partner_pb2.Partner:
        counts = store.counts(session, of.id, self.house.clock.now())
        waiting, since = partner_erasures.open_of(session, of.id)
        return partner_pb2.Partner(
            name=of.name,
            title=of.title,
            live_key_count=counts.live_keys,
            live_certificate_count=counts.live_certificates,
            webhook_count=counts.webhooks,
            stopped_webhook_count=counts.stopped,
            failing_webhook_count=counts.failing,
            last_use_time=instant_to_wire(counts.last_used_at) if counts.last_used_at else None,
            create_time=instant_to_wire(of.created_at),
            open_erasure_count=waiting,
            open_erasure_time=instant_to_wire(since) if since else None,
            erasure_due_time=instant_to_wire(self.erasures.due(since)) if since else None,
        )

    def _key(self, of: Key) -> partner_pb2.PartnerKey:
        return partner_pb2.PartnerKey(
            name=of.name,
            title=of.title,
            scope=f"SCOPE_{of.scope.value}",
            expire_time=instant_to_wire(of.not_after) if of.not_after else None,
            state=f"STATE_{of.state(self.house.clock.now()).value}",
            last_use_time=instant_to_wire(of.last_used_at) if of.last_used_at else None,
            create_time=instant_to_wire(of.created_at),
            revoke_time=instant_to_wire(of.revoked_at) if of.revoked_at else None,
        )
