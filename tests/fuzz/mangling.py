"""Bytes that are nearly a request."""

import random

_STRANGE = (
    b"\x00",
    b"\xff",
    b"\x80",
    b"\x7f",
    b"\x0a\x00",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xc0\xaf",
)


def mangled(encoded: bytes, chance: random.Random) -> bytes:
    """The same with one to four changes: a bit flipped, bytes put in, taken out, doubled, or the end cut off."""
    made = bytearray(encoded)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        way = chance.randrange(5)
        if way == 0 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            made[at:at] = chance.choice(_STRANGE)
        elif way == 2:
            del made[at : at + chance.randint(1, 4)]
        elif way == 3:
            made[at:at] = made[at : at + chance.randint(1, 40)]
        else:
            del made[at:]
    return bytes(made)
