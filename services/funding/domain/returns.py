"""What the funding service reports of a quarter: how the funds invested, and the cases of governance.

Which checks say that a holding is 投早, 投小, 投长 or 投硬科技 stands in `RULES`; they are read from the newest run
that was kept on or before the day of closing, never judged anew. Beside each number stands what a public edition has to
know before it may print it: how many firms or people are behind it, and what the two largest of the firms make up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.funding.domain.dossier.cases import Case
from services.funding.domain.dossier.facts import Finding, Item, StatutoryTest
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.hiring import ExpectedHires

VERSION = "funding-return-5"
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
    """A holding that began in the quarter. `firm`: in which, and its `city`; `fen`: what was signed; `outcomes`: of
    the checks, by code; empty if no run was kept. `follow_on`: a holding in the firm began before.
    """

    firm: str
    fen: int
    follow_on: bool
    outcomes: Mapping[str, Outcome]
    industries: tuple[str, ...]
    expected: ExpectedHires | None
    city: str = ""


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """Everything of the quarter that is counted. `submitted`, `approved`: whose deals, once for each deal; `waived`:
    codes of checks, and for whose deal; `declared`: who declared, and whether an interest was named; `determined`:
    verdict and the items of the dossier. `firms`: how many on record were founded by the quarter's end, and in it, by
    city; `industries`, `cities`: of firms of each how many deals were submitted and how many approved; `year_on`: of
    holdings that began a year ago fund and firm, and whether they are still held; `cases`: of 容错, open on a day.
    """

    submitted: tuple[str, ...]
    approved: tuple[str, ...]
    closings: tuple[Closing, ...]
    waived: tuple[tuple[str, str], ...]
    declared: tuple[tuple[str, bool], ...]
    determined: tuple[tuple[str, tuple[Item, ...]], ...]
    firms: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    industries: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cities: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    year_on: tuple[tuple[str, bool], ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True)
class _Sums:
    """Numbers by code and by what they are of, with the firms behind each."""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    firms: defaultdict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, code: str, of: str, firm: str) -> None:
        """One thing of a firm."""
        self.found[code, of] += 1
        self.firms[code, of][firm] += 0

    def add(self, code: str, of: str, closing: Closing) -> None:
        """One holding with its amount."""
        self.found[code, of] += 1
        self.found[f"{code}_fen", of] += closing.fen
        self.firms[code, of][closing.firm] += closing.fen

    def hire(self, basis: str, firm: str, milli: int) -> None:
        """What one firm is expected to hire, in thousandths of a head."""
        self.found["hires_milli", basis] += milli
        self.firms["hires", basis][firm] += milli

    def whole(self) -> dict[tuple[str, str], int]:
        """All of it, with how many firms are behind a number, and the amounts of the two largest."""
        for (code, of), firms in self.firms.items():
            self.found[f"{code}_firms", of] = len(firms)
            largest = sorted(firms.values(), reverse=True)[:2]
            for place, amount in zip(("first", "second"), largest, strict=False):
                self.found[f"{code}_{place}", of] = amount
        return dict(self.found)


def figures(quarter: Quarter) -> dict[tuple[str, str], int]:
    """The figures, by code and by what they are of.

    `first_time` are the holdings that are no follow-on, `industry_other` those in firms without that industry: whoever
    knows all holdings knows them too.
    """
    sums = _Sums()
    for firm in quarter.submitted:
        sums.count("submitted", "", firm)
    for firm in quarter.approved:
        sums.count("approved", "", firm)
    industries = {industry for each in quarter.closings for industry in each.industries}
    for each in quarter.closings:
        sums.add("invested", "", each)
        sums.add("follow_on" if each.follow_on else "first_time", "", each)
        for rule, code in RULES.items():
            sums.add(rule, each.outcomes.get(code, NO_RUN), each)
        for industry in industries:
            sums.add("industry" if industry in each.industries else "industry_other", industry, each)
        if each.expected is not None:
            sums.hire(each.expected.basis.value, each.firm, sum(hire.milli for hire in each.expected.hires))
    for code, firm in quarter.waived:
        sums.count("waived", code, firm)
    return sums.whole() | _governance(quarter) | _internal(quarter)


def _internal(quarter: Quarter) -> dict[tuple[str, str], int]:
    """What an internal edition alone tells: firms, deals and holdings by city, deals by industry, what is held a year
    on, and cases of 容错.
    """
    found: Counter[tuple[str, str]] = Counter()
    for each in quarter.closings:
        found["city", each.city] += 1
        found["city_fen", each.city] += each.fen
    for city, (all_, founded) in quarter.firms.items():
        found["firms", city], found["firms_founded", city] = all_, founded
    for code, deals in (("industry", quarter.industries), ("city", quarter.cities)):
        for of, (submitted, approved) in deals.items():
            found[f"{code}_submitted", of], found[f"{code}_approved", of] = submitted, approved
    for pair, held in quarter.year_on:
        for of in ("", pair):
            found["year_due", of] += 1
            found["year_held", of] += held
    for case in quarter.cases:
        found.update(_case(case))
    return dict(found)


def _case(case: Case) -> dict[tuple[str, str], int]:
    """Of one case its days, what was determined, and of each test the items asked for, those that are met, and the
    records behind them.
    """
    found = {("case_begun_day", case.deal): case.begun.toordinal()}
    if case.ended is not None and case.verdict is not None:
        found["case_ended_day", case.deal] = case.ended.toordinal()
        found["case_verdict", f"{case.deal}/{case.verdict}"] = 1
    for test in StatutoryTest:
        asked = [each for each in case.items if each.test is test]
        of = f"{case.deal}/{test}"
        found["case_items", of] = len(asked)
        found["case_met", of] = sum(each.finding in _MET for each in asked)
        found["case_records", of] = len({record for each in asked for record in each.evidence})
    return found


def _governance(quarter: Quarter) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    people: defaultdict[str, set[str]] = defaultdict(set)
    for member, interest in quarter.declared:
        for of in ("", "INTEREST" if interest else "NONE"):
            found["declared", of] += 1
            people[of].add(member)
    found.update({("declared_people", of): len(members) for of, members in people.items()})
    for verdict, items in quarter.determined:
        found["determined", verdict] += 1
        for test in {each.test for each in items}:
            met = all(each.finding in _MET for each in items if each.test is test)
            found["tests_met" if met else "tests_open", test.value] += 1
    return dict(found)


def began_before(closed: date, id_: str, others: Iterable[tuple[date, str]]) -> bool:
    """Whether a holding in the same firm began before this one; of one day the ids decide."""
    return any((day, other) < (closed, id_) for day, other in others)
