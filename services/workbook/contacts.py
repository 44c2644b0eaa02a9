"""Readers of cells that name or reach a person or a legal entity."""

import re
import unicodedata

from services.kernel.errors import InvalidArgument
from services.kernel.uscc import parse_uscc
from services.workbook import cells

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}")
_CUT_MOBILE = re.compile(r"1[3-9][0-9]{7,8}|1[3-9][0-9]{10}")
"""A mainland mobile number has eleven digits; no other number of that many digits begins so."""
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_NUMBER = re.compile(r"[0-9A-Z-]{5,32}")


def phone(value: str, *, field: str) -> str:
    """A telephone number as written, without blanks; raises BAD_PHONE, EXCEL_DAMAGED_NUMBER."""
    plain = cells.identifier(unicodedata.normalize("NFKC", value).replace(" ", ""), field=field)
    if _CUT_MOBILE.fullmatch(plain):
        raise InvalidArgument.field(
            field,
            "BAD_PHONE",
            f"{field}像是手机号，应为11位，现为{len(plain)}位，请核对",
            f"a mobile number has 11 digits, this one has {len(plain)}; check it",
        )
    if _PHONE.fullmatch(plain) is None:
        raise InvalidArgument.field(
            field,
            "BAD_PHONE",
            f"{field}应为5至20位数字，可带国际区号（如 +86）",
            "a telephone number has 5 to 20 digits and may begin with a country code such as +86",
        )
    return plain


def email(value: str, *, field: str) -> str:
    """An e-mail address; raises BAD_EMAIL."""
    plain = unicodedata.normalize("NFKC", value)
    if _EMAIL.fullmatch(plain) is None or len(plain) > 254:
        raise InvalidArgument.field(
            field,
            "BAD_EMAIL",
            f"{field}格式不正确，应如 name@example.cn",
            "not an address such as name@example.cn",
        )
    return plain


def id_number(value: str, *, field: str) -> str:
    """A document number in upper case; an 18-digit identity number must have the right check character.

    Raises EXCEL_DAMAGED_NUMBER, BAD_ID_NUMBER. The number itself is never repeated in a message.
    """
    plain = unicodedata.normalize("NFKC", value).replace(" ", "")
    if cells.damaged(plain):
        cells.identifier(plain, field=field)
    plain = plain.upper()
    wrong = len(plain) == 18 and plain[:17].isdigit() and plain[17] != _id_check(plain)
    if wrong or _ID_NUMBER.fullmatch(plain) is None:
        raise InvalidArgument.field(
            field,
            "BAD_ID_NUMBER",
            f"{field}不正确（身份证号第18位校验码不符，或含无效字符），请核对原件",
            "not a valid document number (check character or characters); compare with the document",
        )
    return plain


def _id_check(number: str) -> str:
    """Check character of a resident identity number: GB 11643-1999, ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11]


def uscc(value: str, *, field: str) -> str:
    """A unified social credit code; raises EXCEL_DAMAGED_NUMBER, INVALID_USCC."""
    plain = unicodedata.normalize("NFKC", value)
    if cells.damaged(plain):
        cells.identifier(plain, field=field)
    return parse_uscc(plain, field=field)
