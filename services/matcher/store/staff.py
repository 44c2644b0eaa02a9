"""Who is in a team and whom it wants, as JSON values."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.matcher.domain.staff import Part, Staff


def written(staff: Staff) -> dict[str, Any]:
    """As `read` reads it."""
    return {"needs": [list(need) for need in staff.needs], "parts": written_parts(staff.parts)}


def written_parts(parts: Iterable[Part]) -> list[list[Any]]:
    """Of each the person, the share of time, the first and the last day, and what they declare."""
    return [
        [part.person, part.share, _day(part.since), _day(part.until), [list(leaf) for leaf in part.leaves]]
        for part in parts
    ]


def read(facts: Mapping[str, Any] | None) -> Staff | None:
    """None where nothing was written."""
    if facts is None:
        return None
    return Staff(pairs(facts["needs"]), tuple(_part(*part) for part in facts["parts"]))


def pairs(values: Iterable[Any]) -> tuple[tuple[str, int], ...]:
    """Codes of directions with an amount each."""
    return tuple((code, amount) for code, amount in values)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _part(person: str, share: int | None, since: str | None, until: str | None, leaves: Any) -> Part:
    return Part(person, share, _read_day(since), _read_day(until), pairs(leaves))


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
