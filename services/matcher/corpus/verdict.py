"""Why somebody is, or is not, among the first, and what would change that most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.kernel.text import Text
from services.matcher.corpus.field import Field
from services.matcher.score.explaining import Explanation
from services.matcher.score.hypotheses import Hypothesis
from services.matcher.score.scoring import probability

MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Change:
    """What a supposed fact would make of the score, and of the place; `rank` 0 where `shut`, the number of gates that
    would be shut, is not.
    """

    hypothesis: Hypothesis
    log_odds: float
    shut: int
    rank: int

    @property
    def probability(self) -> float:
        """Logistic function of the log-odds."""
        return probability(self.log_odds)


class Standing(NamedTuple):
    """An item's row among all whom the anchor could be matched with."""

    field: Field
    row: int


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
    standing: Standing,
    supposed: Sequence[Hypothesis],
    score: Callable[[Hypothesis], tuple[float, int]],
) -> tuple[Change, ...]:
    """What each hypothesis would lead to: what opens most gates first, then by the size of the change; what changes
    nothing is left out. `score`: log-odds, and how many gates are shut.
    """
    found = []
    for each in supposed:
        log_odds, shut = score(each)
        rank = 0 if shut else standing.field.place(log_odds, standing.row)
        found.append(Change(each, log_odds, shut, rank))
    now = explanation.log_odds, sum(not gate.passed for gate in explanation.gates)
    telling = [each for each in found if (each.log_odds, each.shut) != now]
    telling.sort(key=lambda change: (change.shut, -abs(change.log_odds - explanation.log_odds)))
    return tuple(telling[:MOST_CHANGES])


def verdict(explanation: Explanation, standing: Standing, k: int, changes: tuple[Change, ...]) -> WhyNot:
    """The verdict over a pair."""
    shut = [gate for gate in explanation.gates if not gate.passed]
    if shut:
        reason = Text("；".join(gate.reason.zh for gate in shut), "; ".join(gate.reason.en for gate in shut))
        return WhyNot(explanation, False, 0, 0, 0.0, reason, changes)
    rank = standing.field.rank(standing.row)
    if rank <= k:
        reason = Text(f"已在名单第{rank}位", f"is on the list, in place {rank}")
        return WhyNot(explanation, True, rank, 0, 0.0, reason, changes)
    gap = standing.field.score_at(k) - explanation.log_odds
    weakest = min(explanation.contributions[1:], key=lambda part: part.value)
    reason = Text(
        f"有{rank - 1}个得分更高，距第{k}位差{gap:.2f}（对数几率）；最不利的一项：{weakest.reason.zh}",
        f"{rank - 1} score higher, {gap:.2f} log-odds short of place {k}; weakest point: {weakest.reason.en}",
    )
    return WhyNot(explanation, False, rank, rank - 1, gap, reason, changes)
