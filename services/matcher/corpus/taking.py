"""Which of an order are shown: likely enough, not too many of one employer, a page of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.kernel.names.organisation import organisation
from services.kernel.text import Text
from services.matcher.corpus.filtering import RowFilter
from services.matcher.corpus.finding import Finder, Match, Query
from services.matcher.corpus.verdict import WhyNot
from services.matcher.domain.ranking import Key, score_key

_FURTHER = 8
"""By how much more of an order is looked at when what was looked at does not fill a page."""


@dataclass(frozen=True, slots=True)
class Taking:
    """`limit` of an order: those of a probability of `least` and more, `most_per_employer` of each (0 for all), behind
    the key `after`. Whoever names no employer is an employer of their own;
    names are compared without width, case, spaces, punctuation, legal form and script.
    """

    limit: int
    least: float = 0.0
    most_per_employer: int = 0
    after: Key | None = None

    def likely(self, found: Iterable[Match]) -> list[Match]:
        """Those of the least probability and more."""
        return [each for each in found if each.probability >= self.least]


class Taken(NamedTuple):
    """What is shown. `left_out`: how many the limit per employer left out in front of the next page, or in all on the
    last one; `last`: the key of the last shown if others follow, else None.
    """

    matches: list[Match]
    left_out: int
    last: Key | None


def passed_over(
    finder: Finder, kind: str, query: Query, named: Match, taking: Taking, wanted: RowFilter | None
) -> tuple[Text | None, int]:
    """Why a search by score that finds `named` on its place does not show it whatever its limit, None if it does; and
    how many in front of it the limit per employer leaves out.
    """
    if named.probability < taking.least:
        return _unlikely(named, taking), 0
    if not taking.most_per_employer:
        return None, 0
    found, _ = finder.ranked(kind, query, named.rank, wanted)
    order = [(score_key(each.log_odds, each.item.id), each) for each in found]
    shown = taken(order, replace(taking, limit=named.rank, after=None))
    if shown.matches[-1].item.id == named.item.id:
        return None, shown.left_out
    return Text(
        f"同一用人单位已有{taking.most_per_employer}个得分更高的候选，达到每个单位的上限",
        f"{taking.most_per_employer} of the same employer score higher, which is the limit per employer",
    ), shown.left_out


def in_order(why: WhyNot, named: Match, order: Sequence[tuple[Key, Match]], taking: Taking) -> WhyNot:
    """The verdict over who passes gates and filter in a search by anything but the score; `order`: all whom it puts in
    order, with their keys.
    """
    if named.probability < taking.least:
        return why.despite(_unlikely(named, taking))
    place = next((at for at, (_, each) in enumerate(order, start=1) if each.item.id == named.item.id), 0)
    if not place:
        return why.despite(
            Text(
                f"按得分排在第{why.rank}位；所要求的排序只涵盖得分最高的候选，不包括它",
                f"is in place {why.rank} by score; the order asked for takes in the best by score alone, not this one",
            )
        )
    shown = taken(order[:place], replace(taking, limit=place, after=None))
    if shown.matches[-1].item.id != named.item.id:
        reason = Text(
            f"同一用人单位已有{taking.most_per_employer}个排在前面的候选，达到每个单位的上限",
            f"{taking.most_per_employer} of the same employer stand before it, which is the limit per employer",
        )
        return why.in_order(place, reason, listed=False)
    if place <= taking.limit + shown.left_out:
        reason = Text(
            f"已在名单内，按所要求的排序在第{place}位",
            f"is on the list, in place {place} by the order asked for",
        )
        return why.in_order(place, reason, listed=True)
    known = order[place - 1][0][0] == 0
    reason = Text(
        f"按所要求的排序有{place - 1}个在前，名单只取{taking.limit}个；按得分在第{why.rank}位"
        f"{'' if known else '；首个排序项对它没有值，故排在有值者之后'}",
        f"{place - 1} stand before it by the order asked for, of which the list has {taking.limit}; place {why.rank} "
        f"by score{'' if known else '; it has no value of the first term, so it stands behind those that have one'}",
    )
    return why.in_order(place, reason, listed=False)


def _unlikely(named: Match, taking: Taking) -> Text:
    return Text(
        f"概率{named.probability:.4f}低于所要求的最低概率{taking.least:g}",
        f"its probability of {named.probability:.4f} is below the least asked for, {taking.least:g}",
    )


def taken(order: Iterable[tuple[Key, Match]], taking: Taking) -> Taken:
    """Those of an order, given with their keys from its first place on."""
    shown: list[tuple[Key, Match]] = []
    of_employer: Counter[str] = Counter()
    left_out = 0
    for key, match in order:
        employer = organisation(match.item.employer or "") if taking.most_per_employer else ""
        if employer:
            if of_employer[employer] == taking.most_per_employer:
                left_out += 1
                continue
            of_employer[employer] += 1
        if taking.after is not None and key <= taking.after:
            continue
        if len(shown) == taking.limit:
            return Taken([each for _, each in shown], left_out, shown[-1][0])
        shown.append((key, match))
    return Taken([each for _, each in shown], left_out, None)


def best(
    finder: Finder, kind: str, query: Query, taking: Taking, wanted: RowFilter | None = None
) -> tuple[Taken, int]:
    """The best by score, of all whom gates and filter admit, and how many those are. Raises as `Finder.find`."""
    most = taking.limit + 1
    while True:
        found, admitted = finder.ranked(kind, query, most, wanted)
        likely = taking.likely(found)
        result = taken(((score_key(each.log_odds, each.item.id), each) for each in likely), taking)
        if result.last is not None or len(likely) < most:
            return result, admitted
        most *= _FURTHER
