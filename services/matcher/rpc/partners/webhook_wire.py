"""Webhooks and their attempts between the wire and the domain."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from bole.matcher.v1 import webhook_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.rpc.wire import etag_of, instant_to_wire, text_to_wire
from services.kernel.errors import PermissionDenied
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.webhooks.attempt import Attempt
from services.matcher.domain.webhooks.webhook import Wanted, Webhook, WebhookState
from services.matcher.rpc.anchors import leaves_named, parse_name, watched_kind
from services.matcher.rpc.restrictions import require_possible, why_silent

_PATH = "webhook."
FIELDS = {name: _PATH + name for name in ("url", "kinds", "anchor", "direction_codes", "city_codes")}
"""Where the fields of a webhook stand in its requests."""


def wanted_of(stated: wire.Webhook, catalogue: Catalogue, before: wire.Webhook | None = None) -> Wanted:
    """What was stated, in today's codes; directions that stood there `before` stay, whether or not the catalogue still
    has them. Raises InvalidArgument, PermissionDenied (PERSON_ANCHOR).

    Who leaves the restrictions as they were `before` is not asked again whether a list meets them: a webhook that is
    told of no match can still be renamed and disabled.
    """
    anchor = parse_name(stated.anchor, "anchor") if stated.anchor else None
    if anchor and anchor[0] is ItemKind.PERSON:
        raise PermissionDenied(
            Text("合作方不能按个人订阅", "a partner cannot subscribe to a person"), reason="PERSON_ANCHOR"
        )
    kept = set(before.direction_codes) if before else set()
    leaves = [
        leaf
        for text in stated.direction_codes
        for leaf in ((text,) if text in kept else leaves_named(catalogue, text, "direction_codes"))
    ]
    kinds = [watched_kind(key) for key in stated.kinds]
    cities = [catalogue.resolve_place(text, field="city_codes") for text in stated.city_codes]
    if before is None or _restrictions(stated) != _restrictions(before):
        require_possible(kinds, anchor, catalogue, directions=leaves, cities=bool(cities))
    return Wanted(
        stated.url,
        stated.title,
        tuple(dict.fromkeys(kind.key for kind in kinds)),
        stated.anchor,
        tuple(dict.fromkeys(leaves)),
        tuple(dict.fromkeys(cities)),
    )


def _restrictions(of: wire.Webhook) -> tuple[object, ...]:
    """By what it is restricted, as it is stated."""
    return [*of.kinds], of.anchor, [*of.direction_codes], [*of.city_codes]


def state_of(stated: wire.Webhook) -> WebhookState:
    """Enabled where it is not stated."""
    disabled = stated.state == wire.Webhook.STATE_DISABLED
    return WebhookState.DISABLED if disabled else WebhookState.ENABLED


def webhook_to_wire(of: Webhook, last: int, now: datetime, catalogue: Catalogue) -> wire.Webhook:
    """A webhook as the contract has it; `last`: the last event there is."""
    silent = why_silent(of.kinds, of.anchor, of.directions, of.cities, catalogue)
    former = of.former_until if of.former_until is not None and now < of.former_until else None
    failing = of.failures > 0
    return wire.Webhook(
        name=of.name,
        etag=etag_of(of.version),
        url=of.url,
        title=of.title,
        kinds=of.kinds,
        anchor=of.anchor,
        direction_codes=of.directions,
        city_codes=of.cities,
        state=f"STATE_{of.state.value}",
        disable_reason=f"DISABLE_REASON_{of.reason.value}" if of.reason else None,
        sequence=of.position,
        behind_count=max(0, last - of.position),
        failure_count=of.failures,
        failing_since_time=_instant(of.failing_since),
        next_attempt_time=_instant(of.next_at if failing and of.state is WebhookState.ENABLED else None),
        former_secret_expire_time=_instant(former),
        create_time=instant_to_wire(of.created_at),
        update_time=instant_to_wire(of.updated_at),
        silent_reason=text_to_wire(silent) if silent else None,
    )


def attempt_to_wire(of: Attempt, webhook_name: str) -> wire.WebhookAttempt:
    """A line of the delivery log as the contract has it."""
    return wire.WebhookAttempt(
        name=f"{webhook_name}/attempts/{of.id}",
        cause=f"CAUSE_{of.cause.value}",
        message_id=of.message_id,
        sequence=of.sequence,
        attempt_number=of.number,
        outcome=f"OUTCOME_{of.outcome.value}",
        status_code=of.status,
        latency_ms=of.latency_ms,
        answer_excerpt=of.excerpt,
        reason=text_to_wire(Text(of.reason_zh, of.reason_en)) if of.reason_zh else None,
        attempt_time=instant_to_wire(of.at),
        next_attempt_time=_instant(of.next_at),
    )


def _instant(at: datetime | None) -> Timestamp | None:
    return None if at is None else instant_to_wire(at)
