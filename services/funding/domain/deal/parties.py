"""Who has to do with a deal: its team, and who speaks for the firm."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.funding.domain.findings import Findings


class Capacity(StrEnum):
    """In which capacity an account has to do with a deal."""

    TEAM = "TEAM"
    REPRESENTATIVE = "REPRESENTATIVE"
    SCOUT = "SCOUT"


@dataclass(frozen=True)
class Parties:
    """Accounts by capacity, each sorted."""

    team: tuple[str, ...] = ()
    representatives: tuple[str, ...] = ()
    scouts: tuple[str, ...] = ()

    def pairs(self) -> tuple[tuple[Capacity, str], ...]:
        """Every account with its capacity."""
        return (
            *((Capacity.TEAM, each) for each in self.team),
            *((Capacity.REPRESENTATIVE, each) for each in self.representatives),
            *((Capacity.SCOUT, each) for each in self.scouts),
        )

    @classmethod
    def of(cls, pairs: Iterable[tuple[Capacity, str]]) -> "Parties":
        """From pairs of capacity and account."""
        found: dict[Capacity, set[str]] = {each: set() for each in Capacity}
        for capacity, subject in pairs:
            found[capacity].add(subject)
        return cls(*(tuple(sorted(found[each])) for each in Capacity))


def examine_parties(parties: Parties) -> Parties:
    """The parties normalised and sorted.

    Raises InvalidArgument, all at once: an empty account, or one that works on the deal and speaks for the firm.
    """
    findings = Findings()
    named = [
        (capacity, findings.text(f"parties.{capacity.lower()}", subject, most=128, required=True))
        for capacity, subject in parties.pairs()
    ]
    found = Parties.of(named)
    for subject in set(found.team) & {*found.representatives, *found.scouts}:
        findings.add(
            "parties.team",
            "BOTH_SIDES",
            f"{subject} 不能既是项目组成员又代表企业或推荐方",
            f"{subject} cannot work on the deal and speak for the firm",
        )
    findings.finish()
    return found
