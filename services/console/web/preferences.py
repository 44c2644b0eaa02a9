"""Language and look of a visit: the address, then a cookie, then what the browser says; Chinese first."""

import re

from starlette.requests import Request

from services.console.web.visits import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from services.kernel.text import Language

_OFFER = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,40})?\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?\s*")


def language_of(request: Request) -> Language:
    """`?lang=`, the cookie, Accept-Language; Chinese where none of them says English."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if said in ("zh", "en"):
            return "en" if said == "en" else "zh"
    return _accepted(request.headers.get("accept-language", ""))


def theme_of(request: Request) -> str:
    """`?theme=`, the cookie; empty leaves it to the browser."""
    for said in (request.query_params.get("theme"), request.cookies.get(THEME_COOKIE)):
        if said in THEMES:
            return said
    return ""


def _accepted(header: str) -> Language:
    best: dict[str, float] = {}
    for part in header[:500].split(","):
        if found := _OFFER.fullmatch(part):
            best.setdefault(found[1].lower(), float(found[2] or 1))
    return "en" if best.get("en", 0.0) > best.get("zh", 0.0) else "zh"
