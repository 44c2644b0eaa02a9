"""What surrounds a deal: whose money the fund is, what of the firm's rights is known, who has which interests.

None is unknown, never nought.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SubFund:
    """The part that this fund has of another one, in fen."""

    name: str
    subscribed_fen: int
    size_fen: int


@dataclass(frozen=True)
class CapitalView:
    """Whose the fund's capital is, in fen. `unattributed_fen`: what no commitment explains, and could be anybody's."""

    province_fen: int = 0
    unattributed_fen: int | None = None
    sub_funds: tuple[SubFund, ...] = ()


@dataclass(frozen=True)
class RightsView:
    """The firm's rights. `unclear`: those whose ownership is disputed or not proved; `pledged`: those under pledge."""

    unclear: tuple[str, ...] | None = None
    pledged: tuple[str, ...] | None = None


@dataclass(frozen=True)
class InterestsView:
    """Who has to do with the deal. `undeclared`: who has not declared interests yet; `related`: who is related to
    the firm and not recused.
    """

    undeclared: tuple[str, ...] | None = None
    related: tuple[str, ...] | None = None
