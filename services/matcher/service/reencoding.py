"""Another encoder than the one that stands: its rows are made beside those, in portions, and then take their place.

What changes meanwhile is encoded when it takes over. A process that ends before begins again at its next start.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from services.chassis.process.background import Rounds
from services.chassis.storage.chunks import chunks
from services.chassis.telemetry.logs import log
from services.matcher.corpus.encoding import Known, KnownRows, joined
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import STORED, Item, ItemKind
from services.matcher.encode.encoder import Encoder

if TYPE_CHECKING:
    from services.matcher.service.engine import Engine

_PORTION = 64
_POLL_SECONDS = 1.0
_BACK_OFF_SECONDS = (30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Successor:
    """An encoder, what rows it has made, and on how many texts it was fitted."""

    encoder: Encoder
    rows: Known
    fitted_on: int


class Progress(NamedTuple):
    """How far the encoder on its way in has come: its version, items encoded, items in all."""

    version: str
    done: int
    total: int


class Reencoding:
    """Makes successors in a thread of its own while this process leads."""

    def __init__(self, engine: "Engine", leading: threading.Event) -> None:
        self._engine = engine
        self._leading = leading
        self.progress: Progress | None = None

    @property
    def rounds(self) -> Rounds:
        """Making one whenever it is due. What goes wrong leaves the encoder that stands, and is tried again."""
        failing = "the encoder that is to follow could not be made"
        return Rounds(self._round, failing, _POLL_SECONDS, again=_BACK_OFF_SECONDS)

    def _round(self, stop: threading.Event) -> None:
        if self._leading.is_set() and self._engine.outdated and not self._engine.due:
            self.prepare(stop)

    def prepare(self, stop: threading.Event) -> bool:
        """Make the successor of the encoder that stands; false when stopped before."""
        try:
            items = _everything(self._engine.space)
            texts = [item.text for item in telling(item for group in items.values() for item in group)]
            encoder = self._engine.family.fitted(texts)
            total = sum(len(group) for group in items.values())
            self.progress = Progress(encoder.version, 0, total)
            log(logging.INFO, "encoding with another encoder", encoder=encoder.version, items=total)
            rows = {}
            for kind, group in items.items():
                found = self._encoded(encoder, group, stop)
                if found is None:
                    return False
                rows[kind] = found
            self._engine.succeed(Successor(encoder, rows, len(texts)))
            return True
        finally:
            self.progress = None

    def _encoded(self, encoder: Encoder, items: list[Item], stop: threading.Event) -> KnownRows | None:
        parts = []
        for part in chunks(items, _PORTION):
            if stop.is_set():
                return None
            parts.append(encoder.encode([item.text for item in part]))
            if self.progress is not None:
                self.progress = self.progress._replace(done=self.progress.done + len(part))
        return KnownRows.of(((item.id, item.version) for item in items), joined(parts))


def telling(items: Iterable[Item]) -> list[Item]:
    """On whose texts an encoder is fitted, in one order: the same items give the same encoder wherever it is fitted."""
    return sorted((item for item in items if item.text.strip()), key=lambda item: (item.kind, item.id))


def _everything(space: MatchSpace) -> dict[ItemKind, list[Item]]:
    with space.lock:
        groups = {kind: list(space.population(kind).items) for kind in STORED}
    return {kind: group for kind, group in groups.items() if group}
