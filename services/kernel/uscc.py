"""The unified social credit code (统一社会信用代码) of a legal entity: GB 32100-2015, 18 characters.

Its last character is a weighted sum modulo 31 over the first 17; characters 9 to 17 are the organisation
code of GB 11714 with a check character of its own, which older codes do not always honour and which is
therefore computed here but not demanded.
"""

import unicodedata

from services.kernel.errors import InvalidArgument

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(first17: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(first8: str) -> str:
    """The ninth character (0-9 or X) of the organisation code that begins with `first8` (GB 11714)."""
    pairs = zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    remainder = -sum(_ORGANISATION_ALPHABET.index(c) * weight for c, weight in pairs) % 11
    return "X" if remainder == 10 else str(remainder)


def parse_uscc(text: str, *, field: str = "uscc") -> str:
    """The code in upper case and half width, without blanks and hyphens.

    Raises InvalidArgument INVALID_USCC that names the length, the first wrong position, or the check digit.
    """
    code = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "").upper()
    if len(code) != 18:
        raise _invalid(
            field,
            f"统一社会信用代码应为18位，收到{len(code)}位"
            + ("（15位旧注册号请换领新码）" if len(code) == 15 else ""),
            f"a unified social credit code has 18 characters, not {len(code)}"
            + (" (15 is an old registration number: use the new code)" if len(code) == 15 else ""),
        )
    for position, character in enumerate(code, start=1):
        if character not in ALPHABET or (3 <= position <= 8 and not character.isdigit()):
            raise _wrong_character(field, position, character)
    expected = check_character(code[:17])
    if code[17] != expected:
        raise _invalid(
            field,
            f"统一社会信用代码第18位校验码应为 {expected}，收到 {code[17]}，请核对是否录错",
            f"the check character at position 18 should be {expected}, not {code[17]}; check the typing",
        )
    return code


def _wrong_character(field: str, position: int, character: str) -> InvalidArgument:
    rule = (
        ("第3至8位为行政区划数字", "positions 3 to 8 are the digits of the district")
        if 3 <= position <= 8
        else (
            "只用数字和大写字母，不用 I、O、S、V、Z",
            "digits and letters without I, O, S, V, Z are allowed",
        )
    )
    return _invalid(
        field,
        f"统一社会信用代码第{position}位“{character}”无效：{rule[0]}",
        f"character {character!r} at position {position} is not allowed: {rule[1]}",
    )


def _invalid(field: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(field, "INVALID_USCC", zh, en)
