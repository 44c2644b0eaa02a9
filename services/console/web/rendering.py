"""Templates: escaped always, in two languages, each wording in place."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from services.console import kinds, sections, words
from services.console.web.assets import address
from services.console.web.marks import noise
from services.console.web.pointing import led, pointed
from services.console.web.since import changes, noted
from services.console.web.visits import Visit
from services.kernel.clock import CIVIL_ZONE

_QUICK = Markup(
    'hx-boost="true" hx-target="#content" hx-select="#content" hx-select-oob="#foot" hx-swap="outerHTML show:none"'
)
"""Of an element whose links and filters only change what the page shows: with scripts, the page stays where it is."""
TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": address, "pointed": pointed, "led": led, "noted": noted, "changes": changes}
    return made


def render(visit: Visit, template: str, status: int = 200, **given: Any) -> HTMLResponse:
    """A page; `_(zh, en)` in a template takes the visitor's language."""
    whole = {"synthetic": False, "active": "", **given}
    text = (
        _environment()
        .get_template(template)
        .render(
            v=visit,
            _=visit.say,
            text=visit.text,
            word=words.Words(visit.catalogue, visit.language),
            csrf=visit.csrf,
            noise=noise(),
            kinds=kinds,
            ways=sections.ways(visit.principal, visit.now),
            quick=_QUICK,
            printed=_printed(visit),
            **whole,
        )
    )
    return HTMLResponse(text, status, headers={"Vary": "Cookie, Accept-Language"})


def _printed(visit: Visit) -> str:
    """Where this stands, as of when, and who saw it: at the foot of what is printed."""
    at = f"{visit.now.astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"
    whole = f"{str(visit.request.base_url).rstrip('/')}{visit.here()} · {at}"
    return f"{whole} · {visit.principal.subject}" if visit.principal else whole
