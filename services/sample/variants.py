"""How one person's name comes to be written in several ways."""

from enum import StrEnum
from functools import cache
from random import Random

from opencc import OpenCC

from services.kernel.names.script import syllables
from services.kernel.names.surnames import split, surname_reading
from services.sample.names import given_name

_HOMOPHONES = (
    "晓小筱 伟炜玮 杰洁捷 明铭鸣 华骅桦 静靖婧 宇雨羽 浩昊皓 文雯纹 军君钧 俊峻骏 婷亭廷 涛韬 阳洋扬 琳林霖 飞菲斐 "
    "东冬 嘉佳家 欣新鑫 志智致 博波伯 瑞睿锐 辉晖徽 建健 海 立丽利 清青卿 云芸 天田 思斯 永咏 安 晨辰 哲 航杭"
)
_LOOKALIKE = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "A": "А", "E": "Е", "O": "О"})


class Variant(StrEnum):
    """What happened to the name."""

    SAME = "same"
    TRADITIONAL = "traditional"
    TRANSLITERATED = "transliterated"
    INITIALS = "initials"
    HOMOPHONE = "homophone"
    TYPO = "typo"
    LOOKALIKE = "lookalike"


def written(name: str, variant: Variant, random: Random) -> str:
    """The name written in that way; a name that has no such way stays as it is."""
    match variant:
        case Variant.TRADITIONAL:
            return str(_traditional().convert(name))
        case Variant.TRANSLITERATED:
            return _in_letters(name, random)
        case Variant.INITIALS:
            return _with_initials(name, random)
        case Variant.HOMOPHONE:
            return _homophone(name, random)
        case Variant.TYPO:
            return name[:-1] + random.choice([c for c in given_name(random) if c != name[-1]] or ["一"])
        case Variant.LOOKALIKE:
            return name.translate(_LOOKALIKE)
        case Variant.SAME:
            return name


def _in_letters(name: str, random: Random) -> str:
    surname, given = split(name)
    family, spoken = surname_reading(surname).title(), syllables(given)
    joined, hyphened = "".join(spoken).title(), "-".join(spoken).title()
    forms = (
        f"{family} {joined}",
        f"{joined} {family}",
        f"{family.upper()} {joined}",
        f"{hyphened} {family}",
        f"{family}, {joined}",
    )
    return random.choice(forms)


def _with_initials(name: str, random: Random) -> str:
    surname, given = split(name)
    family = surname_reading(surname).title()
    letters = [syllable[0].upper() for syllable in syllables(given)]
    return random.choice(
        (f"{letters[0]}. {family}", f"{family}, {'.'.join(letters)}.", f"{family} {letters[0]}.")
    )


def _homophone(name: str, random: Random) -> str:
    surname, given = split(name)
    for place in random.sample(range(len(given)), len(given)):
        alike = next((group for group in _HOMOPHONES.split() if given[place] in group), "")
        others = [char for char in alike if char != given[place]]
        if others:
            return surname + given[:place] + random.choice(others) + given[place + 1 :]
    return name


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")
