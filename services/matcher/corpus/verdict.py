"""Why somebody is, or is not, among the first, and what would change that most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.kernel.text import Text
from services.matcher.corpus.pairs import Ranked
from services.matcher.score.explaining import Explanation
from services.matcher.score.hypotheses import Hypothesis
from services.matcher.score.scoring import probability

MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Change:
    """What a supposed fact would make of the score, and of the place; `rank` 0 where a gate would be shut."""

    hypothesis: Hypothesis
    log_odds: float
    rank: int

    @property
    def probability(self) -> float:
        """Logistic function of the log-odds."""
        return probability(self.log_odds)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an item is not among the first `k`: a shut gate, or `places` better ones and `gap` in log-odds.

    `rank` is the item's own place, from 1; 0 where a gate is shut. `gap` and `places` are 0 for an item that is
    on the list, and `gap` is 0 where a gate is shut. `changes`: what would move the score most, first.
    """

    explanation: Explanation
    listed: bool
    rank: int
    places: int
    gap: float
    reason: Text
    changes: tuple[Change, ...] = ()


def changes(
    explanation: Explanation,
    everybody: Sequence[Ranked],
    supposed: Sequence[Hypothesis],
    score: Callable[[Hypothesis], tuple[float, bool]],
) -> tuple[Change, ...]:
    """What each hypothesis would lead to, the largest change first. `score`: log-odds, and whether gates are passed."""
    others = [ranked.log_odds for ranked in everybody if ranked.id != explanation.candidate]
    found = []
    for each in supposed:
        log_odds, admitted = score(each)
        rank = 1 + sum(other > log_odds for other in others) if admitted else 0
        found.append(Change(each, log_odds, rank))
    found.sort(key=lambda change: -abs(change.log_odds - explanation.log_odds))
    return tuple(found[:MOST_CHANGES])


def verdict(
    explanation: Explanation, everybody: Sequence[Ranked], k: int, changes: tuple[Change, ...]
) -> WhyNot:
    """The verdict over a pair, from all that pass the gates, best first."""
    shut = [gate for gate in explanation.gates if not gate.passed]
    if shut:
        reason = Text("；".join(gate.reason.zh for gate in shut), "; ".join(gate.reason.en for gate in shut))
        return WhyNot(explanation, False, 0, 0, 0.0, reason, changes)
    ids = [ranked.id for ranked in everybody]
    place = ids.index(explanation.candidate) if explanation.candidate in ids else len(ids)
    if place < k:
        reason = Text(f"已在名单第{place + 1}位", f"is on the list, in place {place + 1}")
        return WhyNot(explanation, True, place + 1, 0, 0.0, reason, changes)
    gap = everybody[k - 1].log_odds - explanation.log_odds
    weakest = min(explanation.contributions[1:], key=lambda part: part.value)
    reason = Text(
        f"有{place}个得分更高，距第{k}位差{gap:.2f}（对数几率）；最不利的一项：{weakest.reason.zh}",
        f"{place} score higher, {gap:.2f} log-odds short of place {k}; weakest point: {weakest.reason.en}",
    )
    return WhyNot(explanation, False, place + 1, place, gap, reason, changes)
