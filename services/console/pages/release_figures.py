"""What somebody who checks or signs a release puts their name to: its key figures, how they moved since the release
before, and what is to be looked at first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bole.talent.v1 import shortage_pb2, shortage_release_service_pb2_grpc
from bole.talent.v1 import shortage_release_service_pb2 as service
from bole.talent.v1.shortage_release_pb2 import ReleasedCell, ShortageRelease
from services.catalogue import Catalogue
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside, together
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.text import Text, counted

_ALL = 3000
_STARS_SHOWN = 12
_HIDDEN_SHARE = 1 / 3
"""Above which so much is hidden that the release says little."""
_MOVED_SHARE = 0.2
"""By which a count of the province may move before somebody asks whether a list was missed or read twice."""
Place = tuple[str, str]
Grid = Mapping[Place, ReleasedCell]


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of industries by cities as it is released, and as it was in the release before."""

    name: str
    cell: ReleasedCell
    before: ReleasedCell | None

    @property
    def moved(self) -> float | None:
        """By how many points the index moved; None where there is none in one of them."""
        known = self.before is not None and self.before.HasField("index") and self.cell.HasField("index")
        return self.cell.index - self.before.index if known and self.before is not None else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The province, its industries, cells whose star changed (the largest moves first, `starred` in all), and what to
    look at. `compared`: whether the release before could be read.
    """

    province: Figure | None
    industries: Sequence[Figure]
    stars: Sequence[Figure]
    starred: int
    compared: bool
    warnings: Sequence[Text]


def figures(visit: Visit, release: ShortageRelease) -> Figures:
    """What a release says in short. Raises grpc.RpcError as the service decides."""
    now, (old, before) = together(partial(_grid, visit, release.name), partial(_before, visit, release))
    words = Words(visit.catalogue, visit.language)
    all_ = [_figure(visit, words, at, cell, before) for at, cell in now.items()]
    changed = [
        each
        for each in all_
        if each.before is not None and each.before.stars != each.cell.stars and _inner(each)
    ]
    changed.sort(key=lambda each: (-abs(each.cell.stars - _stars(each.before)), -abs(each.moved or 0)))
    industries = [each for each in all_ if each.cell.scope.industry_code and not each.cell.scope.city_code]
    province = next((each for each in all_ if _whole(each.cell)), None)
    return Figures(
        province,
        industries,
        changed[:_STARS_SHOWN],
        len(changed),
        bool(before),
        [*_of_the_release(release, old), *_of_the_cells(visit.catalogue, all_), *_of_the_counts(province)],
    )


def _grid(visit: Visit, name: str) -> Grid:
    request = service.ListReleasedCellsRequest(
        name=name,
        rows=shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY,
        columns=shortage_pb2.SHORTAGE_DIMENSION_CITY,
        page_size=_ALL,
    )
    cells = _stub(visit).ListReleasedCells(request, timeout=SECONDS).cells
    return {(each.scope.industry_code, each.scope.city_code): each for each in cells}


def _before(visit: Visit, release: ShortageRelease) -> tuple[ShortageRelease | None, Grid]:
    """The release before and its grid; none where there is none, or not for this reader."""
    name = release.previous_release
    if not name:
        return None, {}
    asked = service.GetShortageReleaseRequest(name=name)
    known = beside(lambda: _stub(visit).GetShortageRelease(asked, timeout=SECONDS))
    grid = beside(lambda: _grid(visit, name))
    return known.answer, grid.answer or {}


def _stub(visit: Visit) -> shortage_release_service_pb2_grpc.ShortageReleaseServiceStub:
    return visit.stub(shortage_release_service_pb2_grpc.ShortageReleaseServiceStub)


def _figure(visit: Visit, words: Words, at: Place, cell: ReleasedCell, before: Grid) -> Figure:
    industry, city = at
    named = [words.industry(industry) if industry else "", words.city(city) if city else ""]
    name = " · ".join(each for each in named if each) or visit.say("全省", "the province")
    return Figure(name, cell, before.get(at))


def _whole(cell: ReleasedCell) -> bool:
    return not cell.scope.industry_code and not cell.scope.city_code


def _inner(figure: Figure) -> bool:
    return bool(figure.cell.scope.industry_code and figure.cell.scope.city_code)


def _stars(cell: ReleasedCell | None) -> int:
    return cell.stars if cell is not None else 0


def _of_the_release(release: ShortageRelease, before: ShortageRelease | None) -> Iterator[Text]:
    if origins.is_sample(release):
        yield Text("含演示数据，不得对外发布", "sample data is in it: not to be published")
    share = release.hidden_count / release.cell_count if release.cell_count else 0.0
    if share > _HIDDEN_SHARE:
        yield Text(
            f"{share:.0%}的单元格不显示，可读的内容不多",
            f"{share:.0%} of the cells are suppressed: little of it can be read",
        )
    if before is None:
        return
    for name, mine, theirs in (
        (Text("指数方法", "the method of the index"), release.method_version, before.method_version),
        (Text("披露规则", "the rules of hiding"), release.disclosure_version, before.disclosure_version),
        (Text("产业目录", "the catalogue"), release.catalogue_version, before.catalogue_version),
    ):
        if mine != theirs:
            yield Text(
                f"{name.zh}与上一次发布不同（{theirs} → {mine}），升降不可直接相比",
                f"{name.en} is not that of the release before ({theirs} → {mine}): moves do not compare",
            )


def _of_the_cells(catalogue: Catalogue, all_: Sequence[Figure]) -> Iterator[Text]:
    inner = [each.cell for each in all_ if _inner(each)]
    known = [each for each in inner if each.HasField("index")]
    weak = sum(each.grade == shortage_pb2.ShortageCell.GRADE_D for each in known)
    doubted = sum(each.watch for each in inner)
    without = [
        each.cell.scope.industry_code
        for each in all_
        if each.cell.scope.industry_code and not each.cell.scope.city_code and not each.cell.HasField("index")
    ]
    if without:
        named = [catalogue.industry(each) for each in without]
        yield Text(
            f"{len(without)}个产业没有指数：{'、'.join(each.name.zh for each in named)}",
            f"{counted(len(without), 'industry has', 'industries have')} no index: "
            + ", ".join(each.name_en for each in named),
        )
    if weak:
        yield Text(
            f"产业×城市有指数的{len(known)}格中，{weak}格证据为D级（最弱），不参加排名",
            f"of {counted(len(known), 'cell')} of industry by city with an index, {weak} of grade D (the weakest): not "
            "ranked",
        )
    if doubted:
        yield Text(
            f"{doubted}格的星级存疑（观察）", f"the star of {counted(doubted, 'cell')} is in doubt (watch)"
        )


def _of_the_counts(province: Figure | None) -> Iterator[Text]:
    if province is None or province.before is None:
        return
    now, before = province.cell, province.before
    for name, mine, theirs in (
        (Text("在招", "open headcount"), now.open_headcount, before.open_headcount),
        (Text("人数", "people"), now.person_count, before.person_count),
    ):
        if theirs and abs(mine - theirs) / theirs > _MOVED_SHARE:
            move = f"{(mine - theirs) / theirs:+.0%}"
            yield Text(
                f"全省{name.zh}较上一次{move}（{theirs:,} → {mine:,}），请核对是否漏收或重收了名单",
                f"{name.en} of the province {move} since the release before ({theirs:,} → {mine:,}): was a list "
                "missed, or taken twice?",
            )
