"""Near matches of a mistyped name, for "did you mean" in error messages."""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_MIN_SCORE = 0.5
_CONTAINED = 0.6


def likeness(left: str, right: str) -> float:
    """How alike two names are, from 0 to 1.

    The largest of: the matching-blocks ratio (typing errors); nine tenths of the Dice coefficient of their
    characters (Chinese names written in another order); 0.6 + 0.4 of the ratio if one contains the other
    (abbreviations).
    """
    if not left or not right:
        return 0.0
    contained = min(len(left), len(right)) > 1 and (left in right or right in left)
    shared = sum((Counter(left) & Counter(right)).values())
    dice = 2 * shared / (len(left) + len(right))
    if dice < _MIN_SCORE and not contained:
        return 0.9 * dice  # the ratio is never above the Dice coefficient
    ratio = SequenceMatcher(None, left, right, autojunk=False).ratio()
    return max(ratio, 0.9 * dice, _CONTAINED + (1 - _CONTAINED) * ratio if contained else 0.0)


def nearest(text: str, names: Mapping[str, Iterable[str]], limit: int = 3) -> list[str]:
    """The keys of `names` with a name most like `text`, best first; empty if nothing is near.

    Compares as written: fold case and width beforehand if they do not matter.
    """
    scores = {key: max((likeness(text, name) for name in own), default=0.0) for key, own in names.items()}
    near = sorted((key for key, score in scores.items() if score >= _MIN_SCORE), key=lambda key: -scores[key])
    return near[:limit]


def nearest_words(text: str, words: Iterable[str], limit: int = 3) -> list[str]:
    """The words most like `text`, ignoring case, best first; empty if nothing is near."""
    return nearest(text.casefold(), {word: (word.casefold(),) for word in words}, limit)
