"""An entity as the matcher keeps it: what pairs are judged by, and what people call it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.matcher.domain.item import Item, ItemKind, Purpose
from services.matcher.domain.staff import Part

Version = tuple[ItemKind, str, int]
"""What names one version of one item."""


class Known(NamedTuple):
    """A stored item: what pairs are judged by (None: gone), what people call it, and when it changed."""

    kind: ItemKind
    id: str
    version: int
    item: Item | None
    person_name: str
    title: str
    origin: str
    changed_at: datetime


class Together(NamedTuple):
    """What is known of the people of a team: what every one of them allows, and the parts of those in use."""

    purposes: frozenset[Purpose]
    parts: tuple[Part, ...]


class Written(NamedTuple):
    """Items that were written together, under the number of that change."""

    change: int
    items: Sequence[Known]
