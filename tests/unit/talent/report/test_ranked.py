"""The sentences that name what is tightest: of what can be ranked, where not all that has an index can."""

from dataclasses import replace

import pytest

from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.content import Row
from services.talent.domain.report.composing import compose
from services.talent.domain.report.printed import Printed
from services.talent.domain.report.view import View
from tests.unit.talent.library import AXES
from tests.unit.talent.report.reported import view
from tests.unit.talent.report.saying import said, table

FIRST, SECOND = AXES.industries[:2]


def graded(first: str, second: str, edition: Edition = Edition.PUBLIC) -> View:
    """A release in which the first industry stands at 49 and the second at 51, with these grades."""

    def row(node: str, index: float, grade: str, city: str = ALL) -> Row:
        return Row(node, city, ALL, "", "", 9, 4.0, 20, index, index - 9, index + 9, 0.0, 0.5, 4, grade=grade)

    rows = row(FIRST, 49.0, first), row(SECOND, 51.0, second), row(AXES.leaves[0], 70.0, "B", AXES.cities[0])
    return replace(view(edition), now=Printed(rows), printed=None, revised=None)


def test_the_tightest_industry_is_said_to_be_so_of_those_that_can_be_ranked() -> None:
    told = said(compose(graded("C", "D")), "summary")
    assert "Of 2 industries with an index 1 has the evidence to be ranked; the tightest of these is" in told
    assert "with 49" in told
    assert (
        "2 个有指数的产业中 1 个的证据足以排名，其中最紧的是"
        in compose(graded("C", "D")).sections[0].paragraphs[3].zh
    )
    assert "The tightest industry is" in said(compose(graded("C", "D"), "report-5"), "summary")


def test_where_all_can_be_ranked_nothing_more_is_said() -> None:
    told = said(compose(graded("C", "C")), "summary")
    assert "The tightest industry is" in told
    assert "with 51" in told
    assert "No industry has an index that can be ranked" in said(compose(graded("D", "D")), "summary")


@pytest.mark.parametrize("edition", Edition)
def test_the_tightest_cell_is_that_of_those_that_can_be_ranked(edition: Edition) -> None:
    assert "the tightest of those that can be ranked is" in said(
        compose(graded("C", "C", edition)), "summary"
    )
    assert "or more (no earlier release to compare with); the tightest is" in said(
        compose(graded("C", "C", edition), "report-5"), "summary"
    )


def test_without_a_cell_to_rank_no_cause_was_looked_for() -> None:
    nothing = replace(view(), now=Printed(()), printed=None, revised=None)
    told, before = (table(compose(nothing, each), "causes-list") for each in ("report-6", "report-5"))
    assert (told.note, told.empty.en) == (None, "No cell can be ranked, and so no cause was looked for.")
    assert before.note is not None
    assert "the 0 tightest cells" in before.note.en
