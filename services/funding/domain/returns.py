"""What the funding service reports of a quarter: how the funds invested, and the cases of governance.

Which checks say that a holding is 投早, 投小, 投长 or 投硬科技 stands in `RULES`; they are read from the newest run
that was kept on or before the day of closing, never judged anew.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.funding.domain.dossier.facts import Finding, Item
from services.funding.domain.hiring import ExpectedHires
from services.funding.domain.outcomes import Outcome

VERSION = "funding-return-1"
RULES: Mapping[str, str] = {
    "early": "NOT_EARLY",
    "small": "NOT_SMALL",
    "long": "REDEMPTION_TOO_EARLY",
    "hard": "NOT_HARD_TECH",
}
NO_RUN = "NO_RUN"
"""Instead of an outcome: no run of the checks was kept."""
_MET = (Finding.SATISFIED, Finding.NOT_APPLICABLE)


@dataclass(frozen=True, kw_only=True)
class Closing:
    """A holding that began in the quarter. `fen`: what was signed; `outcomes`: of the checks, by code; empty if no run
    was kept. `follow_on`: a holding in the firm began before.
    """

    fen: int
    follow_on: bool
    outcomes: Mapping[str, Outcome]
    industries: tuple[str, ...]
    expected: ExpectedHires | None


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """Everything of the quarter that is counted. `determined`: verdict and the items of the dossier; `waived`: codes
    of checks; `declared`: whether each declaration named an interest.
    """

    submitted: int
    approved: int
    closings: tuple[Closing, ...]
    waived: tuple[str, ...]
    declared: tuple[bool, ...]
    determined: tuple[tuple[str, tuple[Item, ...]], ...]


def figures(quarter: Quarter) -> dict[tuple[str, str], int]:
    """The figures, by code and by what they are of."""
    found: Counter[tuple[str, str]] = Counter()
    found["submitted", ""] = quarter.submitted
    found["approved", ""] = quarter.approved
    for each in quarter.closings:
        _add(found, "invested", "", each.fen)
        if each.follow_on:
            _add(found, "follow_on", "", each.fen)
        for rule, code in RULES.items():
            _add(found, rule, each.outcomes.get(code, NO_RUN), each.fen)
        for industry in each.industries:
            _add(found, "industry", industry, each.fen)
        if each.expected is not None:
            found["hires_milli", each.expected.basis.value] += sum(hire.milli for hire in each.expected.hires)
    _governance(found, quarter)
    return dict(found)


def _governance(found: Counter[tuple[str, str]], quarter: Quarter) -> None:
    found.update(("waived", code) for code in quarter.waived)
    found["declared", ""] = len(quarter.declared)
    found["declared", "INTEREST"] = sum(quarter.declared)
    for verdict, items in quarter.determined:
        found["determined", verdict] += 1
        for test in {each.test for each in items}:
            met = all(each.finding in _MET for each in items if each.test is test)
            found["tests_met" if met else "tests_open", test.value] += 1


def _add(found: Counter[tuple[str, str]], code: str, of: str, fen: int) -> None:
    found[code, of] += 1
    found[f"{code}_fen", of] += fen


def began_before(closed: date, id_: str, others: Iterable[tuple[date, str]]) -> bool:
    """Whether a holding in the same firm began before this one; of one day the ids decide."""
    return any((day, other) < (closed, id_) for day, other in others)
