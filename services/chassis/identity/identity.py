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
        "partner_reader",  # 合作方系统的只读密钥: reads events, changes nothing
        "partner_scout",  # 推荐方: submits deals, sees its own
        "admin",  # accounts only, no content
        "service",  # another process of the house
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, in one city (None: the province), for stated purposes, until an instant (None: open).

    With `fund` or `firm`, ids, it is narrower: the role counts for the records of that fund or firm alone,
    whatever their city, and only in methods that the contract opens to such a scope.
    """

    role: str
    city: str | None = None
    purposes: frozenset[str] = frozenset()
    not_after: datetime | None = None
    fund: str | None = None
    firm: str | None = None

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.city, self.fund, self.firm)) > 1:
            raise ValueError("a grant is for a city, a fund or a firm")

    def holds(self, now: datetime) -> bool:
        """Whether the grant is of a known role and still valid."""
        return self.role in ROLES and (self.not_after is None or now < self.not_after)

    @property
    def scope(self) -> str:
        """What it is narrowed to, in the contract's word: `fund`, `firm`, or empty."""
        if self.fund is not None:
            return "fund"
        return "" if self.firm is None else "firm"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody holds a role: cities (None: the whole province), and single funds and firms by id."""

    cities: frozenset[str] | None = frozenset()
    funds: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether the role is held anywhere."""
        return self.cities is None or bool(self.cities or self.funds or self.firms)

    def covers(self, city: str, *, fund: str = "", firm: str = "") -> bool:
        """Whether a record is within it: of a city (empty: the province's own), and of that fund and firm."""
        return self.cities is None or city in self.cities or fund in self.funds or firm in self.firms


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
        return self.reach(roles, now).cities

    def reach(self, roles: Iterable[str], now: datetime) -> Reach:
        """Where any of `roles` is held at `now`."""
        wanted = frozenset(roles)
        grants = [grant for grant in self.live_grants(now) if grant.role in wanted]
        cities = {grant.city for grant in grants if not grant.scope}
        return Reach(
            None if None in cities else frozenset(city for city in cities if city is not None),
            frozenset(grant.fund for grant in grants if grant.fund is not None),
            frozenset(grant.firm for grant in grants if grant.firm is not None),
        )

    def roles_at(self, now: datetime, city: str, *, fund: str = "", firm: str = "") -> frozenset[str]:
        """The roles held at `now` for a record of a city, and of that fund and firm."""
        held = {grant.role for grant in self.live_grants(now)}
        return frozenset(role for role in held if self.reach([role], now).covers(city, fund=fund, firm=firm))


class Authenticator(Protocol):
    """Turns one credential into a principal."""

    def authenticate(self, credential: str, now: datetime) -> Principal:
        """The verified caller. Raises Unauthenticated, and says no more than the caller needs to know."""
        ...


def refused(reason: str, zh: str, en: str) -> Unauthenticated:
    """An Unauthenticated error."""
    return Unauthenticated(Text(zh, en), reason=reason)
