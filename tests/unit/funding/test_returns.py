"""What the funding service reports of a quarter."""

from dataclasses import replace
from datetime import date

from services.funding.domain.dossier.cases import Case
from services.funding.domain.dossier.facts import Finding, Item, StatutoryTest, Verdict
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.hiring import Basis, ExpectedHire, ExpectedHires
from services.funding.domain.returns import Closing, Quarter, began_before, figures
from services.kernel.text import Text

DAY = date(2026, 4, 1)


def item(test: StatutoryTest, finding: Finding) -> Item:
    return Item(test=test, code="c", title=Text("", ""), finding=finding, text=Text("", ""))


def test_holdings_count_under_each_rule_once_and_without_a_run_apart() -> None:
    hires = ExpectedHires((ExpectedHire("l", "c", "k", 1500),), DAY, DAY, Basis.PLAN)
    first = Closing(
        firm="a",
        fen=300,
        follow_on=False,
        outcomes={"NOT_EARLY": Outcome.PASS, "NOT_SMALL": Outcome.WAIVED},
        industries=("hydrogen", "quantum"),
        expected=hires,
    )
    second = Closing(firm="b", fen=200, follow_on=True, outcomes={}, industries=(), expected=None)
    met, gap = (
        item(StatutoryTest.PROCEDURE, Finding.SATISFIED),
        item(StatutoryTest.DUE_DILIGENCE, Finding.LATE),
    )
    found = figures(
        Quarter(
            submitted=("a", "a", "b"),
            approved=("a",),
            closings=(first, second),
            waived=(("NOT_SMALL", "a"),),
            declared=(("ann", True), ("ann", False)),
            determined=(("EXEMPT", (met, met, gap)),),
        )
    )
    assert (found["invested", ""], found["invested_fen", ""]) == (2, 500)
    assert (found["follow_on", ""], found["follow_on_fen", ""]) == (1, 200)
    assert (found["early", "PASS"], found["early_fen", "PASS"], found["early", "NO_RUN"]) == (1, 300, 1)
    assert (found["small", "WAIVED"], found["hard", "NO_RUN"], found["industry_fen", "quantum"]) == (
        1,
        2,
        300,
    )
    assert (found["hires_milli", "PLAN"], found["hires_firms", "PLAN"], found["hires_first", "PLAN"]) == (
        1500,
        1,
        1500,
    )
    assert (found["submitted", ""], found["submitted_firms", ""], found["approved", ""]) == (3, 2, 1)
    assert [found[f"invested_{name}", ""] for name in ("firms", "first", "second")] == [2, 300, 200]
    assert (found["first_time_fen", ""], found["industry_other_fen", "quantum"]) == (300, 200)
    assert (found["declared_people", ""], found["declared_people", "NONE"]) == (1, 1)
    assert (found["tests_met", "PROCEDURE"], found["tests_open", "DUE_DILIGENCE"]) == (1, 1)
    assert (found["declared", ""], found["declared", "INTEREST"], found["waived", "NOT_SMALL"]) == (2, 1, 1)


def test_of_holdings_of_one_day_one_is_the_first() -> None:
    others = [(DAY, "a"), (DAY, "b")]
    assert not began_before(DAY, "a", others)
    assert began_before(DAY, "b", others)


def test_cities_and_what_is_held_a_year_on_are_told_beside_the_rest() -> None:
    one = Closing(
        firm="a", fen=300, follow_on=False, outcomes={}, industries=(), expected=None, city="nantong"
    )
    found = figures(
        Quarter(
            submitted=(),
            approved=(),
            closings=(one, one),
            waived=(),
            declared=(),
            determined=(),
            firms={"nantong": (41, 3)},
            industries={"hydrogen": (5, 2)},
            cities={"nantong": (4, 1)},
            year_on=(("f/a", True), ("f/a", True), ("f/b", False)),
        )
    )
    assert (found["city", "nantong"], found["city_fen", "nantong"]) == (2, 600)
    assert (found["firms", "nantong"], found["firms_founded", "nantong"]) == (41, 3)
    assert (found["industry_submitted", "hydrogen"], found["industry_approved", "hydrogen"]) == (5, 2)
    assert (found["city_submitted", "nantong"], found["city_approved", "nantong"]) == (4, 1)
    assert (found["year_due", ""], found["year_held", ""]) == (3, 2)
    assert (found["year_due", "f/a"], found["year_held", "f/a"], found["year_due", "f/b"]) == (2, 2, 1)


def test_a_case_of_exemption_is_told_with_its_days_its_verdict_and_its_tests() -> None:
    met = replace(item(StatutoryTest.PROCEDURE, Finding.SATISFIED), evidence=("a", "b"))
    late = replace(item(StatutoryTest.PROCEDURE, Finding.LATE), evidence=("b",))
    running = Case(deal="d1", begun=DAY, ended=None, verdict=None, items=(met, late))
    closed = Case(deal="d2", begun=DAY, ended=date(2026, 5, 1), verdict=Verdict.EXEMPT)
    nothing = Quarter(submitted=(), approved=(), closings=(), waived=(), declared=(), determined=())
    found = figures(replace(nothing, cases=(running, closed)))
    assert [found[f"case_{name}", "d1/PROCEDURE"] for name in ("items", "met", "records")] == [2, 1, 2]
    assert found["case_begun_day", "d1"] == DAY.toordinal()
    assert ("case_ended_day", "d1") not in found
    assert found["case_ended_day", "d2"] == date(2026, 5, 1).toordinal()
    assert found["case_verdict", "d2/EXEMPT"] == 1
