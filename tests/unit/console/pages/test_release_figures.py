"""Who checks a release sees what they sign: its figures, what moved since the one before, and what to look at."""

from dataclasses import replace
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import shortage_pb2, shortage_release_service_pb2
from bole.talent.v1.shortage_release_pb2 import ReleasedCell, ShortageRelease
from services.console.pages.release_figures import figures
from services.console.pages.releases import show_one
from services.console.web.visits import Visit
from tests.unit.console.pages.visiting import Nobody, visit

NEW, OLD = "shortageReleases/new", "shortageReleases/old"


def cell(industry: str = "", city: str = "", index: float | None = None, **said: Any) -> ReleasedCell:
    scope = shortage_pb2.ShortageScope(industry_code=industry, city_code=city)
    known: dict[str, Any] = {} if index is None else {"index": index, "low": index - 5, "high": index + 5}
    return ReleasedCell(scope=scope, **known, **said)


class Releases(Nobody):
    """Two quarters: hydrogen in Suzhou lost two stars, and the province half of its open headcount."""

    def __init__(self, *, first: bool = False) -> None:
        self.release = ShortageRelease(
            name=NEW,
            quarter="2026Q3",
            edition="STATISTICS_EDITION_INTERNAL",
            revision=1,
            state="STATE_DRAFT",
            previous_release="" if first else OLD,
            method_version="shortage-3",
            cell_count=10,
            hidden_count=4,
            origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
        )

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def GetShortageRelease(self, asked: Any, **__: Any) -> Any:
        """Either of them."""
        edition = self.release.edition
        old = ShortageRelease(name=OLD, quarter="2026Q2", edition=edition, method_version="shortage-2")
        return old if asked.name == OLD else self.release

    def ListReleasedCells(self, asked: Any, **__: Any) -> Any:
        """Industries by cities."""
        old = asked.name == OLD
        cells = [
            cell("hydrogen", "suzhou", 70 if old else 50, stars=4 if old else 2, grade="GRADE_D", watch=True),
            cell("hydrogen", "wuxi", 55, stars=2, grade="GRADE_B"),
            cell("hydrogen", "", 60 if old else 52, stars=3, grade="GRADE_A"),
            cell("quantum", "", symbol=ReleasedCell.SYMBOL_SUPPRESSED),
            cell("", "", 58, stars=2, open_headcount=800 if old else 400, supply=99.5, person_count=300),
        ]
        return shortage_release_service_pb2.ListReleasedCellsResponse(cells=cells, total_size=len(cells))


def asked(behind: Releases) -> Visit:
    found = replace(visit(), backend=behind)
    found.request.scope["path_params"] = {"id": "new"}
    return found


def test_what_changed_most_since_the_release_before_comes_first() -> None:
    behind = Releases()
    found = figures(asked(behind), behind.release)
    assert found.province is not None
    assert (found.province.cell.open_headcount, found.province.moved) == (400, 0)
    assert [(each.name, each.moved) for each in found.industries] == [("氢能", -8), ("量子科技", None)]
    assert [(each.name, each.moved) for each in found.stars] == [("氢能 · 苏州", -20)]


def test_what_is_to_be_looked_at_is_said_in_both_languages() -> None:
    behind = Releases()
    found = [(each.zh, each.en) for each in figures(asked(behind), behind.release).warnings]
    for zh, en in (
        ("演示数据", "sample data"),
        ("40%的单元格不显示", "40% of the cells are suppressed"),
        ("shortage-2 → shortage-3", "shortage-2 → shortage-3"),
        ("1个产业没有指数：量子科技", "1 industry has no index"),
        ("2格中，1格证据为D级", "of 2 cells"),
        ("1格的星级存疑", "the star of 1 cell is in doubt"),
        ("-50%（800 → 400）", "-50% since the release before (800 → 400)"),
    ):
        assert any(zh in one and en in two for one, two in found), (zh, found)


def test_the_page_shows_what_is_signed_and_says_when_there_is_nothing_to_compare_with() -> None:
    page = bytes(show_one(asked(Releases())).body).decode()
    for said in ("请先看", "主要数字", "氢能 · 苏州", "[47–57]", "99.5", "-20"):
        assert said in page, said
    assert "没有上一次可比" in bytes(show_one(asked(Releases(first=True))).body).decode()
