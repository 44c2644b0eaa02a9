"""The unified social credit code (统一社会信用代码, GB 32100-2015): 17 characters and a check character."""

import unicodedata

from services.kernel.errors import InvalidArgument

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))


def check_character(body: str) -> str:
    """The check character of the 17 characters before it: (31 - Σ value·3^i mod 31) mod 31."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def parse_uscc(text: str, *, field: str = "uscc") -> str:
    """The code in upper case and half width.

    Raises InvalidArgument INVALID_USCC that names the length, the first wrong position, or the check digit.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
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
