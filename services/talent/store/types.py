"""Column types for values that only the talent domain has."""

import json
from datetime import date

from services.chassis.columns import Encoded, canonical_json
from services.talent.domain.team import Member

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
        """As a JSON list of [person, role]."""
        return canonical_json([[each.person_id, each.role] for each in value])

    def decode(self, text: str) -> tuple[Member, ...]:
        """As members."""
        return tuple(Member(person, role) for person, role in json.loads(text))
