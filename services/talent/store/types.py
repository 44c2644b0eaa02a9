"""Column types for values that only the talent domain has."""

import json
from datetime import date

from sqlalchemy import Dialect, Text, TypeDecorator

from services.chassis.columns import canonical_json
from services.talent.domain.team import Member

Fills = tuple[tuple[date, int], ...]


class FillList(TypeDecorator[Fills]):
    """Days with the heads filled on them, as canonical JSON."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Fills | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As a JSON list of [day, heads]."""
        return None if value is None else canonical_json([[day.isoformat(), heads] for day, heads in value])

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fills | None:  # noqa: ARG002
        """As pairs."""
        if value is None:
            return None
        return tuple((date.fromisoformat(day), heads) for day, heads in json.loads(value))


class MemberList(TypeDecorator[tuple[Member, ...]]):
    """Members of a team, as canonical JSON."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: tuple[Member, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As a JSON list of [person, role]."""
        return None if value is None else canonical_json([[each.person_id, each.role] for each in value])

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> tuple[Member, ...] | None:
        """As members."""
        return None if value is None else tuple(Member(person, role) for person, role in json.loads(value))
