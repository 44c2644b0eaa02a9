"""The pages, a module or folder each subject; each asks the services as the visitor and decides nothing itself."""

from functools import partial

from starlette.routing import Route

from services.console.pages import (
    approvals,
    deals,
    duplicates,
    events,
    evidence,
    firms,
    flow_records,
    flows,
    funds,
    holdings,
    imports,
    matches,
    nominations,
    people,
    positions,
    purposes,
    releases,
    reports,
    shortage,
    start,
    teams,
)
from services.console.web.answering import Desk
from services.kernel.clock import Clock
from services.paper.geography import Map


def pages(desk: Desk, drawn: Map, clock: Clock, console_url: str) -> list[Route]:
    """Every page behind the sign-in. `console_url`: where partners' programs reach the same."""
    return [
        Route("/", desk.endpoint(partial(start.show, secure=desk.secure))),
        *shortage.routes(desk, drawn),
        Route("/purpose", desk.endpoint(partial(purposes.state, secure=desk.secure)), methods=["POST"]),
        *people.routes(desk),
        *teams.routes(desk),
        *positions.routes(desk),
        *flows.routes(desk),
        *flow_records.routes(desk),
        *nominations.routes(desk),
        *evidence.routes(desk),
        *approvals.routes(desk),
        *releases.routes(desk),
        *reports.routes(desk),
        *imports.routes(desk, clock),
        *deals.routes(desk),
        *firms.routes(desk),
        *funds.routes(desk),
        *holdings.routes(desk),
        *matches.routes(desk),
        *events.routes(desk, console_url),
        *duplicates.routes(desk),
    ]
