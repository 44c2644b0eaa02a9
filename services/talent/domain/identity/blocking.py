"""Keys under which records meet: two records are compared only if they share one, and always if it is the key of few;
which pairs of a large block are compared is the store's (`duplicate_blocks`).

Keys are digests under the house's secret, so that a table of them tells nobody a name or a number. Whether a
name is common is read from fixed tables, never counted: a record's keys do not depend on who else is there.
"""

import hmac
from collections.abc import Iterator
from hashlib import blake2b

from services.talent.domain.identity.method import Method
from services.talent.domain.identity.person_name import PersonName
from services.talent.domain.identity.traits import Traits

KEY_LENGTH = 32


def blocking_secret(house_secret: bytes) -> bytes:
    """The secret of the keys, derived from the house's so that neither tells anything of the other's digests."""
    return blake2b(b"bole.talent.duplicates", key=house_secret, digest_size=32).digest()


def block_keys(traits: Traits, method: Method, secret: bytes) -> frozenset[str]:
    """The keys of one record, 32 hexadecimal digits each."""
    return frozenset(_digest(secret, *parts) for parts in _plain(traits, method))


def _plain(traits: Traits, method: Method) -> Iterator[tuple[str, ...]]:
    yield from traits.strong_keys.items()
    if traits.phone:
        yield "phone", traits.phone
    if traits.email:
        yield "email", traits.email
    for name in traits.names:
        if name.han:
            yield from _by_characters(name, traits, method)
        yield from _by_sound(name, traits)


def _by_characters(name: PersonName, traits: Traits, method: Method) -> Iterator[tuple[str, ...]]:
    """The characters; a common name only together with something else. Where many have the name nevertheless not all
    of them meet by it, but those of whom two facts agree do.
    """
    for school in sorted({school for school, _ in traits.schools}):
        yield "name+school", name.han, school
        for employer in traits.employers:
            yield "name+school+employer", name.han, school, employer
        if traits.birth_year is not None:
            yield "name+school+birth", name.han, school, str(traits.birth_year)
    if traits.birth_year is not None:
        for employer in traits.employers:
            yield "name+birth+employer", name.han, str(traits.birth_year), employer
    if name.share < method.common_name:
        yield "name", name.han
        return
    for employer in traits.employers:
        yield "name+employer", name.han, employer
    for code, _ in traits.directions:
        yield "name+direction", name.han, code
    if traits.birth_year is not None:
        yield "name+birth", name.han, str(traits.birth_year)


def _by_sound(name: PersonName, traits: Traits) -> Iterator[tuple[str, ...]]:
    """The surname's sound and the first letter of the given name, never without employer or birth year."""
    for surname, letter in {(surname, given[:1]) for surname, given in name.readings | name.initials}:
        for employer in traits.employers:
            yield "sound+employer", surname, letter, employer
        if traits.birth_year is not None:
            yield "sound+birth", surname, letter, str(traits.birth_year)


def _digest(secret: bytes, *parts: str) -> str:
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(secret, message, lambda: blake2b(digest_size=KEY_LENGTH // 2)).hexdigest()
