"""The one policy: who may call what, and how much a caller may see. What is not listed is denied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from google.protobuf.descriptor import MethodDescriptor

from services.chassis.contract import access_of
from services.chassis.identity.identity import Grant, Principal, Reach
from services.kernel.errors import InvalidArgument, PermissionDenied, Violation
from services.kernel.text import Text
from services.wording.codes import roles_named


class Level(IntEnum):
    """How sensitive data is, and how much of it a caller is cleared for (`bole.common.v1.Level`)."""

    NOTHING = 0
    PUBLIC = 1
    INTERNAL = 2
    PERSONAL = 3
    SENSITIVE = 4


# What a role sees when it states no purpose.
WITHOUT_PURPOSE: Final = {
    "talent_officer": Level.INTERNAL,
    "talent_viewer": Level.INTERNAL,
    "fund_manager": Level.INTERNAL,
    "fund_analyst": Level.INTERNAL,
    "committee_member": Level.INTERNAL,
    "committee_secretary": Level.INTERNAL,
    "legal": Level.INTERNAL,
    "finance": Level.INTERNAL,
    "firm_representative": Level.PUBLIC,
    "supervisor": Level.INTERNAL,
    "auditor": Level.INTERNAL,
    "partner": Level.PUBLIC,
    "partner_reader": Level.PUBLIC,
    "partner_scout": Level.PUBLIC,
    "admin": Level.PUBLIC,
    "service": Level.INTERNAL,
}

# What a role sees for a purpose, if its grant names that purpose. A pair that is not here adds nothing.
FOR_PURPOSE: Final = {
    ("talent_officer", "talent-service"): Level.PERSONAL,  # 人才服务
    ("talent_officer", "contact"): Level.SENSITIVE,  # 联系本人
    ("talent_officer", "verification"): Level.SENSITIVE,  # 身份核验
    ("fund_manager", "due-diligence"): Level.PERSONAL,  # 尽职调查
    ("fund_manager", "contact"): Level.SENSITIVE,
    ("fund_analyst", "due-diligence"): Level.PERSONAL,
    ("committee_member", "due-diligence"): Level.PERSONAL,
    ("committee_secretary", "due-diligence"): Level.PERSONAL,
    ("supervisor", "supervision"): Level.PERSONAL,  # 监督检查
    ("auditor", "audit"): Level.PERSONAL,  # 审计
}

# What a role sees of the one firm that its grant names; elsewhere it sees what `WITHOUT_PURPOSE` says.
OF_ITS_FIRM: Final = {"firm_representative": Level.INTERNAL}

PURPOSES: Final = frozenset(purpose for _, purpose in FOR_PURPOSE)
ANYONE: Final = "*"


@dataclass(frozen=True, slots=True)
class Clearance:
    """How much one caller may see, in one call.

    Up to INTERNAL a grant counts everywhere; PERSONAL and above count only in the city of the grant.
    """

    everywhere: Level = Level.NOTHING
    by_city: Mapping[str, Level] = field(default_factory=dict)

    def level(self, city: str | None = None) -> Level:
        """The level for records of `city`, or (None) for records of whatever city."""
        if city is None:
            return self.everywhere
        return max(self.everywhere, self.by_city.get(city, Level.NOTHING))

    def highest(self) -> Level:
        """The highest level anywhere."""
        return max([self.everywhere, *self.by_city.values()])


def may_call(principal: Principal, method: MethodDescriptor, now: datetime) -> bool:
    """Whether any grant of the caller that is valid at `now` opens the method."""
    return any(_opens(grant, method) for grant in principal.live_grants(now))


def require_call(principal: Principal, method: MethodDescriptor, now: datetime) -> None:
    """Raise PermissionDenied (ROLE_MISSING) unless `may_call`."""
    if not may_call(principal, method, now):
        roles = access_of(method).roles
        said = roles_named(roles)
        raise PermissionDenied(
            Text(
                f"当前账号没有此操作的权限（需要角色：{said.zh}）", f"this needs one of the roles: {said.en}"
            ),
            reason="ROLE_MISSING",
            metadata={"roles": ", ".join(roles)},
        )


def require_purpose(principal: Principal, purpose: str | None, now: datetime) -> None:
    """Refuse a purpose that nobody knows (UNKNOWN_PURPOSE) or no valid grant names (PURPOSE_NOT_GRANTED)."""
    if purpose is None:
        return
    if purpose not in PURPOSES:
        known = ", ".join(sorted(PURPOSES))
        raise InvalidArgument.field(
            "x-bole-purpose",
            "UNKNOWN_PURPOSE",
            f"未知的使用目的，可选：{known}",
            f"unknown purpose; one of: {known}",
        )
    if not any(purpose in grant.purposes for grant in principal.live_grants(now)):
        raise PermissionDenied(
            Text("当前账号未被授权用于该目的", "this account is not granted for that purpose"),
            reason="PURPOSE_NOT_GRANTED",
            metadata={"purpose": purpose},
        )


def clearance(
    principal: Principal, purpose: str | None, now: datetime, method: MethodDescriptor | None = None
) -> Clearance:
    """How much the caller may see at `now` for the purpose stated with the call.

    A grant for one fund or firm counts in the methods that it opens, which show the records of that one.
    """
    everywhere, by_city = Level.NOTHING, dict[str, Level]()
    for grant in principal.live_grants(now):
        if grant.scope:
            opens = method is not None and _opens(grant, method)
            everywhere = max(everywhere, _within(grant) if opens else Level.NOTHING)
            continue
        level = _level(grant, purpose)
        everywhere = max(everywhere, level if grant.city is None else min(level, Level.INTERNAL))
        if grant.city is not None:
            by_city[grant.city] = max(level, by_city.get(grant.city, Level.NOTHING))
    return Clearance(everywhere, by_city)


def may_use(cleared: Clearance, needed: Level, city: str | None = None) -> bool:
    """Whether records of `city` (None: all) may be filtered, sorted or counted by a field of level `needed`.

    A field without a level can be used by nobody.
    """
    return Level.NOTHING < needed <= cleared.level(city)


def require_city(principal: Principal, roles: Iterable[str], city: str, now: datetime) -> None:
    """Raise PermissionDenied (CITY_NOT_GRANTED) unless one of `roles` is held for `city` or the province."""
    require_granted(principal.cities(roles, now), city)


def require_granted(cities: frozenset[str] | None, city: str, field: str = "") -> None:
    """Raise PermissionDenied (CITY_NOT_GRANTED) for a city, or (empty) the province, outside `cities`.

    None means the whole province. `field`: where the city was read, if that is to be named.
    """
    if cities is None or city in cities:
        return
    text = Text(
        "该记录不在当前账号的授权城市范围内", "the record is outside the cities granted to this account"
    )
    violations = [Violation(field, "CITY_NOT_GRANTED", text)] if field else []
    raise PermissionDenied(text, reason="CITY_NOT_GRANTED", violations=violations)


def require_reach(reach: Reach, city: str, *, fund: str = "", firm: str = "") -> None:
    """Raise PermissionDenied (CITY_NOT_GRANTED) for a record outside `reach`, as `require_granted` does."""
    require_granted(None if reach.covers(city, fund=fund, firm=firm) else frozenset(), city)


def _opens(grant: Grant, method: MethodDescriptor) -> bool:
    access = access_of(method)
    admitted = ANYONE in access.roles or grant.role in access.roles
    return admitted and (not grant.scope or grant.scope in access.scopes)


def _within(grant: Grant) -> Level:
    """The level of a grant for one fund or firm: never personal, whatever its purposes."""
    base = WITHOUT_PURPOSE.get(grant.role, Level.NOTHING)
    return OF_ITS_FIRM.get(grant.role, base) if grant.scope == "firm" else base


def _level(grant: Grant, purpose: str | None) -> Level:
    base = WITHOUT_PURPOSE.get(grant.role, Level.NOTHING)
    if purpose is None or purpose not in grant.purposes:
        return base
    return max(base, FOR_PURPOSE.get((grant.role, purpose), Level.NOTHING))
