"""No number that a public report hides of a return follows from those it prints, nor from two reports."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from services.funding.domain import returns as funding
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.hiring import Basis, ExpectedHire, ExpectedHires
from services.matcher.domain import returns as matcher
from services.matcher.domain.item import ItemKind
from services.matcher.domain.proposal import ProposalState, Refusal
from services.talent.domain.report.publishing import AMOUNT_WAN, RULES, published
from services.talent.domain.report.returns import FEN_PER_WAN, Return, Source
from services.talent.domain.report.sheets import Key, Sheet, sheets
from tests.unit.talent.report.reported import KNOWN

Numbers = NDArray[np.float64]
DAY = date(2026, 4, 1)
WAN = FEN_PER_WAN
BASE = AMOUNT_WAN * WAN
STATES = [
    {ProposalState.PROPOSED},
    {ProposalState.VIEWED},
    {ProposalState.ACCEPTED},
    {ProposalState.CONTACTED},
    {ProposalState.DONE},
    {ProposalState.REJECTED},
    {ProposalState.WITHDRAWN},
]


def funded(seed: int, size: int) -> Return:
    """A quarter of some holdings, few of them large."""
    random = np.random.default_rng(seed)

    def closing() -> funding.Closing:
        hires = ExpectedHires(
            (ExpectedHire("l", "c", "k", int(random.integers(1, 9)) * 500),), DAY, DAY, Basis.PLAN
        )
        return funding.Closing(
            firm=f"f{random.integers(size)}",
            fen=int(random.lognormal(6, 1.5)) * WAN,
            follow_on=bool(random.random() < 0.3),
            outcomes={
                code: random.choice([Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN], p=[0.8, 0.15, 0.05])
                for code in funding.RULES.values()
                if random.random() < 0.95
            },
            industries=tuple(each for each in ("hydrogen", "quantum", "genes") if random.random() < 0.4),
            expected=hires if random.random() < 0.5 else None,
        )

    return told(
        Source.FUNDING,
        funding.figures(
            funding.Quarter(
                submitted=tuple(f"f{each}" for each in random.integers(size, size=2 * size)),
                approved=tuple(f"f{each}" for each in random.integers(size, size=size)),
                closings=tuple(closing() for _ in range(size)),
                waived=tuple(("NOT_SMALL", f"f{each}") for each in range(random.integers(5))),
                declared=tuple((f"m{each % 14}", bool(each % 5 == 0)) for each in range(random.integers(60))),
                determined=(),
            )
        ),
    )


def matched(seed: int, size: int) -> Return:
    """A quarter of some proposals."""
    random = np.random.default_rng(seed)
    kinds = {
        "person-position": (ItemKind.PERSON, ItemKind.POSITION),
        "firm-fund": (ItemKind.FIRM, ItemKind.FUND),
        "team-position": (ItemKind.TEAM, ItemKind.POSITION),
    }

    def course() -> matcher.Course:
        kind = str(random.choice(list(kinds), p=[0.7, 0.2, 0.1]))
        states = frozenset(STATES[random.integers(len(STATES))])
        refused = ProposalState.REJECTED in states and random.random() < 0.8
        return matcher.Course(
            kind,
            frozenset((sort, str(random.integers(size))) for sort in kinds[kind]),
            states,
            {str(random.choice(["text", "city", "field"])): 1.0},
            Refusal(random.choice(list(Refusal))) if refused else None,
        )

    return told(Source.MATCHER, matcher.figures(course() for _ in range(size)))


def told(source: Source, figures: dict[Key, int]) -> Return:
    found = tuple((code, of, value) for (code, of), value in figures.items() if value)
    return Return(source, "2026Q2", 1, "m", KNOWN, False, found)


def binding(sheet: Sheet) -> Numbers:
    """What an outsider knows of a sheet without any number: one equation a row."""
    place = {key: at for at, key in enumerate(sheet.cells)}
    rows = np.zeros((len(sheet.lines), len(place)))
    for row, line in zip(rows, sheet.lines, strict=True):
        row[place[line.total]] = -1
        for part in line.parts:
            row[place[part]] = 1
    return rows


def confined(sheet: Sheet, hidden: set[Key], numbers: Numbers) -> list[float]:
    """How wide a range the other numbers leave to each hidden one, none being negative."""
    rows, closed = binding(sheet), [key in hidden for key in sheet.cells]
    bounds = [(0, None) if each else (value, value) for each, value in zip(closed, numbers, strict=True)]
    firm: Any = {"A_eq": rows, "b_eq": np.zeros(len(rows))} if len(rows) else {}
    widths = []
    for at in np.flatnonzero(closed):
        unit = np.zeros(len(closed))
        unit[at] = 1.0
        low, high = (linprog(sign * unit, **firm, bounds=bounds, method="highs") for sign in (1, -1))
        assert low.status == 0
        widths.append(np.inf if high.status == 3 else -high.fun - low.fun)
    return widths


CASES = [(make, seed, size) for make in (funded, matched) for seed, size in enumerate((3, 12, 40, 150))]


@pytest.mark.parametrize(("make", "seed", "size"), CASES)
def test_what_is_hidden_does_not_follow_and_what_is_shown_has_enough_behind_it(
    make: Any, seed: int, size: int
) -> None:
    found = make(seed, size)
    printed = published(found)
    hidden = set(printed.hidden or ())
    shown = {(code, of): value for code, of, value in printed.figures}
    known = {(code, of): value for code, of, value in found.figures}
    assert shown or size < 40
    for sheet in sheets(found.source, found.figures, RULES):
        counts = np.array([each.count for each in sheet.cells.values()], float)
        amounts = np.array([each.amount for each in sheet.cells.values()], float)
        assert not (binding(sheet) @ counts).any()
        assert not (binding(sheet) @ amounts).any() or found.source is Source.MATCHER
        assert all(key in hidden for key, cell in sheet.cells.items() if cell.small)
        assert min(confined(sheet, hidden, counts), default=np.inf) >= sheet.least - 1e-6
        for line in sheet.lines:
            inside = [sheet.cells[part] for part in line.parts if part in hidden]
            amount = sum(each.amount for each in inside)
            if line.total not in hidden and amount:
                two = sorted((each for cell in inside for each in cell.largest), reverse=True)[:2]
                assert sum(two) <= RULES.top_two_share * amount
    for (code, of), value in shown.items():
        assert (code.removesuffix("_fen"), of) not in hidden
        base = BASE if code.endswith("_fen") else 5_000 if code.endswith("_milli") else 5
        assert value % base == 0
        exact = known.get((code, of))
        assert exact is None or abs(value - exact) <= base / 2
    assert not [
        code for code, _ in shown if code.endswith(("_first", "_second", "_firms", "_people", "_bodies"))
    ]


def with_one_firm_more(found: Return, seed: int) -> Return:
    """As the return would be with one holding of a further firm."""
    change = Counter({("invested", ""): 1, ("invested_fen", ""): 900 * WAN, ("invested_firms", ""): 1})
    gates = {(code, "PASS"): 1 for code in funding.RULES} | {("first_time", ""): 1}
    for (code, of), one in gates.items():
        change.update({(code, of): one, (f"{code}_fen", of): 900 * WAN, (f"{code}_firms", of): 1})
    for of in ("hydrogen", "quantum", "genes"):
        code = "industry" if of == "quantum" else "industry_other"
        change.update({(code, of): 1, (f"{code}_fen", of): 900 * WAN, (f"{code}_firms", of): 1})
    known = Counter({(code, of): value for code, of, value in found.figures})
    known.update(change)
    return told(found.source, dict(known))


@pytest.mark.parametrize("seed", range(4))
def test_a_later_report_does_not_tell_of_one_firm_by_what_differs(seed: int) -> None:
    found = funded(seed, 40)
    first = published(found)
    again = published(with_one_firm_more(found, seed), first)
    assert (again.figures, again.hidden) == (first.figures, first.hidden)


def test_once_enough_differ_it_is_printed_anew_and_what_was_hidden_stays_so() -> None:
    first = published(funded(1, 40))
    other = funded(2, 90)
    again = published(other, first)
    assert again.figures != first.figures
    assert set(first.hidden or ()) & {(code, of) for code, of, _ in other.figures} <= set(again.hidden or ())
    assert published(other, replace(first, hidden=None)) == published(other)


def test_what_an_earlier_method_did_not_count_waits_until_all_is_printed_anew() -> None:
    found = matched(3, 150)
    then = tuple(
        each for each in found.figures if not each[0].startswith(("reason_viewed", "reason_contacted"))
    )
    old = replace(found, method="matcher-return-3", figures=then)
    first = published(old)
    assert first.figures
    assert not [of for code, of in first.hidden or () if code == "reason_viewed"]
    again = published(replace(found, method="matcher-return-4"), first)
    assert again.figures == first.figures
    later = {of for code, of, _ in found.figures if code == "reason_viewed"}
    assert {of for code, of in again.hidden or () if code == "reason_viewed"} == later
    assert any(code == "reason_viewed" for code, _, _ in published(found).figures)


def test_a_return_that_does_not_say_who_is_behind_its_numbers_is_not_printed() -> None:
    old = told(Source.FUNDING, {("invested", ""): 40, ("invested_fen", ""): 40 * BASE, ("approved", ""): 50})
    assert published(old).figures == ()
    assert {("invested", ""), ("approved", "")} <= set(published(old).hidden or ())


def test_numbers_that_contradict_each_other_are_not_printed() -> None:
    found = matched(3, 150)
    wrong = replace(found, figures=(*found.figures, ("viewed", "similar-firms", 400)))
    assert published(wrong).figures == ()
