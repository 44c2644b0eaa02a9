"""Outcomes of rules in three-valued logic: what is not known neither passes nor fails."""

from collections.abc import Iterable
from enum import StrEnum

from services.kernel.text import Text


class Outcome(StrEnum):
    """How a rule came out."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    WAIVED = "WAIVED"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    Outcome.PASS: Text("符合", "pass"),
    Outcome.FAIL: Text("不符合", "fail"),
    Outcome.UNKNOWN: Text("无法判断", "unknown"),
    Outcome.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Outcome.WAIVED: Text("已豁免", "waived"),
}


def outcome_of(holds: bool | None) -> Outcome:
    """PASS, FAIL, or UNKNOWN for None."""
    if holds is None:
        return Outcome.UNKNOWN
    return Outcome.PASS if holds else Outcome.FAIL


def at_least(needed: int, outcomes: Iterable[Outcome]) -> Outcome:
    """PASS when `needed` pass; FAIL when even all the unknown ones would not be enough."""
    listed = list(outcomes)
    passed = listed.count(Outcome.PASS)
    if passed >= needed:
        return Outcome.PASS
    return Outcome.UNKNOWN if passed + listed.count(Outcome.UNKNOWN) >= needed else Outcome.FAIL


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """FAIL when one fails, else UNKNOWN when one is unknown, else PASS."""
    listed = list(outcomes)
    return at_least(len(listed), listed)


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """PASS when one passes, else UNKNOWN when one is unknown, else FAIL."""
    return at_least(1, outcomes)
