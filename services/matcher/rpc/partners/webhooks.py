"""WebhookService: endpoints that partners are told at, and how that went."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.matcher.v1 import webhook_pb2, webhook_service_pb2_grpc
from bole.matcher.v1 import webhook_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag
from services.chassis.storage.listing import Query
from services.kernel.errors import NotFound
from services.matcher.domain.webhooks.attempt import Attempt
from services.matcher.domain.webhooks.webhook import Webhook
from services.matcher.rpc.once import once
from services.matcher.rpc.partners.partner_names import partner_of, partner_or_all, parts_of
from services.matcher.rpc.partners.webhook_wire import (
    FIELDS,
    attempt_to_wire,
    state_of,
    wanted_of,
    webhook_to_wire,
)
from services.matcher.service.webhooks.registering import OVERLAP, Webhooks
from services.matcher.service.webhooks.trying import Trying
from services.matcher.store import matches
from services.matcher.store.partners import webhooks as store
from services.matcher.store.partners.webhook_schema import webhook_attempt

_HOOKS = ("webhooks",)
_ATTEMPTS = ("webhooks", "attempts")
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class WebhookRoom(webhook_service_pb2_grpc.WebhookServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    webhooks: Webhooks
    trying: Trying

    def CreateWebhook(self, request: wire.CreateWebhookRequest, context: Any) -> wire.CreateWebhookResponse:
        """Register an endpoint."""
        call = current_call()
        partner_id = partner_of(request.parent, call, "parent")

        def act(session: Session) -> tuple[str, wire.CreateWebhookResponse]:
            wanted = wanted_of(request.webhook, self.catalogue)
            made, secret = self.webhooks.create(session, partner_id, wanted, state_of(request.webhook))
            session.flush()
            return made.name, wire.CreateWebhookResponse(webhook=self._wire(session, made), secret=secret)

        return once(self.house, "create-webhook", request, wire.CreateWebhookResponse, act, FIELDS)

    def GetWebhook(self, request: wire.GetWebhookRequest, context: Any) -> webhook_pb2.Webhook:
        """One webhook."""
        with self.house.database.read() as session:
            return self._wire(session, _found(session, current_call(), request.name, "name"))

    def ListWebhooks(self, request: wire.ListWebhooksRequest, context: Any) -> wire.ListWebhooksResponse:
        """Webhooks of one partner, or of all."""
        call = current_call()
        partner_id = partner_or_all(request.parent, call, "parent")
        query = Query("", "", request.page_size, request.page_token, {"parent": request.parent})
        with self.house.database.read() as session:
            page = store.listing().page(
                session,
                Webhook,
                query,
                self.house.pages,
                call.principal.subject,
                store.of_partners(partner_id),
            )
            return wire.ListWebhooksResponse(
                webhooks=[self._wire(session, each) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def UpdateWebhook(self, request: wire.UpdateWebhookRequest, context: Any) -> webhook_pb2.Webhook:
        """Change what was stated."""
        call, given = current_call(), request.webhook

        def act(session: Session) -> tuple[str, webhook_pb2.Webhook]:
            found = _found(session, call, given.name, "webhook.name", lock=True)
            check_etag(given.etag, found.version, found.name, field="webhook.etag")
            before, merged = self._wire(session, found), self._wire(session, found)
            apply_mask(request.update_mask, given, merged)
            wanted = wanted_of(merged, self.catalogue, before)
            self.webhooks.restate(session, found, wanted, state_of(merged))
            session.flush()
            return found.name, self._wire(session, found)

        return once(self.house, "update-webhook", request, webhook_pb2.Webhook, act, FIELDS)

    def DeleteWebhook(self, request: wire.DeleteWebhookRequest, context: Any) -> wire.DeleteWebhookResponse:
        """Send nothing there any more."""
        call = current_call()

        def act(session: Session) -> tuple[str, wire.DeleteWebhookResponse]:
            found = _found(session, call, request.name, "name", lock=True)
            check_etag(request.etag, found.version, found.name)
            store.remove(session, found)
            return found.name, wire.DeleteWebhookResponse()

        return once(self.house, "delete-webhook", request, wire.DeleteWebhookResponse, act, FIELDS)

    def RotateWebhookSecret(
        self, request: wire.RotateWebhookSecretRequest, context: Any
    ) -> wire.RotateWebhookSecretResponse:
        """A new secret beside the present one."""
        call = current_call()
        overlap = timedelta(hours=request.overlap_hours) or OVERLAP

        def act(session: Session) -> tuple[str, wire.RotateWebhookSecretResponse]:
            found = _found(session, call, request.name, "name", lock=True)
            check_etag(request.etag, found.version, found.name)
            secret = self.webhooks.rotate(found, overlap)
            session.flush()
            answer = wire.RotateWebhookSecretResponse(webhook=self._wire(session, found), secret=secret)
            return found.name, answer

        return once(
            self.house, "rotate-webhook-secret", request, wire.RotateWebhookSecretResponse, act, FIELDS
        )

    def ReplayWebhook(self, request: wire.ReplayWebhookRequest, context: Any) -> webhook_pb2.Webhook:
        """Go on after another event."""
        call = current_call()

        def act(session: Session) -> tuple[str, webhook_pb2.Webhook]:
            found = _found(session, call, request.name, "name", lock=True)
            self.webhooks.replay(session, found, request.after_sequence)
            session.flush()
            return found.name, self._wire(session, found)

        return once(self.house, "replay-webhook", request, webhook_pb2.Webhook, act, FIELDS)

    def TestWebhook(self, request: wire.TestWebhookRequest, context: Any) -> webhook_pb2.WebhookAttempt:
        """Send a test now."""
        call = current_call()
        with self.house.database.read() as session:
            found = _apart(session, _found(session, call, request.name, "name"))
        return self._told(call, "test-webhook", found, self.trying.test(found))

    def RedeliverWebhookAttempt(
        self, request: wire.RedeliverWebhookAttemptRequest, context: Any
    ) -> webhook_pb2.WebhookAttempt:
        """Send the event of an attempt again now."""
        call = current_call()
        partner_id, id_, attempt_id = parts_of(request.name, _ATTEMPTS, call, "name")
        with self.house.database.read() as session:
            found = store.get(session, partner_id, id_)
            before = store.attempt(session, id_, attempt_id) if found is not None else None
            if found is None or before is None:
                raise NotFound.resource(request.name)
            _apart(session, found)
            session.expunge(before)
        return self._told(call, "redeliver-webhook", found, self.trying.again(found, before))

    def ListWebhookAttempts(
        self, request: wire.ListWebhookAttemptsRequest, context: Any
    ) -> wire.ListWebhookAttemptsResponse:
        """The delivery log."""
        call = current_call()
        query = Query(request.filter, "", request.page_size, request.page_token, {"parent": request.parent})
        with self.house.database.read() as session:
            found = _found(session, call, request.parent, "parent")
            mine = webhook_attempt.c.webhook_id == found.id
            page = store.attempt_listing().page(
                session, Attempt, query, self.house.pages, call.principal.subject, mine
            )
            return wire.ListWebhookAttemptsResponse(
                attempts=[attempt_to_wire(each, found.name) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def _wire(self, session: Session, of: Webhook) -> webhook_pb2.Webhook:
        return webhook_to_wire(of, matches.mark(session).last, self.house.clock.now(), self.catalogue)

    def _told(self, call: Call, action: str, of: Webhook, attempt: Attempt) -> webhook_pb2.WebhookAttempt:
        detail: dict[str, object] = {"outcome": attempt.outcome.value, "sequence": attempt.sequence}
        with self.house.database.write() as session:
            self.house.audit.append(session, entry_of(call, action, of.name, "done", detail))
        return attempt_to_wire(attempt, of.name)


def _found(session: Session, call: Call, name: str, field: str, *, lock: bool = False) -> Webhook:
    """A webhook that the caller may see. Raises InvalidArgument (INVALID_NAME), NotFound."""
    partner_id, id_ = parts_of(name, _HOOKS, call, field)
    found = store.get(session, partner_id, id_, lock=lock)
    if found is None:
        raise NotFound.resource(name)
    return found


def _apart(session: Session, of: Webhook) -> Webhook:
    """For use without the transaction."""
    session.expunge(of)
    return of
