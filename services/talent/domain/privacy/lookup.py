"""Looks at people as the audit trail has them, and which of them are unusually many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.clock import civil_date

REVEAL = "reveal"


@dataclass(frozen=True)
class Limits:
    """From how many records on a look is unusual: in one answer, and by one account on one civil day.

    A proposal, and configuration: an officer's page shows 50 people, and nobody serves 300 a day.
    """

    answer: int = 100
    day: int = 300


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the audit trail about people. `count`: how many records the same answer showed; `request_id`: of the
    request that it belongs to, which may have asked several times.
    """

    number: int
    at: datetime
    actor: str
    roles: tuple[str, ...]
    action: str
    purpose: str
    fields: tuple[str, ...]
    count: int
    request_id: str = ""

    def bulk(self, limits: Limits) -> bool:
        """Whether the answer showed unusually many."""
        return self.count >= limits.answer


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One account on one civil day: how many answers, how many records, and the most in one answer."""

    actor: str
    day: date
    calls: int
    records: int
    largest: int


def anomalies(looks: Iterable[Look], limits: Limits) -> list[Anomaly]:
    """Accounts over a limit, the newest day first, then the most records first."""
    counts: dict[tuple[str, date], list[int]] = {}
    for look in looks:
        counts.setdefault((look.actor, civil_date(look.at)), []).append(look.count)
    found = [
        Anomaly(actor, day, len(shown), sum(shown), max(shown)) for (actor, day), shown in counts.items()
    ]
    unusual = [each for each in found if each.records >= limits.day or each.largest >= limits.answer]
    return sorted(unusual, key=lambda each: (-each.day.toordinal(), -each.records, each.actor))
