"""Cases of 容错 as the funding service reported them, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.talent.domain.report.returns import Reported, Return


class Condition(NamedTuple):
    """One of the statutory tests: how many items it asks for, how many are met, and the records behind them."""

    items: int
    met: int
    records: int


@dataclass(frozen=True, slots=True)
class Exemption:
    """The case of one deal, as it stood at the end of the newest quarter that has it. `ended`: None of an open one;
    `tests`: by the code of the test.
    """

    deal: str
    begun: date
    ended: date | None
    verdict: str
    tests: Mapping[str, Condition]

    def days(self, last: date) -> int:
        """How long it took, or has taken by `last`."""
        return ((self.ended or last) - self.begun).days


def exemptions(said: Reported) -> list[Exemption]:
    """Those of all quarters, the longest standing first."""
    found: dict[str, Exemption] = {}
    for told in said.told:
        found |= {each.deal: each for each in _of(told)}
    return sorted(found.values(), key=lambda each: (each.begun, each.deal))


def _of(told: Return) -> list[Exemption]:
    known = {(code, of): value for code, of, value in told.figures}
    verdicts = dict(of.split("/") for code, of in known if code == "case_verdict")
    tests = {of for code, of in known if code == "case_items"}
    return [
        Exemption(
            deal,
            date.fromordinal(value),
            date.fromordinal(known["case_ended_day", deal]) if ("case_ended_day", deal) in known else None,
            verdicts.get(deal, ""),
            {
                of.partition("/")[2]: Condition(
                    *(known.get((code, of), 0) for code in ("case_items", "case_met", "case_records"))
                )
                for of in tests
                if of.startswith(f"{deal}/")
            },
        )
        for (code, deal), value in known.items()
        if code == "case_begun_day"
    ]
