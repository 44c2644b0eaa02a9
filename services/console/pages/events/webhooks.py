"""One webhook: how far it has come, what can be done with it, and its delivery log."""

from collections.abc import Callable, Mapping
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask
from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import webhook_pb2
from bole.matcher.v1 import webhook_service_pb2 as service
from bole.matcher.v1 import webhook_service_pb2_grpc as service_grpc
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.events import partners
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording import delivery

_FILTERS: Mapping[str, str] = {"failed": "outcome != DELIVERED", "event": "cause = EVENT", "": ""}
_LAST = 10**15 - 1


_DONE: Mapping[str, Text] = {
    "test": Text(
        "测试已发送，结果见投递记录。",
        "The test was sent: the log says what became of it.",
    ),
    "state": Text("状态已更改。", "Its state is changed."),
    "replay": Text(
        "将从该序号之后重新投递，新的投递会陆续出现在记录中。",
        "It goes on after that event: what is sent now appears in the log.",
    ),
    "redelivered": Text("已重发，结果见投递记录。", "Sent again: the log says what became of it."),
}
"""What is said of a step that was taken."""


def show(visit: Visit) -> Response:
    """The webhook with its log."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    stub, name = _stub(visit), _name(visit)
    shown = lists.one_of(visit, "show", _FILTERS)
    request = service.ListWebhookAttemptsRequest(
        parent=name, page_size=lists.ROWS, page_token=lists.page_token(visit), filter=_FILTERS[shown]
    )
    log = stub.ListWebhookAttempts(request, timeout=SECONDS)
    hook = stub.GetWebhook(service.GetWebhookRequest(name=name), timeout=SECONDS)
    return render(
        visit,
        "events/webhook.html",
        status_of(problem),
        active="events",
        synthetic=origins.among(visit),
        problem=problem,
        done=_DONE.get(visit.get("done")),
        hook=hook,
        why=_why(hook),
        log=log,
        shown=shown,
        called=delivery,
        Webhook=webhook_pb2.Webhook,
        Attempt=webhook_pb2.WebhookAttempt,
        first=lists.first_link(visit),
        next=lists.next_link(visit, log),
    )


def create(visit: Visit) -> Response:
    """Register an endpoint, or say on the partner's page what is wrong with it."""
    return answered(lambda: _created(visit), lambda failure: partners.page(visit, failure, about="webhook"))


def _created(visit: Visit) -> Response:
    given = visit.form
    stated = webhook_pb2.Webhook(
        url=given.get("url", ""),
        title=given.get("title", ""),
        kinds=[given["kind"]] if given.get("kind") else [],
        city_codes=[given["city"]] if given.get("city") else [],
    )
    parent = f"partners/{visit.part('partner')}"
    made = _stub(visit).CreateWebhook(
        service.CreateWebhookRequest(parent=parent, webhook=stated), timeout=SECONDS
    )
    return render(visit, "events/secret.html", active="events", hook=made.webhook, secret=made.secret)


def test(visit: Visit) -> Response:
    """Send a test now, and say that it was sent, or why it was not."""
    request = service.TestWebhookRequest(name=_name(visit))
    return _taken(visit, "test", lambda: _stub(visit).TestWebhook(request, timeout=SECONDS))


def set_state(visit: Visit) -> Response:
    """Enable or disable it. Raises InvalidArgument for anything else."""
    state = visit.form.get("state", "").upper()
    if state not in ("ENABLED", "DISABLED"):
        raise InvalidArgument.field(
            "state", "UNKNOWN_CODE", "应为 enabled 或 disabled", "must be enabled or disabled"
        )
    stated = webhook_pb2.Webhook(name=_name(visit), etag=visit.form.get("etag", ""), state=f"STATE_{state}")
    request = service.UpdateWebhookRequest(
        webhook=stated, update_mask=FieldMask(paths=["state"]), request_id=str(uuid4())
    )
    return _taken(visit, "state", lambda: _stub(visit).UpdateWebhook(request, timeout=SECONDS))


def rotate(visit: Visit) -> Response:
    """A new secret beside the present one."""
    request = service.RotateWebhookSecretRequest(name=_name(visit), etag=visit.form.get("etag", ""))

    def send() -> Response:
        made = _stub(visit).RotateWebhookSecret(request, timeout=SECONDS)
        return render(visit, "events/secret.html", active="events", hook=made.webhook, secret=made.secret)

    return _answered(visit, send)


def replay(visit: Visit) -> Response:
    """Go on after another event, or say at the field why not."""

    def send() -> object:
        after = whole_number(visit.form.get("after", ""), _LAST)
        if after is None:
            raise InvalidArgument.field(
                "after", "NOT_A_NUMBER", "应为事件序号", "must be the number of an event"
            )
        request = service.ReplayWebhookRequest(
            name=_name(visit), after_sequence=after, request_id=str(uuid4())
        )
        return _stub(visit).ReplayWebhook(request, timeout=SECONDS)

    return _taken(visit, "replay", send)


def redeliver(visit: Visit) -> Response:
    """Send the event of an attempt again now."""
    name = f"{_name(visit)}/attempts/{visit.part('attempt')}"
    request = service.RedeliverWebhookAttemptRequest(name=name)
    return _taken(
        visit, "redelivered", lambda: _stub(visit).RedeliverWebhookAttempt(request, timeout=SECONDS)
    )


def delete(visit: Visit) -> Response:
    """Send nothing there any more."""
    request = service.DeleteWebhookRequest(
        name=_name(visit), etag=visit.form.get("etag", ""), request_id=str(uuid4())
    )

    def send() -> Response:
        _stub(visit).DeleteWebhook(request, timeout=SECONDS)
        return RedirectResponse(f"/events/partners/{visit.part('partner')}", 303)

    return _answered(visit, send)


def _name(visit: Visit) -> str:
    return f"partners/{visit.part('partner')}/webhooks/{visit.part('id')}"


def _taken(visit: Visit, step: str, take: Callable[[], object]) -> Response:
    """The page after a step, which says that it was taken, or why it was not."""

    def send() -> Response:
        take()
        return RedirectResponse(f"/events/{_name(visit)}?done={step}", 303)

    return _answered(visit, send)


def _answered(visit: Visit, send: Callable[[], Response]) -> Response:
    return answered(send, lambda failure: _page(visit.at(f"/events/{_name(visit)}"), failure))


def _why(hook: webhook_pb2.Webhook) -> Text:
    reason = webhook_pb2.Webhook.DisableReason.Name(hook.disable_reason).removeprefix("DISABLE_REASON_")
    said = delivery.REASONS.get(reason)
    return Text(f"（{said.zh}）", f" ({said.en})") if said else Text("", "")


def _stub(visit: Visit) -> service_grpc.WebhookServiceStub:
    return visit.stub(service_grpc.WebhookServiceStub)
