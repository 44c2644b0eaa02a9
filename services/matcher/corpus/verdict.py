"""Why somebody is, or is not, among the first, and what would change that most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from services.kernel.text import Text
from services.matcher.corpus.field import Field
from services.matcher.score.explaining import Explanation, GateOutcome
from services.matcher.score.hypotheses import TERM_ADDED, TERM_REMOVED, Hypothesis
from services.matcher.score.scoring import probability
from services.matcher.score.terms import Term

MOST_CHANGES = 6
_MOST_OF_WORDS = {TERM_ADDED: 3, TERM_REMOVED: 1}


@dataclass(frozen=True, slots=True)
class Change:
    """What a supposed fact would make of the score, and of the place; `rank` 0 where `shut`, the number of gates that
    would be shut (a filter is one), is not.
    """

    hypothesis: Hypothesis
    log_odds: float
    shut: int
    rank: int

    @property
    def probability(self) -> float:
        """Logistic function of the log-odds."""
        return probability(self.log_odds)


class Supposed(NamedTuple):
    """A hypothesis with the score that it leads to, and how many gates are shut then."""

    hypothesis: Hypothesis
    log_odds: float
    shut: int


class Standing(NamedTuple):
    """An item's row among all whom the anchor could be matched with; `unmet`: what it fails of a filter."""

    field: Field
    row: int
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an item is not among the first `k`: a shut gate, a filter, or `places` better ones and `gap` in log-odds.

    `rank` is the item's own place, from 1; 0 where a gate is shut or the filter leaves it out. `gap` and `places` are
    0 for an item that is on the list, and where `rank` is 0. `ordered`: the place in an order by anything but the
    score, from 1; 0 where none is asked for, and for who is not in it. `changes`: what would move the score most,
    first. `worths`: by how much the log-odds would be lower without a matched term, or higher with a missing one.
    `unmet`: the conditions of the filter that leave it out.
    """

    explanation: Explanation
    listed: bool
    rank: int
    places: int
    gap: float
    reason: Text
    changes: tuple[Change, ...] = ()
    worths: Mapping[Term, float] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()
    ordered: int = 0

    def despite(self, reason: Text | None) -> "WhyNot":
        """Not among them in spite of its place, for a reason; itself for none."""
        return self if reason is None else replace(self, listed=False, reason=reason)

    def of_lists(self, sort: Text) -> "WhyNot":
        """Said of whose lists the place is, for who asked from the other side; itself where it has none."""
        if not self.rank:
            return self
        reason = Text(
            f"在{sort.zh}的名单中：{self.reason.zh}", f"by the lists of {sort.en}: {self.reason.en}"
        )
        return replace(self, reason=reason)

    def in_order(self, place: int, reason: Text, *, listed: bool) -> "WhyNot":
        """Where it stands in an order by anything but the score."""
        return replace(self, listed=listed, reason=reason, ordered=place)


def worths(explanation: Explanation, supposed: Mapping[Term, Supposed]) -> Mapping[Term, float]:
    """What every term of an explanation is worth, by the hypotheses of it."""
    lost = {term: explanation.log_odds - supposed[term].log_odds for term in explanation.terms.matched}
    return lost | {term: supposed[term].log_odds - explanation.log_odds for term in explanation.terms.missing}


def _only_lacking(explanation: Explanation, worths: Mapping[Term, float]) -> Explanation:
    """Without words of the vocabulary that would lower the score: where several industries are wanted, a word of
    another than the text's takes away from what the text says of its own. What a text asks for is lacking anyhow.
    """
    if any(part.name == "text" for part in explanation.contributions):
        return explanation
    missing = tuple(term for term in explanation.terms.missing if worths[term] >= 0)
    return replace(explanation, terms=replace(explanation.terms, missing=missing))


def telling(explanation: Explanation, standing: Standing, supposed: Sequence[Supposed]) -> list[Supposed]:
    """Those that change something: what opens most gates first, then by the size of the change; few of them of words,
    so that other facts have a place.
    """
    now = explanation.log_odds, len(_shut(explanation)) + bool(standing.unmet)
    left = Counter(_MOST_OF_WORDS)
    kept: list[Supposed] = []
    for each in sorted(supposed, key=lambda one: (one.shut, -abs(one.log_odds - explanation.log_odds))):
        code = each.hypothesis.code
        if code == TERM_ADDED and each.log_odds < explanation.log_odds:
            continue  # nobody is advised to write what does harm
        if (each.log_odds, each.shut) != now and (code not in _MOST_OF_WORDS or left[code] > 0):
            left[code] -= 1
            kept.append(each)
    return kept[:MOST_CHANGES]


def verdict(
    explanation: Explanation,
    standing: Standing,
    k: int,
    changes: tuple[Change, ...],
    worths: Mapping[Term, float],
) -> WhyNot:
    """The verdict over a pair."""
    explanation = _only_lacking(explanation, worths)
    reasons = [gate.reason for gate in _shut(explanation)]
    if standing.unmet:
        unmet = " AND ".join(standing.unmet)
        reasons.append(Text(f"不符合筛选条件：{unmet}", f"does not meet the filter: {unmet}"))
    if reasons:
        reason = Text("；".join(each.zh for each in reasons), "; ".join(each.en for each in reasons))
        return WhyNot(explanation, False, 0, 0, 0.0, reason, changes, worths, standing.unmet)
    rank = standing.field.rank(standing.row)
    if rank <= k:
        reason = Text(f"已在名单第{rank}位", f"is on the list, in place {rank}")
        return WhyNot(explanation, True, rank, 0, 0.0, reason, changes, worths)
    gap = standing.field.score_at(k) - explanation.log_odds
    weakest = min(explanation.contributions[1:], key=lambda part: part.value)
    reason = Text(
        f"有{rank - 1}个得分更高，距第{k}位差{gap:.2f}（对数几率）；最不利的一项：{weakest.reason.zh}",
        f"{rank - 1} score higher, {gap:.2f} log-odds short of place {k}; weakest point: {weakest.reason.en}",
    )
    return WhyNot(explanation, False, rank, rank - 1, gap, reason, changes, worths)


def _shut(explanation: Explanation) -> list[GateOutcome]:
    return [gate for gate in explanation.gates if not gate.passed]
