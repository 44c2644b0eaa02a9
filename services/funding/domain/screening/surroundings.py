"""What surrounds a deal: whose money the fund is, what of the firm's rights is known, who has which interests.

None is unknown, never nought.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kernel.text import Text


class PledgeStanding(StrEnum):
    """Whether a firm's rights are pledged (知识产权质押): some are, none is, or it has none in force on record."""

    PLEDGED = "PLEDGED"
    FREE = "FREE"
    NO_RIGHTS = "NO_RIGHTS"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _PLEDGES[self]


_PLEDGES = {
    PledgeStanding.PLEDGED: Text("已有质押", "pledged"),
    PledgeStanding.FREE: Text("可质押", "free to pledge"),
    PledgeStanding.NO_RIGHTS: Text("无在册权利", "no right on record"),
}


@dataclass(frozen=True)
class SubFund:
    """The part that this fund has of another one, in fen."""

    name: str
    subscribed_fen: int
    size_fen: int


@dataclass(frozen=True)
class CapitalView:
    """Whose the fund's capital is, in fen. `unattributed_fen`: what no commitment explains, and could be anybody's;
    `credited_fen`: what other deals of the fund have brought it in credits of reinvestment for its own city.
    """

    province_fen: int = 0
    unattributed_fen: int | None = None
    sub_funds: tuple[SubFund, ...] = ()
    credited_fen: int | None = None


@dataclass(frozen=True)
class RightsView:
    """The firm's rights that are in force. `unclear`: those that are disputed, or shared without an agreement;
    `unstated`: those whose ownership nobody has looked up; `pledged`: those under pledge; `inventions`: how many
    invention patents are on the register; `expires`: the day on which the next of them ends.
    """

    unclear: tuple[str, ...] | None = None
    pledged: tuple[str, ...] | None = None
    unstated: tuple[str, ...] = ()
    recorded: int | None = None
    inventions: int = 0
    expires: date | None = None

    @property
    def pledge(self) -> PledgeStanding:
        """Whether the firm has rights that it could pledge."""
        if not self.recorded:
            return PledgeStanding.NO_RIGHTS
        return PledgeStanding.PLEDGED if self.pledged else PledgeStanding.FREE


@dataclass(frozen=True)
class InterestsView:
    """Who has to do with the deal. `undeclared`: who has not declared interests yet; `related`: who is related to
    the firm and not recused; `staffed`: whether it has a team, None where nobody has looked.
    """

    undeclared: tuple[str, ...] | None = None
    related: tuple[str, ...] | None = None
    staffed: bool | None = None
