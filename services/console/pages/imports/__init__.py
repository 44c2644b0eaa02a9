"""Imports in five steps: template, file, columns, preview, commit; and what was imported, with the way back."""

from starlette.routing import Route

from services.console.pages.imports.imports import Imports
from services.console.pages.imports.sides import FUNDING, TALENT
from services.console.web.answering import Desk
from services.console.web.held import HeldFiles
from services.kernel.clock import Clock


def routes(desk: Desk, clock: Clock) -> list[Route]:
    """Every page about imports, of the library and of the deal flow: a file that waits for its commit is held once."""
    held = HeldFiles()
    return [route for side in (TALENT, FUNDING) for route in Imports(side, held, clock).routes(desk)]
