"""Events and integration: the live tail, partners with keys, certificates and topics, webhooks, descriptions."""

from starlette.responses import Response
from starlette.routing import Route

from services.console.pages.events import (
    certificates,
    described_topics,
    methods,
    partners,
    stream,
    topics,
    webhooks,
)
from services.console.web.answering import Desk
from services.console.web.visits import Visit


def routes(desk: Desk, console_url: str) -> list[Route]:
    """The pages of partners' engineers and of the administrator."""

    def tail(visit: Visit) -> Response:
        return stream.show(visit, console_url)

    def method(visit: Visit) -> Response:
        return methods.show_one(visit, console_url)

    partner = "/events/partners/{partner:str}"
    hook = f"{partner}/webhooks/{{id:str}}"
    return [
        Route("/events", desk.endpoint(tail)),
        Route("/events/methods", desk.endpoint(methods.show)),
        Route("/events/methods/{method:str}", desk.endpoint(method)),
        Route("/events/topics", desk.endpoint(described_topics.show)),
        Route("/events/partners", desk.endpoint(partners.show), methods=["GET"]),
        Route("/events/partners", desk.endpoint(partners.create), methods=["POST"]),
        Route(partner, desk.endpoint(partners.show_one)),
        Route(f"{partner}/keys", desk.endpoint(partners.create_key), methods=["POST"]),
        Route(f"{partner}/keys/{{id:str}}/revoke", desk.endpoint(partners.revoke), methods=["POST"]),
        Route(f"{partner}/certificates", desk.endpoint(partners.add_certificate), methods=["POST"]),
        Route(
            f"{partner}/certificates/{{id:str}}/revoke", desk.endpoint(certificates.revoke), methods=["POST"]
        ),
        Route(f"{partner}/topic", desk.endpoint(topics.open_), methods=["POST"]),
        Route(f"{partner}/topic/close", desk.endpoint(topics.close), methods=["POST"]),
        Route(f"{partner}/webhooks", desk.endpoint(webhooks.create), methods=["POST"]),
        Route(hook, desk.endpoint(webhooks.show)),
        Route(f"{hook}/test", desk.endpoint(webhooks.test), methods=["POST"]),
        Route(f"{hook}/state", desk.endpoint(webhooks.set_state), methods=["POST"]),
        Route(f"{hook}/rotate", desk.endpoint(webhooks.rotate), methods=["POST"]),
        Route(f"{hook}/replay", desk.endpoint(webhooks.replay), methods=["POST"]),
        Route(f"{hook}/delete", desk.endpoint(webhooks.delete), methods=["POST"]),
        Route(f"{hook}/attempts/{{attempt:str}}", desk.endpoint(webhooks.redeliver), methods=["POST"]),
    ]
