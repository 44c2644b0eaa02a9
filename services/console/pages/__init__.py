"""The pages, one module a subject; each asks the services in the visitor's name and decides nothing itself."""

from functools import partial

from starlette.routing import Route

from services.console.pages import (
    approvals,
    deals,
    duplicates,
    events,
    evidence,
    firms,
    funds,
    matches,
    nominations,
    people,
    person,
    person_erase,
    positions,
    purposes,
    releases,
    reports,
    shortage,
    shortage_compare,
    shortage_export,
    shortage_picture,
    shortage_watches,
    shortage_weights,
    start,
    teams,
)
from services.console.pages.import_sides import FUNDING, TALENT
from services.console.pages.imports import Imports
from services.console.web.answering import Desk
from services.console.web.held import HeldFiles
from services.kernel.clock import Clock
from services.paper.geography import Map


def pages(desk: Desk, drawn: Map, clock: Clock, console_url: str) -> list[Route]:
    """Every page behind the sign-in. `console_url`: where partners' programs reach the same."""
    held = HeldFiles()
    return [
        Route("/", desk.endpoint(partial(start.show, secure=desk.secure))),
        Route("/map", desk.endpoint(partial(shortage.show, drawn=drawn))),
        Route("/map/export.csv", desk.endpoint(shortage_export.export_csv)),
        Route("/map/export.xlsx", desk.endpoint(shortage_export.export_xlsx)),
        Route("/map/export.svg", desk.endpoint(partial(shortage_picture.export_svg, drawn=drawn))),
        Route("/map/export.png", desk.endpoint(partial(shortage_picture.export_png, drawn=drawn))),
        Route("/map/compare", desk.endpoint(shortage_compare.show)),
        Route("/map/weights", desk.endpoint(shortage_weights.show)),
        Route("/map/watches", desk.endpoint(shortage_watches.show), methods=["GET"]),
        Route("/map/watches", desk.endpoint(shortage_watches.create), methods=["POST"]),
        Route("/map/watches/{id}/delete", desk.endpoint(shortage_watches.delete), methods=["POST"]),
        Route("/purpose", desk.endpoint(partial(purposes.state, secure=desk.secure)), methods=["POST"]),
        Route("/people", desk.endpoint(people.show)),
        Route("/people/erased", desk.endpoint(person_erase.done)),
        Route("/people/{id}", desk.endpoint(person.show)),
        Route("/people/{id}/consent", desk.endpoint(person.record_consent), methods=["POST"]),
        Route("/people/{id}/nominate", desk.endpoint(person.nominate), methods=["POST"]),
        Route("/people/{id}/erase", desk.endpoint(person_erase.show), methods=["GET"]),
        Route("/people/{id}/erase", desk.endpoint(person_erase.erase), methods=["POST"]),
        *teams.routes(desk),
        Route("/positions", desk.endpoint(positions.show)),
        Route("/positions/{id}", desk.endpoint(positions.show_one)),
        Route("/nominations", desk.endpoint(nominations.show)),
        Route("/nominations/{id}", desk.endpoint(nominations.show_one), methods=["GET"]),
        Route("/nominations/{id}", desk.endpoint(nominations.take), methods=["POST"]),
        Route("/targets", desk.endpoint(evidence.show_targets)),
        Route("/evidence", desk.endpoint(evidence.show_register)),
        Route("/evidence/{id}/confirm", desk.endpoint(evidence.confirm), methods=["POST"]),
        *approvals.routes(desk),
        *releases.routes(desk),
        *reports.routes(desk),
        *(route for side in (TALENT, FUNDING) for route in Imports(side, held, clock).routes(desk)),
        *deals.routes(desk),
        *firms.routes(desk),
        *funds.routes(desk),
        *matches.routes(desk),
        *events.routes(desk, console_url),
        Route("/duplicates", desk.endpoint(duplicates.show)),
        Route("/duplicates/decide", desk.endpoint(duplicates.decide), methods=["POST"]),
        Route("/duplicates/decisions", desk.endpoint(duplicates.show_decisions)),
        Route("/duplicates/decisions/{id}/undo", desk.endpoint(duplicates.take_back), methods=["POST"]),
        Route("/duplicates/{id}", desk.endpoint(duplicates.show_pair)),
    ]
