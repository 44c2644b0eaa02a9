"""Leverage of social capital (带动社会资本) by its three definitions, as exact fractions of fen.

L_fund = subscribed / government's part; L_social = the rest / government's part; L_deal = outside money in the
same rounds / the fund's own tickets. What a fund subscribes is the government's as far as that fund is (穿透).
An outside yuan of a round is claimed by one fund only: where several of ours are in a round, it is split by
ticket, the remainder to the largest ticket, so that the parts add up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.funding.domain.capital.commitment import Commitment
from services.kernel.text import Text

NOTES = {
    "fund": Text(
        "分子含财政自身出资，恒比社会资本口径大1，两者不可并列比较；引用时须注明口径",
        "counts the government's own part too and is always one more than the social definition: never compare the "
        "two, and say which one is meant",
    ),
    "social": Text(
        "分子只计非财政出资，其他基金投入的部分按该基金自身的财政占比拆分；国有企业与国有社会资本也在其中，需要时另行剔除",
        "counts what is not the government's, of another fund's money the share that is not the government's there; "
        "state-owned enterprises and state-owned social capital are in it",
    ),
    "deal": Text(
        "只计同轮次外部资金，每一元只由一只基金计入；未知总额的轮次不计",
        "counts outside money of the same rounds, each yuan for one fund only; rounds of unknown total are left out",
    ),
}
"""What each definition counts, and what it must not be compared with."""


@dataclass(frozen=True, slots=True)
class Leverage:
    """A definition's numerator and denominator in fen. Without a denominator there is no leverage."""

    numerator_fen: int
    denominator_fen: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a fund put into a round, and what the whole round raised (None: not stated)."""

    fund_id: str
    round_key: str
    fen: int
    round_total_fen: int | None


@dataclass(frozen=True, slots=True)
class Stated:
    """What a fund says of itself, in fen: its size, and what of it is the government's."""

    size_fen: int
    government_fen: int


def government_fen(fund_id: str, funds: Mapping[str, Stated], commitments: Sequence[Commitment]) -> int:
    """What governments have in a fund, themselves and through funds that subscribe to it, to the fen below."""
    return int(funds[fund_id].size_fen * _government_share(fund_id, funds, commitments))


def of_commitment(made: Commitment, funds: Mapping[str, Stated], commitments: Sequence[Commitment]) -> int:
    """What of a commitment is governments' money, to the fen below: all of their own, and of a fund's their share."""
    if made.kind.is_government:
        return made.fen
    if made.investor_fund is None:
        return 0
    return int(made.fen * _government_share(made.investor_fund, funds, commitments))


def is_explained(fund_id: str, funds: Mapping[str, Stated], commitments: Iterable[Commitment]) -> bool:
    """Whether the commitments to a fund add up to its size."""
    return sum(each.fen for each in commitments if each.fund_id == fund_id) == funds[fund_id].size_fen


def _government_share(
    fund_id: str, funds: Mapping[str, Stated], commitments: Sequence[Commitment]
) -> Fraction:
    """By the commitments to the fund where they explain its size, else as it states."""
    stated = funds[fund_id]
    if not is_explained(fund_id, funds, commitments):
        return Fraction(stated.government_fen, stated.size_fen)
    found = Fraction(0)
    for each in commitments:
        if each.fund_id != fund_id:
            continue
        if each.kind.is_government:
            found += each.fen
        elif each.investor_fund is not None:
            found += each.fen * _government_share(each.investor_fund, funds, commitments)
    return found / stated.size_fen


def of_fund(size_fen: int, government: int) -> Leverage:
    """L_fund."""
    return Leverage(size_fen, government)


def of_social(size_fen: int, government: int) -> Leverage:
    """L_social."""
    return Leverage(size_fen - government, government)


def of_deals(tickets: Iterable[Ticket], fund_id: str) -> Leverage:
    """L_deal of one fund among the tickets of all our funds; rounds of unknown total are left out."""
    rounds = defaultdict[str, list[Ticket]](list)
    for ticket in tickets:
        rounds[ticket.round_key].append(ticket)
    outside = own = 0
    for together in rounds.values():
        claims = claimed(together)
        outside += claims.get(fund_id, 0)
        own += sum(each.fen for each in together if each.fund_id == fund_id and claims)
    return Leverage(outside, own)


def claimed(tickets: list[Ticket]) -> Mapping[str, int]:
    """The outside money of one round by the fund that may claim it; empty if the total is not known.

    The parts add up to the outside money exactly.
    """
    totals = [each.round_total_fen for each in tickets if each.round_total_fen is not None]
    if not totals:
        return {}
    by_fund = defaultdict[str, int](int)
    for each in tickets:
        by_fund[each.fund_id] += each.fen
    ours = sum(by_fund.values())
    outside = max(0, max(totals) - ours)
    lead = min(by_fund, key=lambda fund: (-by_fund[fund], fund))
    claims = {fund: outside * fen // ours for fund, fen in by_fund.items()}
    claims[lead] += outside - sum(claims.values())
    return claims
