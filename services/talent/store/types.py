"""Column types for values that only the talent domain has."""

import json
from datetime import date
from typing import Any

from services.chassis.storage.columns import Encoded, canonical_json
from services.talent.domain.people.team import Member

Fills = tuple[tuple[date, int], ...]


class FillList(Encoded[Fills]):
    """Days with the heads filled on them, as canonical JSON."""

    cache_ok = True

    def encode(self, value: Fills) -> str:
        """As a JSON list of [day, heads]."""
        return canonical_json([[day.isoformat(), heads] for day, heads in value])

    def decode(self, text: str) -> Fills:
        """As pairs."""
        return tuple((date.fromisoformat(day), heads) for day, heads in json.loads(text))


class MemberList(Encoded[tuple[Member, ...]]):
    """Members of a team, as canonical JSON."""

    cache_ok = True

    def encode(self, value: tuple[Member, ...]) -> str:
        """As a JSON list of [person, role, share, first day, last day]; the last three only where one is known."""
        return canonical_json([_member(each) for each in value])

    def decode(self, text: str) -> tuple[Member, ...]:
        """As members."""
        return tuple(_read_member(*each) for each in json.loads(text))


def _member(member: Member) -> list[Any]:
    if member == Member(member.person_id, member.role):
        return [member.person_id, member.role]
    days = [day.isoformat() if day else None for day in (member.since, member.until)]
    return [member.person_id, member.role, member.share, *days]


def _read_member(
    person: str, role: str, share: int | None = None, since: str | None = None, until: str | None = None
) -> Member:
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    return Member(person, role, share, first, last)
