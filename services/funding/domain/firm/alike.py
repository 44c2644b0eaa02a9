"""Whether two records are one firm (企业查重): by credit code, name and people. Depends on nothing but the two records.

A firm that moves may get another credit code; positions 9 to 17, its organisation code (GB 11714), stay. Names are
compared without place, trade words and legal form, which every second firm has.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kernel.names.script import simplified
from services.kernel.names.skeleton import skeleton
from services.kernel.text import Text

_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "合伙企业",
    "有限合伙",
    "公司",
    "集团",
    "研究院",
    "中心",
)
_TRADES = (
    "新材料",
    "新能源",
    "科技",
    "技术",
    "实业",
    "产业",
    "发展",
    "材料",
    "能源",
    "智能",
    "智造",
    "生物",
    "医药",
)
_PLACE = re.compile(r"(江苏省?|中国)")
_BRACKETS = re.compile(r"[()（）\[\]【】·\s\-—_.,，。&＆]")
_DIGRAM = 2


class Sign(StrEnum):
    """What speaks for two records being one firm."""

    SAME_ORGANISATION = "SAME_ORGANISATION"
    SAME_NAME = "SAME_NAME"
    SAME_BRAND = "SAME_BRAND"
    SIMILAR_NAME = "SIMILAR_NAME"
    SAME_PEOPLE = "SAME_PEOPLE"
    SAME_FOUNDING = "SAME_FOUNDING"


WORDS = {
    Sign.SAME_ORGANISATION: Text(
        "信用代码第9至17位（组织机构代码）相同，可能是迁址换码",
        "the organisation code (positions 9 to 17 of the credit code) is the same: a firm that moved, perhaps",
    ),
    Sign.SAME_NAME: Text(
        "名称相同（不计繁简、全半角与形近字母）",
        "the names are the same, whatever their script, width or look-alike letters",
    ),
    Sign.SAME_BRAND: Text("去掉地名、行业词和组织形式后字号相同", "the names have the same brand"),
    Sign.SIMILAR_NAME: Text("字号相近", "the brands are similar"),
    Sign.SAME_PEOPLE: Text("有相同的法定代表人、董监高或股东", "they have people in common"),
    Sign.SAME_FOUNDING: Text("成立日期相同", "they were founded on the same day"),
}


@dataclass(frozen=True)
class AlikeMethod:
    """Proposals, and so configuration: points of each sign, and from how many on a pair is shown or likely."""

    version: str = "firms-2"
    organisation: int = 90
    name: int = 70
    brand: int = 45
    similar: int = 25
    people: int = 30
    founding: int = 15
    similar_permille: int = 750
    possible: int = 45
    likely: int = 75

    def points(self, sign: Sign) -> int:
        """The points of a sign."""
        return {
            Sign.SAME_ORGANISATION: self.organisation,
            Sign.SAME_NAME: self.name,
            Sign.SAME_BRAND: self.brand,
            Sign.SIMILAR_NAME: self.similar,
            Sign.SAME_PEOPLE: self.people,
            Sign.SAME_FOUNDING: self.founding,
        }[sign]


@dataclass(frozen=True)
class FirmTraits:
    """What of a firm is compared. `people`: names of those behind it, as far as the reader may compare them."""

    id: str
    uscc: str
    name: str
    founded: date | None
    people: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How much two records resemble each other: points (at most 100), and what gives them."""

    points: int
    signs: tuple[Sign, ...]


def plain_name(name: str) -> str:
    """The name as it looks: in simplified characters, look-alike letters as one, without width, case, blanks and
    brackets.
    """
    return _BRACKETS.sub("", skeleton(simplified(name)))


def brand_of(name: str, places: Iterable[str]) -> str:
    """A name without place, trade words and legal form; the plain name if nothing of it is left."""
    plain = rest = plain_name(name)
    for form in _FORMS:
        rest = rest.removesuffix(form)
    rest = _PLACE.sub("", rest)
    for place in sorted(places, key=len, reverse=True):
        rest = rest.replace(f"{place}市", "").replace(place, "")
    changed = True
    while changed:
        shorter = rest
        for trade in _TRADES:
            shorter = shorter.removesuffix(trade)
        changed, rest = shorter != rest, shorter
    return rest or plain


def blocks_of(traits: FirmTraits, places: Iterable[str]) -> frozenset[str]:
    """Keys that two records must share to be compared at all."""
    brand = brand_of(traits.name, places)
    keys = {f"o:{traits.uscc[8:17]}", f"n:{plain_name(traits.name)}", f"b:{brand}"}
    pairs = [brand[at : at + _DIGRAM] for at in range(len(brand) - 1)]
    keys.update(f"d:{pair}" for pair in (pairs[:1] + pairs[-1:]))
    return frozenset(key[:80] for key in keys)


def compare(one: FirmTraits, other: FirmTraits, places: Iterable[str], method: AlikeMethod) -> Likeness:
    """What speaks for two records being one firm. The order of the two does not matter."""
    signs = list[Sign]()
    if one.uscc[8:17] == other.uscc[8:17]:
        signs.append(Sign.SAME_ORGANISATION)
    signs += _of_names(one.name, other.name, tuple(places), method)
    if one.people & other.people:
        signs.append(Sign.SAME_PEOPLE)
    if signs and one.founded is not None and one.founded == other.founded:
        signs.append(Sign.SAME_FOUNDING)
    return Likeness(min(100, sum(map(method.points, signs))), tuple(signs))


def _of_names(one: str, other: str, places: tuple[str, ...], method: AlikeMethod) -> list[Sign]:
    if plain_name(one) == plain_name(other):
        return [Sign.SAME_NAME]
    brands = brand_of(one, places), brand_of(other, places)
    if brands[0] == brands[1]:
        return [Sign.SAME_BRAND]
    return [Sign.SIMILAR_NAME] if _dice_permille(*brands) >= method.similar_permille else []


def _dice_permille(one: str, other: str) -> int:
    """Twice the shared pairs of neighbouring characters over all pairs, in thousandths."""
    pairs = [Counter(text[at : at + _DIGRAM] for at in range(len(text) - 1)) for text in (one, other)]
    total = pairs[0].total() + pairs[1].total()
    return 2000 * (pairs[0] & pairs[1]).total() // total if total else 0
