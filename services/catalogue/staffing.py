"""What a team has and lacks in each direction (团队缺口): one rule for all who count it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.catalogue.succession import WHOLE, Shares

Needs = tuple[tuple[str, int], ...]
"""Codes of directions with the heads that a team wants to have in each, all told."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a team has and lacks in one direction: heads wanted, and thousandths of heads that are there."""

    leaf: str
    wanted: int
    present: int

    @property
    def lacking(self) -> int:
        """Thousandths of heads; 0 where there are enough."""
        return max(0, self.wanted * WHOLE - self.present)


def serves(since: date | None, until: date | None, day: date) -> bool:
    """Whether somebody is in a team on `day`; first and last day are included, None is no limit."""
    return (since is None or since <= day) and (until is None or day <= until)


def gaps(needs: Needs, members: Iterable[tuple[int | None, Shares]]) -> list[Gap]:
    """Wanted and present by direction. `members`: share of working time (None: all of it) and direction shares."""
    present: dict[str, int] = {}
    for share, directions in members:
        for leaf, part in directions:
            present[leaf] = present.get(leaf, 0) + part * (WHOLE if share is None else share) // WHOLE
    wanted = dict(needs)
    return [
        Gap(leaf, wanted.get(leaf, 0), present.get(leaf, 0)) for leaf in dict.fromkeys([*wanted, *present])
    ]
