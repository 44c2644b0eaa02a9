"""The resident identity number (居民身份证号): checked on entry, kept only as a keyed digest."""

import hmac
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from services.kernel.errors import InvalidArgument

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid number. Its text never shows up in `repr`, `str` or an error."""

    _text: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, *, today: date, name: str = "id_number") -> "IdNumber":
        """Read 18 characters (GB 11643-1999: region, birth date, sequence, ISO 7064 MOD 11-2 check digit).

        Raises InvalidArgument with field `name`; no message repeats any part of the number.
        """
        number = unicodedata.normalize("NFKC", text).strip().upper()
        if not (
            len(number) == 18 and number.isascii() and number[:17].isdigit() and (number[17] in "0123456789X")
        ):
            raise InvalidArgument.field(
                name,
                "ID_NUMBER_FORM",
                "身份证号应为 18 位：17 位数字加 1 位校验码（数字或 X）；15 位旧号已停用",
                "an identity number has 18 characters: 17 digits and a check digit (0-9 or X); "
                "the former 15 digits are no longer valid",
            )
        _check_birth(number[6:14], today, name)
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
        if _CHECK_DIGITS[total % 11] != number[17]:
            raise InvalidArgument.field(
                name,
                "ID_NUMBER_CHECK_DIGIT",
                "身份证号校验码不符，请核对是否有录入错误",
                "the check digit of the identity number does not match; look for a typing error",
            )
        return cls(number)

    def digest(self, key: bytes) -> str:
        """HMAC-SHA-256 under `key`, in hexadecimal: equal numbers have equal digests, and no way leads back."""
        return hmac.new(key, self._text.encode("ascii"), sha256).hexdigest()

    @property
    def birth_year(self) -> int:
        """The year of birth that the number states."""
        return int(self._text[6:10])

    def __str__(self) -> str:
        return "IdNumber(******)"


def _check_birth(digits: str, today: date, name: str) -> None:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        birth = None
    if birth is None or not _EARLIEST_BIRTH <= birth <= today:
        raise InvalidArgument.field(
            name,
            "ID_NUMBER_BIRTH_DATE",
            "身份证号中的出生日期不存在、过早或晚于今天，请核对",
            "the birth date inside the identity number does not exist, is too early or lies ahead; check it",
        )


def document_digest(text: str, key: bytes, *, today: date, name: str) -> str:
    """Digest of any identity document: a resident number is checked first, another is taken as written.

    Raises InvalidArgument for a resident number that does not hold, or is of the form of 15 digits.
    """
    number = unicodedata.normalize("NFKC", text).strip().upper()
    if (len(number) == 18 and number[:17].isdigit()) or (len(number) == 15 and number.isdigit()):
        return IdNumber.parse(number, today=today, name=name).digest(key)
    return hmac.new(key, number.encode(), sha256).hexdigest()
