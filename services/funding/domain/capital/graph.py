"""Funds that subscribe to funds: no cycles, and sizes with (gross) and without (net) what is counted twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.funding.domain.capital.commitment import Commitment, PartyKind
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Elimination:
    """A commitment between two funds of the set: it is in the size of both."""

    investor_fund: str
    fund: str
    fen: int
    commitment: str


@dataclass(frozen=True)
class LookThrough:
    """The size of a set of funds (穿透). `gross_fen` is the plain sum; net = gross − the eliminations.

    `parties_fen`: what each kind of party subscribed, commitments within the set left out;
    `unattributed_fen`: net size of which no commitment says whose it is.
    """

    gross_fen: int
    eliminations: tuple[Elimination, ...]
    parties_fen: Mapping[PartyKind, int]

    @property
    def net_fen(self) -> int:
        """The size without what is counted twice."""
        return self.gross_fen - sum(each.fen for each in self.eliminations)

    @property
    def unattributed_fen(self) -> int:
        """Net size that no commitment explains."""
        return self.net_fen - sum(self.parties_fen.values())


def require_acyclic(commitments: Iterable[Commitment], new: Commitment) -> None:
    """Raise FailedPrecondition (FUND_CYCLE) if money of the fund could reach the fund itself through `new`."""
    if new.investor_fund is None:
        return
    held = defaultdict[str, set[str]](set)
    for each in commitments:
        if each.investor_fund is not None:
            held[each.investor_fund].add(each.fund_id)
    path = _path(held, new.fund_id, new.investor_fund)
    if path is not None:
        names = " → ".join([new.investor_fund, *path])
        raise FailedPrecondition(
            Text(f"基金之间不能循环出资：{names}", f"funds may not subscribe in a circle: {names}"),
            reason="FUND_CYCLE",
            metadata={"path": names},
        )


def look_through(sizes_fen: Mapping[str, int], commitments: Iterable[Commitment]) -> LookThrough:
    """The look-through size of the funds named in `sizes_fen`."""
    eliminations, parties = list[Elimination](), defaultdict[PartyKind, int](int)
    for each in commitments:
        if each.fund_id not in sizes_fen:
            continue
        if each.investor_fund in sizes_fen and each.investor_fund is not None:
            eliminations.append(Elimination(each.investor_fund, each.fund_id, each.fen, each.id))
        else:
            parties[each.kind] += each.fen
    return LookThrough(sum(sizes_fen.values()), tuple(eliminations), dict(parties))


def ultimate_shares(
    fund_id: str, sizes_fen: Mapping[str, int], commitments: Sequence[Commitment]
) -> dict[tuple[PartyKind, str], Fraction]:
    """Each ultimate party's part of a fund: the sum over all ways of the products of shares, exactly.

    Capital that no commitment explains belongs to nobody; the shares then add up to less than 1.
    """
    found = defaultdict[tuple[PartyKind, str], Fraction](Fraction)
    for party, share in _shares(fund_id, sizes_fen, commitments):
        found[party] += share
    return dict(found)


def _shares(
    fund_id: str, sizes_fen: Mapping[str, int], commitments: Sequence[Commitment]
) -> Iterator[tuple[tuple[PartyKind, str], Fraction]]:
    for each in commitments:
        if each.fund_id != fund_id:
            continue
        part = Fraction(each.fen, sizes_fen[fund_id])
        if each.investor_fund is None:
            yield (each.kind, each.party), part
            continue
        for party, share in _shares(each.investor_fund, sizes_fen, commitments):
            yield party, part * share


def _path(held: Mapping[str, set[str]], start: str, goal: str) -> list[str] | None:
    """A way from `start` to `goal` along subscriptions, or None."""
    ways, seen = [[start]], {start}
    for way in ways:
        if way[-1] == goal:
            return way
        for fund in sorted(held.get(way[-1], ())):
            if fund not in seen:
                seen.add(fund)
                ways.append([*way, fund])
    return None
