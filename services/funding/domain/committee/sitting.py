"""Sittings (投决会): a committee meets on an agenda, with the seats of that day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from services.funding.domain.committee.committee import Committee, Seat, examine_seats
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.repetition import repetition
from services.kernel.text import Text


@dataclass(eq=False)
class Sitting:
    """Aggregate root. `deals` are ids in the order of the agenda; `seats` those of this sitting."""

    id: str
    committee_id: str
    sits_at: datetime
    deals: tuple[str, ...]
    seats: tuple[Seat, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    def replan(
        self,
        *,
        committee: Committee,
        sits_at: datetime,
        deals: Iterable[str],
        seats: Iterable[Seat],
        voted: Collection[str],
        at: datetime,
    ) -> None:
        """Change time, agenda or seats. `voted` are the deals on which a vote was opened.

        Raises InvalidArgument, and FailedPrecondition for what a vote has fixed.
        """
        agenda, held = _agenda(deals), examine_seats(seats, committee.tier, "sitting.seats")
        if set(voted) - set(agenda):
            raise _fixed("已开始表决的项目不能移出议程", "a deal that is voted on stays on the agenda")
        if voted and held != self.seats:
            raise _fixed("已开始表决，本次会议席位不能再变更", "a vote was opened: the seats are fixed")
        self.sits_at, self.deals, self.seats = sits_at, agenda, held
        self.version += 1
        self.updated_at = at


def call_sitting(
    *,
    id: str,
    committee: Committee,
    sits_at: datetime,
    deals: Iterable[str],
    seats: Iterable[Seat],
    at: datetime,
) -> Sitting:
    """A new sitting, version 1; the committee's own seats if none are named. Raises InvalidArgument."""
    held = tuple(seats) or committee.seats
    return Sitting(
        id,
        committee.id,
        sits_at,
        _agenda(deals),
        examine_seats(held, committee.tier, "sitting.seats"),
        1,
        at,
        at,
    )


def _agenda(deals: Iterable[str]) -> tuple[str, ...]:
    agenda = tuple(deals)
    if twice := repetition("sitting.deals", agenda):
        raise InvalidArgument.field(
            "sitting.deals",
            "DEAL_TWICE",
            f"议程中有重复的项目：{twice.zh}",
            f"a deal stands twice on the agenda: {twice.en}",
        )
    return agenda


def _fixed(zh: str, en: str) -> FailedPrecondition:
    return FailedPrecondition(Text(zh, en), reason="FIXED_BY_VOTE")
