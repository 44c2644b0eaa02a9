"""Committees and their seats."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text


class Tier(StrEnum):
    """Which of the two decisions a committee takes."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _TIERS[self]


_TIERS = {
    Tier.INTERNAL: Text("内部投委会", "internal committee"),
    Tier.EXTERNAL: Text("外部投委会", "external committee"),
}


class SeatKind(StrEnum):
    """What the holder of a seat may do."""

    MEMBER = "MEMBER"
    OBSERVER = "OBSERVER"


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One seat. `member` is the account of its holder; observers (省市代表) do not vote."""

    member: str
    name: str = ""
    organisation: str = ""
    kind: SeatKind = SeatKind.MEMBER


@dataclass(eq=False)
class Committee:
    """Aggregate root: the committee of one tier of one fund."""

    id: str
    fund_id: str
    tier: Tier
    seats: tuple[Seat, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    def reseat(self, seats: Iterable[Seat], at: datetime) -> None:
        """Take other seats; who had one and is given no name keeps the name, which not everybody sees in full.

        Raises InvalidArgument.
        """
        names = {each.member: each.name for each in self.seats}
        self.seats = tuple(
            each if each.name else replace(each, name=names.get(each.member, ""))
            for each in examine_seats(seats, self.tier, "committee.seats")
        )
        self.version += 1
        self.updated_at = at


def set_up(*, id: str, fund_id: str, tier: Tier, seats: Iterable[Seat], at: datetime) -> Committee:
    """A new committee, version 1. Raises InvalidArgument for seats that are none or held twice."""
    return Committee(id, fund_id, tier, examine_seats(seats, tier, "committee.seats"), 1, at, at)


def examine_seats(seats: Iterable[Seat], tier: Tier, field: str) -> tuple[Seat, ...]:
    """The seats with their texts normalised.

    Raises InvalidArgument, all at once: no voting member, an account with two seats, an observer on an
    internal committee.
    """
    findings, found, held = Findings(), list[Seat](), dict[str, int]()
    for number, seat in enumerate(seats):
        path = f"{field}[{number}]"
        found.append(_examined(seat, path, findings))
        if seat.member in held:
            findings.add(
                f"{path}.member",
                "SEAT_TWICE",
                f"{seat.member} 已占第{held[seat.member]}席，一个账号只占一席",
                f"{seat.member} has seat {held[seat.member]} already; an account has one seat",
            )
        if tier is Tier.INTERNAL and seat.kind is SeatKind.OBSERVER:
            findings.add(
                f"{path}.kind",
                "OBSERVER_IS_EXTERNAL",
                "观察员只设于外部投委会",
                "observers sit on the external committee",
            )
        held.setdefault(seat.member, number + 1)
    if not any(seat.kind is SeatKind.MEMBER for seat in found):
        findings.add(field, "NO_MEMBERS", "至少须有一名有表决权的委员", "at least one member has to vote")
    findings.finish()
    return tuple(found)


def _examined(seat: Seat, path: str, findings: Findings) -> Seat:
    return Seat(
        member=findings.text(f"{path}.member", seat.member, most=128, required=True),
        name=findings.text(f"{path}.display_name", seat.name, most=60),
        organisation=findings.text(f"{path}.organisation", seat.organisation, most=100),
        kind=seat.kind,
    )


def seat_of(seats: Iterable[Seat], member: str, kind: SeatKind) -> Seat | None:
    """The seat of this kind that an account holds, or None."""
    return next((seat for seat in seats if seat.member == member and seat.kind is kind), None)


def voters(seats: Iterable[Seat]) -> frozenset[str]:
    """Accounts of the members with a vote."""
    return frozenset(seat.member for seat in seats if seat.kind is SeatKind.MEMBER)


def no_such_tier(field: str) -> InvalidArgument:
    """The error for a committee without a tier."""
    return InvalidArgument.field(field, "REQUIRED", "请选择内部或外部投委会", "choose INTERNAL or EXTERNAL")
