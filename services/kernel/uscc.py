"""The unified social credit code (统一社会信用代码) of a legal entity: GB 32100-2015, 18 characters.

Its last character is a weighted sum modulo 31 over the first 17; characters 9 to 17 are the organisation
code of GB 11714 with a check character of its own, which older codes do not always honour and which is
therefore computed here but not demanded.
"""

from services.kernel.errors import InvalidArgument

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
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


def parse_uscc(text: str, *, field: str) -> str:
    """The code in upper case without blanks; raises InvalidArgument (INVALID_USCC) saying what is wrong."""
    code = text.replace(" ", "").replace("-", "").upper()
    if len(code) != 18:
        raise _invalid(
            field,
            f"统一社会信用代码应为18位，现为{len(code)}位；15位旧注册号请换成新代码",
            f"a unified social credit code has 18 characters, not {len(code)}; 15 digits are an old number",
        )
    for position, character in enumerate(code, 1):
        if character not in ALPHABET or (position <= 8 and position > 2 and not character.isdigit()):
            raise _invalid(
                field,
                f"统一社会信用代码第{position}位“{character}”无效（不使用I、O、S、V、Z，第3至8位为数字）",
                f"character {position} ({character!r}) is not allowed (no I, O, S, V, Z; 3 to 8 are digits)",
            )
    if code[17] != check_character(code[:17]):
        raise _invalid(
            field,
            "统一社会信用代码第18位校验码不符，请对照营业执照核对",
            "the check character (the 18th) does not fit; compare with the business licence",
        )
    return code


def _invalid(field: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(field, "INVALID_USCC", zh, en)
