"""An entity as the matcher keeps it: what pairs are judged by, and what people call it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.matcher.domain.item import Item, ItemKind

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


class Written(NamedTuple):
    """Items that were written together, under the number of that change."""

    change: int
    items: Sequence[Known]
