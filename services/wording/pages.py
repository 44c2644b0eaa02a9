"""Where the console's pages of a collection are: for the console itself, and for whoever points to it."""

from collections.abc import Mapping
from typing import Final

RELEASES: Final = "shortageReleases"
PAGES: Final[Mapping[str, str]] = {
    "persons": "/people",
    "teams": "/teams",
    "positions": "/positions",
    "trainingPlaces": "/training",
    "moves": "/moves",
    "nominations": "/nominations",
    "firms": "/firms",
    "deals": "/deals",
    "funds": "/funds",
    "investments": "/investments",
    "reports": "/reports",
    "proposals": "/proposals",
    RELEASES: "/releases",
}
"""By the collection of a resource name: a record's page is `{page}/{id}`."""
