"""Partners and their keys, for the administrator. A key is on the page that answers its making, and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import partner_pb2, webhook_pb2, webhook_service_pb2, webhook_service_pb2_grpc
from bole.matcher.v1 import partner_service_pb2 as service
from bole.matcher.v1 import partner_service_pb2_grpc as service_grpc
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import instant_to_wire
from services.console.backend import SECONDS
from services.console.pages import lists
from services.console.pages.events import certificates, erasures, topics
from services.console.pages.listening import LISTENED
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.wording import delivery

PATH = "/events/partners"
_MOST_DAYS = 3650
_ALL = 1000


def show(visit: Visit) -> Response:
    """All partners."""
    return _list(visit)


def _list(visit: Visit, problem: Failure | None = None) -> Response:
    request = service.ListPartnersRequest(page_size=lists.ROWS, page_token=lists.page_token(visit))
    found = _stub(visit).ListPartners(request, timeout=SECONDS)
    return render(
        visit,
        "events/partners.html",
        status_of(problem),
        problem=problem,
        active="events",
        found=found,
        now=visit.now,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def create(visit: Visit) -> Response:
    """Register a partner, or say on the form why not."""
    partner = partner_pb2.Partner(title=visit.form.get("title", ""))
    request = service.CreatePartnerRequest(partner=partner, request_id=str(uuid4()))

    def send() -> Response:
        made = _stub(visit).CreatePartner(request, timeout=SECONDS)
        return RedirectResponse(f"/events/{made.name}", 303)

    return answered(send, lambda failure: _list(visit, failure))


def troubled(visit: Visit, most: int) -> list[partner_pb2.Partner]:
    """Partners who are not told by a webhook of theirs any more, or whose endpoint is failing."""
    found = _stub(visit).ListPartners(service.ListPartnersRequest(page_size=_ALL), timeout=SECONDS).partners
    return [each for each in found if each.stopped_webhook_count or each.failing_webhook_count][:most]


def show_one(visit: Visit) -> Response:
    """One partner with its keys, certificates, topic, webhooks and the erasures that it has not acknowledged."""
    return page(visit)


@dataclass(frozen=True)
class Fetched:
    """What the services say of a partner."""

    partner: partner_pb2.Partner
    keys: Sequence[partner_pb2.PartnerKey]
    hooks: Sequence[webhook_pb2.Webhook]
    certificates: Any
    topic: Any
    erasures: Any


def page(visit: Visit, problem: Failure | None = None, about: str = "") -> Response:
    """The page of a partner. `problem`: with the form `about` which it is told."""
    return _drawn(visit, _fetched(visit), problem, about)


def create_key(visit: Visit) -> Response:
    """A new key, or what is wrong with the form. All that its page shows is asked for before the key is made: nobody
    could see the key on a page that failed afterwards.
    """
    fetched = _fetched(visit)
    made = answered(lambda: _created(visit), lambda failure: _drawn(visit, fetched, failure, about="key"))
    if isinstance(made, Response):
        return made
    return _drawn(visit, replace(fetched, keys=[made.key, *fetched.keys]), key=made.secret)


def _fetched(visit: Visit) -> Fetched:
    name = f"partners/{visit.part('partner')}"
    stub = _stub(visit)
    hooks = visit.stub(webhook_service_pb2_grpc.WebhookServiceStub).ListWebhooks(
        webhook_service_pb2.ListWebhooksRequest(parent=name), timeout=SECONDS
    )
    return Fetched(
        stub.GetPartner(service.GetPartnerRequest(name=name), timeout=SECONDS),
        stub.ListPartnerKeys(service.ListPartnerKeysRequest(parent=name), timeout=SECONDS).keys,
        hooks.webhooks,
        certificates.listed(visit, name),
        topics.of(visit, name),
        erasures.waiting(visit, name),
    )


def _drawn(
    visit: Visit, found: Fetched, problem: Failure | None = None, about: str = "", key: str = ""
) -> Response:
    """`key`: one that was just made."""
    return render(
        visit,
        "events/partner.html",
        status_of(problem),
        active="events",
        partner=found.partner,
        keys=found.keys,
        certificates=found.certificates,
        topic=found.topic,
        erasures=found.erasures,
        erasure_states=delivery.ERASURE_STATES,
        hooks=found.hooks,
        key=key,
        states=delivery.KEY_STATES,
        scopes=delivery.SCOPES,
        offered=LISTENED,
        people=delivery.PEOPLE_SHOWN,
        problem=problem,
        about=about,
        form=visit.form,
        request_id=str(uuid4()),
    )


def add_certificate(visit: Visit) -> Response:
    """Register a client certificate, or say what is wrong with it."""

    def send() -> Response:
        certificates.add(visit, f"partners/{visit.part('partner')}")
        return RedirectResponse(f"/events/partners/{visit.part('partner')}#certificates", 303)

    return answered(send, lambda failure: page(visit, failure, about="certificate"))


def _created(visit: Visit) -> service.CreatePartnerKeyResponse:
    """The key that the form asks for. Raises InvalidArgument."""
    given = visit.form
    key = partner_pb2.PartnerKey(title=given.get("title", ""), scope=certificates.scope_of(given))
    if given.get("days"):
        days = whole_number(given["days"], _MOST_DAYS)
        if not days:
            raise InvalidArgument.field(
                "days", "NOT_A_NUMBER", f"应为 1 至 {_MOST_DAYS}", f"must be from 1 to {_MOST_DAYS}"
            )
        key.expire_time.CopyFrom(instant_to_wire(visit.now + timedelta(days=days)))
    parent = f"partners/{visit.part('partner')}"
    request = service.CreatePartnerKeyRequest(parent=parent, key=key)
    return _stub(visit).CreatePartnerKey(request, timeout=SECONDS)


def revoke(visit: Visit) -> Response:
    """Let a key count no more."""
    parent = f"partners/{visit.part('partner')}"
    request = service.RevokePartnerKeyRequest(
        name=f"{parent}/keys/{visit.part('id')}", request_id=str(uuid4())
    )
    _stub(visit).RevokePartnerKey(request, timeout=SECONDS)
    return RedirectResponse(f"/events/{parent}", 303)


def _stub(visit: Visit) -> service_grpc.PartnerServiceStub:
    return visit.stub(service_grpc.PartnerServiceStub)
