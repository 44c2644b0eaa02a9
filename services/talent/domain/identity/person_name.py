"""A person's name as it is compared: characters first, the reading only as a weak second."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import prod

from services.kernel.names.frequencies import character_share, given_share, surname_share
from services.kernel.names.script import is_han, simplified, syllables
from services.kernel.names.skeleton import skeleton
from services.kernel.names.surnames import split, surname_reading

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_JOINED = str.maketrans("", "", "'’ʼ-‐‑–")


class NameAgreement(StrEnum):
    """How two names agree, from the strongest to none."""

    CHARACTERS = "characters"
    ONE_CHARACTER_OFF = "one-character-off"
    SOUND = "sound"
    SPELLING = "spelling"
    INITIALS = "initials"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart.

    `han`: its Chinese characters, simplified, or empty. `surname` and `given` split them. `readings`: pairs of
    surname and given name in letters, every order that a Latin name admits. `initials`: the same pairs where
    the given name is abbreviated.
    """

    han: str
    surname: str
    given: str
    readings: frozenset[tuple[str, str]]
    initials: frozenset[tuple[str, str]]

    @property
    def share(self) -> float:
        """About which part of all people bears exactly these characters."""
        return surname_share(self.surname) * given_share(self.given)

    @property
    def near_share(self) -> float:
        """About which part of all people has a name that differs from this one in one character."""
        parts = [surname_share(self.surname), *(character_share(char) for char in self.given)]
        whole = prod(parts)
        return sum(whole / part for part in parts)


@lru_cache(maxsize=65_536)
def read_name(text: str) -> PersonName:
    """Take a name apart. Never fails: what cannot be understood agrees with nothing but itself."""
    seen = simplified(skeleton(text))
    han = "".join(char for char in seen if is_han(char))
    if han:
        return _han_name(han, parted="·" in seen.strip("·"))
    return _latin_name(seen)


def agree(left: PersonName, right: PersonName) -> NameAgreement:
    """How two names agree."""
    if left.han and right.han:
        return _han_agreement(left, right)
    if left.readings & right.readings:
        return NameAgreement.SPELLING
    if _abbreviates(left, right) or _abbreviates(right, left):
        return NameAgreement.INITIALS
    return NameAgreement.NONE


def _han_name(han: str, *, parted: bool) -> PersonName:
    if parted:
        reading = "".join(syllables(han))
        return PersonName(han, "", han, frozenset({("", reading)}), frozenset())
    surname, given = split(han)
    spoken = syllables(given) if given else ()
    reading = surname_reading(surname)
    initials = "".join(syllable[:1] for syllable in spoken)
    return PersonName(
        han,
        surname,
        given,
        frozenset({(reading, "".join(spoken))}),
        frozenset({(reading, initials), (reading, initials[:1])}) if given else frozenset(),
    )


def _latin_name(seen: str) -> PersonName:
    head, comma, tail = seen.partition(",")
    words = [word.translate(_JOINED) for word in _words(f"{head} {tail}")]
    if len(words) < 2:
        word = words[0] if words else seen.strip()
        return PersonName("", "", word, frozenset({("", word)}), frozenset())
    orders = {(words[0], tuple(words[1:]))}
    if not comma:
        orders.add((words[-1], tuple(words[:-1])))
    full = frozenset((first, "".join(rest)) for first, rest in orders if _spelled_out(first, rest))
    brief = frozenset((first, "".join(rest)) for first, rest in orders if _abbreviated(first, rest))
    return PersonName("", "", "".join(words), full, brief)


def _words(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"(?<=\w)[-‐‑–](?=\w)", "", text))


def _spelled_out(first: str, rest: tuple[str, ...]) -> bool:
    return len(first) > 1 and all(len(word) > 1 for word in rest)


def _abbreviated(first: str, rest: tuple[str, ...]) -> bool:
    """Initials stand singly or, without a vowel, together (xm)."""
    return len(first) > 1 and all(len(word) == 1 or not set(word) & set("aeiouvy") for word in rest)


def _abbreviates(brief: PersonName, full: PersonName) -> bool:
    """Whether a Latin name with initials could stand for the other name."""
    if brief.han:
        return False
    if full.han:
        return bool(brief.initials & full.initials)
    return any(
        surname == other and given[:1] == letters[:1]
        for surname, letters in brief.initials
        for other, given in full.readings
    )


def _han_agreement(left: PersonName, right: PersonName) -> NameAgreement:
    if left.han == right.han:
        return NameAgreement.CHARACTERS
    if left.readings & right.readings:
        return NameAgreement.SOUND
    if len(left.han) == len(right.han) >= 3:
        differing = sum(a != b for a, b in zip(left.han, right.han, strict=True))
        if differing == 1:
            return NameAgreement.ONE_CHARACTER_OFF
    return NameAgreement.NONE
