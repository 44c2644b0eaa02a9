"""Releases of the shortage map (图谱发布): the list, and one with its figures and steps, what was revised, a file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.talent.v1 import shortage_pb2, shortage_release_pb2, shortage_release_service_pb2_grpc
from bole.talent.v1 import shortage_release_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import Beside, beside
from services.console.pages.called import called
from services.console.pages.release_figures import figures
from services.console.web.answering import Desk
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.tables import csv_file, xlsx_file
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.errors import InvalidArgument
from services.kernel.periods import period_code
from services.kernel.text import Text
from services.wording.reports import ACTIONS, CHANGES, EDITION_NAMES, STATES

_COMPUTING_SECONDS = 300.0
_CHANGES_SHOWN = 25
_PAGE = 1000
_STEPS: Mapping[str, tuple[Any, str]] = {
    "CHECK": (service.CheckShortageReleaseRequest, "remark"),
    "SIGN": (service.SignShortageReleaseRequest, "remark"),
    "REJECT": (service.RejectShortageReleaseRequest, "reason"),
}
_SYMBOLS = {
    shortage_release_pb2.ReleasedCell.SYMBOL_NOT_APPLICABLE: "z",
    shortage_release_pb2.ReleasedCell.SYMBOL_UNAVAILABLE: "x",
    shortage_release_pb2.ReleasedCell.SYMBOL_SUPPRESSED: "c",
}
_HEADERS = (
    Text("产业", "industry"),
    Text("方向", "direction"),
    Text("设区市", "city"),
    Text("人才类别", "category"),
    Text("符号", "symbol"),
    Text("指数", "index"),
    Text("90%区间下限", "90 % low"),
    Text("90%区间上限", "90 % high"),
    Text("星级", "stars"),
    Text("证据", "grade"),
    Text("在招", "open"),
    Text("可得", "available"),
    Text("人数", "people"),
)


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/releases", desk.endpoint(show), methods=["GET"]),
        Route("/releases", desk.endpoint(create), methods=["POST"]),
        Route("/releases/{id}", desk.endpoint(show_one)),
        Route("/releases/{id}/cells.{form}", desk.endpoint(take)),
        Route("/releases/{id}/{step}", desk.endpoint(step), methods=["POST"]),
    ]


def show(visit: Visit) -> Response:
    """Releases, the newest quarter first."""
    return _list(visit)


def _list(visit: Visit, problem: Failure | None = None) -> Response:
    fields = {
        "edition": lists.one_of(visit, "edition", EDITION_NAMES),
        "state": lists.one_of(visit, "state", STATES),
        "quarter": period_code(visit.get("quarter"), "quarter"),
    }
    request = service.ListShortageReleasesRequest(
        page_size=lists.ROWS, page_token=lists.page_token(visit), filter=lists.condition(fields)
    )
    found = _stub(visit).ListShortageReleases(request, timeout=SECONDS)
    return render(
        visit,
        "releases/list.html",
        status_of(problem),
        problem=problem,
        active="map",
        tab="releases",
        synthetic=origins.among(visit, found.releases),
        found=found,
        editions=EDITION_NAMES,
        states=STATES,
        edition_of=_edition,
        state_of=_state,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def show_one(visit: Visit) -> Response:
    """One release: its numbers, who did what, what was revised, and what comes next. `verify`: computed again."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    release = _get(visit)
    verified = visit.get("verify") and visit.may("verify release")
    return render(
        visit,
        "releases/one.html",
        status_of(problem),
        problem=problem,
        active="map",
        tab="releases",
        synthetic=origins.is_sample(release),
        release=release,
        names=called(visit, [release.previous_release] if release.previous_release else []),
        id=visit.part("id"),
        edition=EDITION_NAMES[_edition(release)],
        edition_code=_edition(release),
        state=_state(release),
        states=STATES,
        actions=ACTIONS,
        step_of=_action,
        options={_action(each): each for each in release.options},
        revised=_revised(visit, release) if release.revision > 1 else None,
        changes=CHANGES,
        shown=beside(lambda: figures(visit, release)),
        brief=_brief,
        grade=_grade,
        place=lambda change: _place(visit, change),
        verified=beside(lambda: _verify(visit)) if verified else None,
    )


def create(visit: Visit) -> Response:
    """Draft a release, or say on its form why it cannot be."""

    def send() -> Response:
        request = service.CreateShortageReleaseRequest(
            quarter=period_code(visit.form.get("quarter", ""), "quarter"),
            edition=f"STATISTICS_EDITION_{_one(visit.form.get('edition', ''), EDITION_NAMES)}",
            request_id=str(uuid4()),
        )
        made = _stub(visit).CreateShortageRelease(request, timeout=_COMPUTING_SECONDS)
        return RedirectResponse(f"/releases/{made.name.partition('/')[2]}", 303)

    return answered(send, lambda failure: _list(visit, failure))


def step(visit: Visit) -> Response:
    """Check, sign or turn down, or say on the page why not; the service asks for another person each time."""
    code = _one(visit.part("step").upper(), _STEPS)
    kind, said = _STEPS[code]

    def send() -> Response:
        request = kind(
            name=_name(visit),
            etag=visit.form.get("etag", ""),
            request_id=str(uuid4()),
            **{said: visit.form.get("remark", "")},
        )
        getattr(_stub(visit), f"{code.capitalize()}ShortageRelease")(request, timeout=SECONDS)
        return RedirectResponse(f"/releases/{visit.part('id')}", 303)

    return answered(send, lambda failure: _page(visit, failure))


def take(visit: Visit) -> Response:
    """The cells as they were printed. Raises InvalidArgument for another form than CSV and XLSX."""
    form = _one(visit.part("form"), ("csv", "xlsx"))
    release = _get(visit)
    name = f"release-{release.quarter}-{_edition(release).lower()}-{release.revision}.{form}"
    rows = [[each.to(visit.language) for each in _HEADERS], *_cells(visit)]
    if form == "csv":
        return csv_file(rows, name)
    return xlsx_file(rows, visit.say("图谱发布", "release"), name, fixed_columns=4)


def _revised(
    visit: Visit, release: shortage_release_pb2.ShortageRelease
) -> Beside[tuple[shortage_release_pb2.ShortageRelease, service.CompareShortageReleasesResponse]]:
    """The revision before of the same quarter and edition, and how the cells differ from it."""
    stub = _stub(visit)
    wanted = lists.condition({"quarter": release.quarter, "edition": _edition(release)})

    def ask() -> Any:
        listed = stub.ListShortageReleases(
            service.ListShortageReleasesRequest(filter=wanted, page_size=_PAGE // 2), timeout=SECONDS
        ).releases
        before = next((each for each in listed if each.revision == release.revision - 1), None)
        if before is None:
            return None
        request = service.CompareShortageReleasesRequest(
            name=before.name, other=release.name, page_size=_CHANGES_SHOWN
        )
        return before, stub.CompareShortageReleases(request, timeout=_COMPUTING_SECONDS)

    return beside(ask)


def _verify(visit: Visit) -> service.VerifyShortageReleaseResponse:
    request = service.VerifyShortageReleaseRequest(name=_name(visit))
    return _stub(visit).VerifyShortageRelease(request, timeout=_COMPUTING_SECONDS)


def _cells(visit: Visit) -> Iterator[Sequence[Any]]:
    token, stub = "", _stub(visit)
    while True:
        request = service.ListReleasedCellsRequest(name=_name(visit), page_size=_PAGE, page_token=token)
        found = stub.ListReleasedCells(request, timeout=SECONDS)
        yield from (_row(visit, each) for each in found.cells)
        token = found.next_page_token
        if not token:
            return


def _row(visit: Visit, cell: shortage_release_pb2.ReleasedCell) -> Sequence[Any]:
    words, scope = Words(visit.catalogue, visit.language), cell.scope
    industries = {leaf.code: leaf.industry for leaf in visit.catalogue.leaves}
    scope.industry_code = industries.get(scope.direction_code, scope.industry_code)
    named = ("industry", "direction", "city", "category")
    known = ("index", "low", "high")
    counts = ("open_headcount", "supply", "person_count")
    return (
        *(_named(words, each, getattr(scope, f"{each}_code")) for each in named),
        _SYMBOLS.get(cell.symbol, ""),
        *(getattr(cell, each) if cell.HasField(each) else None for each in known),
        cell.stars,
        _grade(cell),
        *(getattr(cell, each) if cell.HasField(each) else None for each in counts),
    )


def _place(visit: Visit, change: shortage_release_pb2.ReleasedCellChange) -> str:
    """A cell in words."""
    scope = change.after.scope if change.HasField("after") else change.before.scope
    words = Words(visit.catalogue, visit.language)
    named = ("industry", "direction", "city", "category")
    parts = [_named(words, each, getattr(scope, f"{each}_code")) for each in named]
    return " · ".join(each for each in parts if each) or visit.say("全省", "province")


def _named(words: Words, dimension: str, code: str) -> str:
    return getattr(words, dimension)(code) if code else ""


def _brief(cell: shortage_release_pb2.ReleasedCell) -> str:
    """An index with its interval, or the letter that stands for it."""
    if not cell.HasField("index"):
        return _SYMBOLS.get(cell.symbol, "")
    return f"{cell.index:g} [{cell.low:g}–{cell.high:g}] {'★' * cell.stars}"


def _grade(cell: shortage_release_pb2.ReleasedCell) -> str:
    """How well its index is known, by its letter; empty where there is no index."""
    name = shortage_pb2.ShortageCell.Grade.Name(cell.grade).removeprefix("GRADE_")
    return "" if name == "UNSPECIFIED" else name


def _one(given: str, known: Collection[str]) -> str:
    if given not in known:
        words = ", ".join(known)
        raise InvalidArgument.field("form", "UNKNOWN_CODE", f"应为 {words} 之一", f"must be one of {words}")
    return given


def _edition(release: shortage_release_pb2.ShortageRelease) -> str:
    return shortage_release_pb2.StatisticsEdition.Name(release.edition).rpartition("_")[2]


def _state(release: shortage_release_pb2.ShortageRelease) -> str:
    return shortage_release_pb2.ShortageRelease.State.Name(release.state).removeprefix("STATE_")


def _action(
    of: shortage_release_pb2.ShortageReleaseStep | shortage_release_pb2.ShortageReleaseOption,
) -> str:
    return shortage_release_pb2.ShortageReleaseStep.Action.Name(of.action).removeprefix("ACTION_")


def _get(visit: Visit) -> shortage_release_pb2.ShortageRelease:
    request = service.GetShortageReleaseRequest(name=_name(visit))
    return _stub(visit).GetShortageRelease(request, timeout=SECONDS)


def _name(visit: Visit) -> str:
    return f"shortageReleases/{visit.part('id')}"


def _stub(visit: Visit) -> shortage_release_service_pb2_grpc.ShortageReleaseServiceStub:
    return visit.stub(shortage_release_service_pb2_grpc.ShortageReleaseServiceStub)
