"""Rules that the talent domain's texts must keep, collected so that one refusal names every broken rule."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.suggestion import nearest_words
from services.kernel.text import Text

NAME_LIMIT = 60
LINE_LIMIT = 120
PROSE_LIMIT = 4_000

_EARLIEST = date(1949, 10, 1)
_BLOCKED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Letters and marks by category, and yet drawn as nothing: they make two equal-looking names differ.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_RARE_HAN = range(0x20000, 0x40000)
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9.-]{1,185}\.[A-Za-z0-9-]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}[0-9]")


class Findings:
    """Collects violations; `conclude` raises them together as one InvalidArgument."""

    def __init__(self) -> None:
        self._found: list[Violation] = []

    def add(self, field: str, reason: str, zh: str, en: str) -> None:
        """Note one broken rule."""
        self._found.append(Violation(field, reason, Text(zh, en)))

    def require(self, holds: bool, field: str, reason: str, zh: str, en: str) -> None:
        """Note the rule as broken unless it holds."""
        if not holds:
            self.add(field, reason, zh, en)

    def adopt(self, error: InvalidArgument) -> None:
        """Take over the violations of an error that was raised further down."""
        self._found.extend(error.violations)

    def conclude(self) -> None:
        """Raise InvalidArgument with everything found; do nothing when nothing was."""
        if self._found:
            raise InvalidArgument.of(*self._found)


def clean(value: str) -> str:
    """The text in NFC, trimmed. Rare Han, variation selectors, `·` and apostrophes stay as they are."""
    return unicodedata.normalize("NFC", value).strip()


def clean_all(values: Iterable[str]) -> tuple[str, ...]:
    """Every text cleaned; empty ones are dropped."""
    return tuple(text for text in map(clean, values) if text)


def unprintable(value: str, *, allow: str = "") -> list[str]:
    """Code points (as `U+202E`) that nobody can see: control, bidirectional, zero-width, surrogate, blank, or
    not assigned. Han of planes 2 and 3 and private-use characters are let through: rare names are written in
    characters that are younger than any table, or that only the registry's own font has.
    """
    if value.isprintable() and _BLANK_LETTERS.isdisjoint(value):
        return []  # nearly every text
    return [f"U+{ord(char):04X}" for char in value if char not in allow and _is_hidden(char)]


def _is_hidden(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cn":
        return ord(char) not in _RARE_HAN or ord(char) & 0xFFFE == 0xFFFE
    return category in _BLOCKED_CATEGORIES or char in _BLANK_LETTERS


def check_line(
    findings: Findings, field: str, value: str, *, limit: int = LINE_LIMIT, required: bool = False
) -> None:
    """One line of text: at most `limit` code points, nothing invisible, not empty when required."""
    _check_text(findings, field, value, limit=limit, required=required, allow="")


def check_prose(findings: Findings, field: str, value: str, *, limit: int = PROSE_LIMIT) -> None:
    """Running text: line breaks and tabs are allowed, other invisible characters are not."""
    _check_text(findings, field, value, limit=limit, required=False, allow="\n\t\r")


def _check_text(
    findings: Findings, field: str, value: str, *, limit: int, required: bool, allow: str
) -> None:
    if required and not value:
        findings.add(field, "REQUIRED", f"{field} 必填，请填写", f"{field} is required; fill it in")
    if len(value) > limit:
        findings.add(
            field,
            "TOO_LONG",
            f"{field} 有 {len(value)} 个字符，最多 {limit} 个，请缩短",
            f"{field} has {len(value)} characters, at most {limit} are allowed; shorten it",
        )
    hidden = unprintable(value, allow=allow)[:5]
    if hidden:
        findings.add(
            field,
            "INVISIBLE_CHARACTERS",
            f"{field} 含有不可见或控制字符 {', '.join(hidden)}，请删除后重新输入",
            f"{field} contains invisible or control characters {', '.join(hidden)}; delete them and type it again",
        )


def check_contact(findings: Findings, phone: str, email: str) -> None:
    """A telephone number of 6 to 24 digits and separators, and an e-mail address; either may be empty."""
    findings.require(
        not phone or _PHONE.fullmatch(phone) is not None,
        "phone",
        "PHONE_NOT_UNDERSTOOD",
        "电话格式不正确，请填写手机号或带区号的座机号，如 025-83391234",
        "the telephone number is not in a known form; write a mobile number or 025-83391234",
    )
    findings.require(
        not email or (_EMAIL.fullmatch(email) is not None and not unprintable(email)),
        "email",
        "EMAIL_NOT_UNDERSTOOD",
        "邮箱格式不正确，应形如 name@example.com",
        "the e-mail address is not in the form name@example.com",
    )


def check_code(findings: Findings, field: str, value: str, known: Collection[str], noun: Text) -> None:
    """A catalogue code that must be known; the reason is UNKNOWN_<FIELD>, with near codes if there are any."""
    if value in known:
        return
    codes = tuple(known)
    near = nearest_words(value[:60], codes)
    findings.require(
        False,
        field,
        f"UNKNOWN_{field.upper()}",
        f"{noun.zh}“{value[:40]}”不在目录中，{'是否指 ' + '、'.join(near) if near else '请从目录中选择'}",
        f"the {noun.en} {value[:40]!r} is not in the catalogue; "
        + (f"did you mean {', '.join(near)}?" if near else "choose one from it"),
    )


def check_past(findings: Findings, field: str, value: date, today: date) -> None:
    """A date on which something was seen or done cannot lie ahead of `today`, nor before 1949-10-01."""
    if value > today:
        findings.add(
            field,
            "DATE_IN_FUTURE",
            f"日期 {value} 晚于今天 {today}，请更正",
            f"the date {value} is later than today ({today}); correct it",
        )
    if value < _EARLIEST:
        findings.add(
            field,
            "DATE_TOO_EARLY",
            f"日期 {value} 过早，最早为 {_EARLIEST}，请更正",
            f"the date {value} is too early, {_EARLIEST} is the first; correct it",
        )
