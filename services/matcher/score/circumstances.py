"""What a reason is told of: the pair, and all that is known beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.placement import Placement
from services.matcher.score.block import Pair
from services.matcher.score.terms import TermEvidence


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reason may speak of: both items, the names of codes, the terms (None = not looked up), where a text is
    placed, its value, and how much of both texts the library can compare, 0 to 1.
    """

    pair: Pair
    codes: Codes
    terms: TermEvidence | None
    place: Callable[[str], Placement]
    value: float = 0.0
    known: float = 1.0


Reason = Callable[[Circumstances], Text]
