"""Where a report has no index to draw, every form of it says why and what to do."""

import io
from dataclasses import replace

import docx
import openpyxl
import pytest

from services.kernel.text import Language
from services.paper.document import Document, Section
from services.paper.forms import Form
from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.content import Row
from services.talent.domain.report.composing import compose
from services.talent.domain.report.printed import Printed
from tests.unit.paper import reading
from tests.unit.paper.papers import file_of
from tests.unit.talent.library import AXES
from tests.unit.talent.report.reported import view

CITIES = AXES.cities[:-1]


def without_indices(
    letters: dict[str, str], edition: Edition = Edition.INTERNAL, version: str = ""
) -> Document:
    """The report of a release without any index; `letters`: of these cities, all others have z."""
    rows = tuple(
        Row(node, city, kind, letters.get(city, "z"), "")
        for node in AXES.nodes
        for city in AXES.cities
        for kind in AXES.categories
        if ALL in (node, city, kind)
    )
    of = replace(view(edition), now=Printed(rows), printed=None, revised=None)
    return compose(of, version) if version else compose(of)


def section(of: Document, key: str) -> Section:
    return next(each for each in of.sections if each.key == key)


def why(of: Document, key: str = "cities") -> str:
    return section(of, key).paragraphs[-1].en


def test_without_an_index_there_is_no_chart_but_why_and_what_to_do() -> None:
    of = without_indices({CITIES[0]: "x"})
    for key in ("cities", "industries"):
        assert section(of, key).charts == ()
    assert f"Of {len(CITIES)}: {len(CITIES) - 1} without an open position (z)" in why(of)
    assert "1 with too few positions or people on record (x)" in why(of)
    assert (
        f"{len(CITIES)} 个中 {len(CITIES) - 1} 个没有在招岗位（z）" in section(of, "cities").paragraphs[-1].zh
    )
    assert "Enter or import positions and people" in why(of)
    assert "index of each industry" in why(of, "industries")
    assert "suppressed" not in why(of)


@pytest.mark.parametrize("edition", Edition)
def test_what_is_hidden_is_waited_for_and_nothing_has_to_be_entered(edition: Edition) -> None:
    hidden = dict.fromkeys(CITIES, "c")
    of = without_indices(hidden, edition)
    assert f"All {len(CITIES)} are suppressed" in why(of)
    assert "once enough people" in why(of)
    assert "internal edition" not in why(of)
    assert "Enter or import" not in why(of)
    before = why(without_indices(hidden, edition, "report-5"))
    assert f"Of {len(CITIES)}: {len(CITIES)} suppressed" in before
    assert ("internal edition" in before) is (edition is Edition.PUBLIC)


@pytest.mark.parametrize("letter", ["z", "x"])
def test_a_public_edition_asks_nobody_to_enter_anything(letter: str) -> None:
    places = dict.fromkeys(CITIES, letter)
    public, inner = (why(without_indices(places, edition)) for edition in (Edition.PUBLIC, Edition.INTERNAL))
    assert "Enter or import" in inner
    assert "Enter or import" not in public
    assert "once more positions and people are on record" in public


def test_one_index_is_drawn() -> None:
    of = compose(view())
    assert [len(section(of, key).charts) for key in ("cities", "industries")] == [1, 1]
    assert "No chart" not in why(of)


@pytest.mark.parametrize("version", ["report-1", "report-2", "report-3"])
def test_reports_of_before_are_composed_as_they_were(version: str) -> None:
    of = without_indices({}, version=version)
    assert [len(section(of, key).charts) for key in ("cities", "industries")] == [1, 1]


@pytest.mark.parametrize(("language", "said"), [("zh", "没有在招岗位"), ("en", "without an open position")])
def test_every_form_says_it(language: Language, said: str) -> None:
    of = without_indices({})
    page = file_of(Form.HTML, language, of)
    assert said in page.decode()
    assert "svg" not in reading.html(page).elements
    assert "".join(said.split()) in reading.pdf_text(file_of(Form.PDF, language, of))
    paragraphs = docx.Document(io.BytesIO(file_of(Form.DOCX, language, of))).paragraphs
    assert any(said in each.text for each in paragraphs)
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, language, of))).worksheets[0]
    assert any(said in str(cell.value) for row in sheet.iter_rows() for cell in row)
