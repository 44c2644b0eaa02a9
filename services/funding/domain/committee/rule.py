"""The rule of a vote: quorum and majority are shares of those who may vote, rounded up."""

from dataclasses import dataclass

from services.funding.domain.ratio import Ratio

_TWO_THIRDS = Ratio(2, 3)


@dataclass(frozen=True, kw_only=True)
class VotingRule:
    """Parameters of a mandate; two thirds each, and three ballots at least, unless it says otherwise."""

    quorum: Ratio = _TWO_THIRDS
    majority: Ratio = _TWO_THIRDS
    least_ballots: int = 3

    def quorum_of(self, eligible: int) -> int:
        """Ballots that make a quorum among so many who may vote."""
        return max(self.least_ballots, _share(eligible, self.quorum))

    def majority_of(self, eligible: int) -> int:
        """Votes in favour that carry; at least one."""
        return max(1, _share(eligible, self.majority))

    def quorum_possible(self, eligible: int) -> bool:
        """Whether so many can make a quorum at all."""
        return eligible >= self.quorum_of(eligible)


def _share(number: int, share: Ratio) -> int:
    return -(-number * share.num // share.den)
