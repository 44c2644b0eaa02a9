"""Texts as they are compared, and stretches of characters of many of them at once: code points, and one hash for every
stretch whatever its length.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from services.kernel.names.script import simplified
from services.matcher.domain.texts.unbroken import hyphened, unbroken

FORM = 7
"""Of the form in which texts are compared; part of the versions of what is made of texts."""
_FACTOR = 0x9E3779B97F4A7C15
_INVERSE = pow(_FACTOR, -1, 1 << 64)
# Each decomposes into the other. Replaced first, most texts are in their normal form, which is quickly seen.
_WIDE = tuple(zip("，：；！？（）", ",:;!?()", strict=True))
_KEPT = 1 << 18
_UNICODE = 0x110000
_GONE = _UNICODE - 1
# Without a width: the soft hyphen, joiners, marks of direction, and selectors of a variant.
_UNSEEN = (
    (0xAD, 0xAE),
    (0x200B, 0x2010),
    (0x202A, 0x202F),
    (0x2060, 0x2070),
    (0xFE00, 0xFE10),
    (0xFEFF, 0xFF00),
    (0xE0100, 0xE01F0),
)
# Of one meaning and written otherwise in Taiwan, where the script alone does not tell: silicon and plutonium.
_ELSEWHERE = (("矽", "硅"), ("鈽", "钚"), ("钸", "钚"))
_HAN = ((0x3400, 0xA000), (0x20000, 0x32400))
Points = NDArray[np.uint32]
Places = NDArray[np.int64]
Hashes = NDArray[np.uint64]


def normal(text: str) -> str:
    """`folded`, and without what the layout of a page puts into words: breaks of lines, stray spaces, hyphens."""
    return unbroken(folded(hyphened(text)))


def folded(text: str) -> str:
    """NFKC in lower case, traditional Chinese characters as simplified ones, each by itself; none without a width."""
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    text = unicodedata.normalize("NFKC", text).lower()
    return text if text.isascii() else _simplified(text)


def _simplified(text: str) -> str:
    points = code_points(text)
    simple = _simpler().take(points)
    if (simple == points).all():
        return text
    seen = simple[simple != _GONE].tobytes().decode("utf-32-le", "surrogatepass")
    return seen if len(seen) == len(text) else folded(seen)  # neighbours may be one character now


@cache
def _simpler() -> Points:
    """For every code point the one that is compared in its place; a character has no neighbours to be read by."""
    points = np.arange(_UNICODE, dtype=np.uint32)
    for first, behind in _HAN:
        apart = "\n".join(map(chr, range(first, behind)))
        points[first:behind] = code_points(simplified(apart).replace("\n", ""))
    for first, behind in _UNSEEN:
        points[first:behind] = _GONE
    for there, here in _ELSEWHERE:
        points[ord(there)] = ord(here)
    points = points[points]  # what one becomes may be traditional itself
    points.flags.writeable = False
    return points


def code_points(text: str) -> Points:
    """One element for each character; lone surrogates are what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def numbered(texts: Sequence[str]) -> NDArray[np.int32]:
    """For each character of the texts, joined with one character after each, the number of its text."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    return np.repeat(np.arange(len(texts), dtype=np.int32), lengths)


class Windows:
    """Hashes of stretches of some code points: prefix sums of a polynomial modulo 2^64, made comparable by inverses."""

    def __init__(self, points: Points) -> None:
        size = len(points)
        self._sums = np.zeros(size + 1, dtype=np.uint64)
        np.cumsum(points.astype(np.uint64) * _powers(_FACTOR, size), out=self._sums[1:])
        self._inverses = _powers(_INVERSE, size)

    def hashes(self, start: Places, end: Places) -> Hashes:
        """One for each stretch; equal stretches have equal ones."""
        return (self._sums[end] - self._sums[start]) * self._inverses[start]


def _powers(factor: int, size: int) -> Hashes:
    return _kept_powers(factor)[:size] if size <= _KEPT else _made_powers(factor, size)


@lru_cache(maxsize=2)
def _kept_powers(factor: int) -> Hashes:
    powers = _made_powers(factor, _KEPT)
    powers.flags.writeable = False
    return powers


def _made_powers(factor: int, size: int) -> Hashes:
    powers = np.full(size, factor, dtype=np.uint64)
    powers[:1] = 1
    np.cumprod(powers, out=powers)
    return powers
