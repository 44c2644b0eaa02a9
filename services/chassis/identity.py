"""Who calls: principals, their grants, and how the two kinds of credentials become a principal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from services.kernel.errors import Unauthenticated
from services.kernel.text import Text

Kind = Literal["staff", "partner", "service"]

ROLES = frozenset(
    {
        "talent_officer",  # 人才专员: keeps the talent library
        "talent_viewer",  # reads the library, masked
        "fund_manager",  # 基金管理人
        "fund_analyst",  # 投资分析
        "committee_member",  # 投委会委员
        "committee_secretary",  # 投委会秘书: opens and closes sessions, keeps minutes, does not vote
        "legal",  # 法务
        "finance",  # 财务: pays, sees amounts
        "firm_representative",  # 企业代表: own firm only
        "supervisor",  # 主管部门: reads everything, approves mandates
        "auditor",  # 审计
        "partner",  # 合作方系统
        "partner_scout",  # 推荐方: submits deals, sees its own
        "admin",  # accounts only, no content
        "service",  # another process of the house
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, in one city (None: the province), for stated purposes, until an instant (None: open)."""

    role: str
    city: str | None = None
    purposes: frozenset[str] = frozenset()
    not_after: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the grant is of a known role and still valid."""
        return self.role in ROLES and (self.not_after is None or now < self.not_after)


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. `subject` is stable: the staff account, the partner's id or the service's name."""

    subject: str
    kind: Kind
    grants: tuple[Grant, ...]

    def live_grants(self, now: datetime) -> Iterable[Grant]:
        """The grants valid at `now`."""
        return (grant for grant in self.grants if grant.holds(now))

    def has_role(self, role: str, now: datetime) -> bool:
        """Whether any grant valid at `now` carries the role."""
        return any(grant.role == role for grant in self.live_grants(now))

    def cities(self, roles: Iterable[str], now: datetime) -> frozenset[str] | None:
        """The cities in which any of `roles` is held at `now`; None means the whole province."""
        wanted = frozenset(roles)
        cities = {grant.city for grant in self.live_grants(now) if grant.role in wanted}
        return None if None in cities else frozenset(city for city in cities if city is not None)


class Authenticator(Protocol):
    """Turns one credential into a principal."""

    def authenticate(self, credential: str, now: datetime) -> Principal:
        """The verified caller. Raises Unauthenticated, and says no more than the caller needs to know."""
        ...


def refused(reason: str, zh: str, en: str) -> Unauthenticated:
    """An Unauthenticated error."""
    return Unauthenticated(Text(zh, en), reason=reason)
