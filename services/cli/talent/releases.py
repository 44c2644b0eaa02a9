"""`bole shortage release …`: releases of the shortage map, their cells, and how they differ."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from bole.talent.v1 import shortage_pb2, shortage_release_service_pb2_grpc
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, number
from services.cli.session import Session
from services.cli.talent import signing
from services.cli.talent.shortage import HEADS_AVAILABLE, HEADS_OPEN, OF_DAY, dimension, of_day
from services.kernel.errors import InvalidArgument
from services.kernel.periods import period_code
from services.kernel.text import Language, Text
from services.wording.reports import CHANGES, EDITION_NAMES, STATES

_DIGEST_SHOWN = 12
COMPUTING_SECONDS = 300.0
TIMEOUT_SECONDS = 60.0
PAGE = 1000
EDITIONS = {
    "internal": release_pb2.STATISTICS_EDITION_INTERNAL,
    "public": release_pb2.STATISTICS_EDITION_PUBLIC,
}
_SYMBOLS = {
    release_pb2.ReleasedCell.SYMBOL_NOT_APPLICABLE: "z",
    release_pb2.ReleasedCell.SYMBOL_UNAVAILABLE: "x",
    release_pb2.ReleasedCell.SYMBOL_SUPPRESSED: "c",
}
SYMBOL_NOTE = Text(
    "符号：z 不适用（无需求），x 无数据，c 不显示（人数过少或防止推算）",
    "symbols: z not applicable (no demand), x unavailable, c suppressed",
)
_RELEASES = (
    Column("quarter", Text("季度", "quarter")),
    Column("edition", Text("版本", "edition")),
    Column("revision", Text("次", "rev."), right=True),
    Column("state", Text("状态", "state")),
    Column("as_of", Text("截至", "as of")),
    Column("known", Text("统计时间", "known at")),
    Column("cells", Text("单元格", "cells"), right=True),
    Column("hidden", Text("不显示", "hidden"), right=True),
    Column("hands", Text("经办", "hands"), wraps=True),
    Column("sha256", Text("内容摘要", "digest"), right=True, show=lambda digest, _: digest[:_DIGEST_SHOWN]),
    Column("id", Text("编号", "release"), below=True),
)
_PLACE = (
    Column("industry", Text("产业", "industry")),
    Column("direction", Text("方向", "direction"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("category", Text("人才类别", "category")),
)
_CELLS = (
    *_PLACE,
    Column("symbol", Text("符号", "symbol")),
    Column("index", Text("指数", "index"), right=True, show=number(1)),
    Column("low", Text("下限", "low"), right=True, show=number(1)),
    Column("high", Text("上限", "high"), right=True, show=number(1)),
    Column("stars", Text("星级", "stars"), right=True),
    Column("watch", Text("观察", "watch")),
    Column("grade", Text("证据", "grade")),
    Column("demand", Text("在招", "open"), right=True, parts=(HEADS_OPEN,)),
    Column("supply", Text("可得", "avail."), right=True, show=number(1), parts=(HEADS_AVAILABLE,)),
    Column("persons", Text("人数", "people"), right=True),
)
_MACHINE = (
    *_CELLS,
    Column("log_odds", Text("对数几率", "log-odds"), right=True),
    Column("sd", Text("标准差", "deviation"), right=True),
    Column("components", Text("分项", "components")),
    *OF_DAY,
)
_CHANGES = (
    *_PLACE,
    Column("kind", Text("变化", "change")),
    Column("before", Text("原", "before")),
    Column("after", Text("现", "after")),
)


def stub(session: Session) -> shortage_release_service_pb2_grpc.ShortageReleaseServiceStub:
    """The service of releases."""
    return shortage_release_service_pb2_grpc.ShortageReleaseServiceStub(session.channel("talent"))


def draft(session: Session, quarter: str, edition: str, *, trial: bool) -> None:
    """Draft a release; with `trial` only tell what it would be. Raises InvalidArgument for another edition."""
    request = service.CreateShortageReleaseRequest(
        quarter=period_code(quarter, "QUARTER"),
        edition=edition_of(edition),
        request_id=str(uuid4()),
        validate_only=trial,
    )
    _show(session, [stub(session).CreateShortageRelease(request, timeout=COMPUTING_SECONDS)])


def edition_of(name: str) -> release_pb2.StatisticsEdition:
    """The edition that is called so. Raises InvalidArgument (EDITION_UNKNOWN)."""
    if name not in EDITIONS:
        raise InvalidArgument.field(
            "--edition",
            "EDITION_UNKNOWN",
            f"没有版本“{name}”，可选：internal（内部版）、public（公开版）",
            f"there is no edition {name!r}; choose internal or public",
        )
    return EDITIONS[name]


def step(session: Session, name: str, verb: str, remark: str) -> None:
    """Check, sign or reject a release as it stands now."""
    requests: dict[str, Any] = {
        "Check": service.CheckShortageReleaseRequest,
        "Sign": service.SignShortageReleaseRequest,
        "Reject": service.RejectShortageReleaseRequest,
    }
    now = get(session, name)
    said = {"reason" if verb == "Reject" else "remark": remark}
    request = requests[verb](name=name, etag=now.etag, request_id=str(uuid4()), **said)
    call = getattr(stub(session), f"{verb}ShortageRelease")
    _show(session, [call(request, timeout=TIMEOUT_SECONDS)])


def get(session: Session, name: str) -> release_pb2.ShortageRelease:
    """One release."""
    request = service.GetShortageReleaseRequest(name=name)
    return stub(session).GetShortageRelease(request, timeout=TIMEOUT_SECONDS)


def show(session: Session, name: str) -> None:
    """One release: who did what, and what comes next."""
    release = get(session, name)
    _show(session, [release])
    signing.show_steps(session, release)


def show_list(session: Session, filter_: str, limit: int) -> None:
    """Releases by filter."""
    request = service.ListShortageReleasesRequest(filter=filter_, page_size=limit)
    _show(session, stub(session).ListShortageReleases(request, timeout=TIMEOUT_SECONDS).releases)


def show_cells(session: Session, name: str, rows: str, columns: str) -> None:
    """The cells of a release; a file carries the release, its digest, the method and the symbols."""
    asked = {"rows": rows, "columns": columns}
    dimensions = {key: dimension(f"--{key}", given) for key, given in asked.items() if given}
    release = get(session, name)
    listed = [_cell(session, each, release) for each in _cells(session, name, dimensions)]
    title = Text(f"{release.quarter} 紧缺人才图谱", f"shortage map {release.quarter}")
    shown = _CELLS if session.output.for_people else _MACHINE
    session.output.rows(title, shown, listed, above=_heading(release))


def compare(session: Session, name: str, other: str) -> None:
    """How the cells of a release differ from another one, or from what is known today."""
    listed: list[dict[str, Any]] = []
    token, same = "", 0
    while True:
        request = service.CompareShortageReleasesRequest(
            name=name, other=other, page_size=PAGE, page_token=token
        )
        found = stub(session).CompareShortageReleases(request, timeout=COMPUTING_SECONDS)
        listed += [_change(session, each) for each in found.changes]
        token, same = found.next_page_token, found.same_size
        if not token:
            break
    title = Text(f"{len(listed)} 处不同，{same} 处相同", f"{len(listed)} differ, {same} are equal")
    session.output.rows(title, _CHANGES, listed, above=[SYMBOL_NOTE])


def verify(session: Session, name: str) -> int:
    """Compute a release again; 1 if it does not come out as it was released."""
    request = service.VerifyShortageReleaseRequest(name=name)
    found = stub(session).VerifyShortageRelease(request, timeout=COMPUTING_SECONDS)
    verdict = Text("一致", "as released") if found.holds else Text("不一致", "NOT as released")
    session.output.say(
        Text(
            f"{name} 由快照重算：{verdict.zh}（{found.recomputed_sha256}）",
            f"{name} computed again from its snapshot: {verdict.en} ({found.recomputed_sha256})",
        )
    )
    return 0 if found.holds else 1


def _cells(session: Session, name: str, dimensions: Mapping[str, Any]) -> Iterator[release_pb2.ReleasedCell]:
    token = ""
    while True:
        request = service.ListReleasedCellsRequest(name=name, page_size=PAGE, page_token=token, **dimensions)
        found = stub(session).ListReleasedCells(request, timeout=TIMEOUT_SECONDS)
        yield from found.cells
        token = found.next_page_token
        if not token:
            return


def _show(session: Session, releases: Any) -> None:
    rows = [_release(each, session.language) for each in releases]
    session.output.rows(Text("紧缺人才图谱发布", "releases of the shortage map"), _RELEASES, rows)


def _release(release: release_pb2.ShortageRelease, language: Language) -> dict[str, Any]:
    edition = release_pb2.StatisticsEdition.Name(release.edition).rpartition("_")[2]
    state = release_pb2.ShortageRelease.State.Name(release.state).removeprefix("STATE_")
    return {
        "id": release.name,
        "quarter": release.quarter,
        "edition": EDITION_NAMES[edition].to(language),
        "revision": release.revision,
        "state": STATES[state].to(language),
        "as_of": date_from_wire(release.as_of_date).isoformat(),
        "known": wording.minute(release.known_time),
        "cells": release.cell_count,
        "hidden": release.hidden_count,
        "hands": " → ".join(each.actor for each in release.steps),
        "sha256": release.content_sha256,
        "origin": wording.origin(release.origin),
    }


def _heading(release: release_pb2.ShortageRelease) -> list[Text]:
    at = wording.minute(release.known_time)
    named = f"{release.name} · {release.quarter} · rev. {release.revision} · SHA-256 {release.content_sha256}"
    return [
        Text(f"{named} · 统计时间 {at}", f"{named} · known at {at}"),
        Text(release.method_note.zh, release.method_note.en),
        SYMBOL_NOTE,
    ]


def _cell(
    session: Session, cell: release_pb2.ReleasedCell, release: release_pb2.ShortageRelease
) -> dict[str, Any]:
    numbers = {
        "index": "index",
        "low": "low",
        "high": "high",
        "demand": "open_headcount",
        "supply": "supply",
        "persons": "person_count",
        "log_odds": "log_odds",
        "sd": "deviation",
    }
    grade = shortage_pb2.ShortageCell.Grade.Name(cell.grade).removeprefix("GRADE_")
    return {
        **_place(session, cell.scope),
        "symbol": _SYMBOLS.get(cell.symbol, ""),
        **{key: getattr(cell, name) if cell.HasField(name) else None for key, name in numbers.items()},
        "stars": cell.stars if cell.HasField("index") else None,
        "watch": cell.watch or None,
        "grade": None if grade == "UNSPECIFIED" else grade,
        "components": {each.name: each.value for each in cell.contributions} or None,
        **of_day(date_from_wire(release.as_of_date)),
        "release": release.name,
        "origin": wording.origin(release.origin),
    }


def _place(session: Session, scope: shortage_pb2.ShortageScope) -> dict[str, str]:
    language, every = session.language, Text("全部", "all").to(session.language)
    direction = scope.direction_code
    industry = scope.industry_code or (wording.catalogue().industry_of(direction) if direction else "")
    return {
        "industry": wording.industry(industry, language) if industry else every,
        "direction": wording.direction(direction, language) if direction else every,
        "city": wording.city(scope.city_code, language) if scope.city_code else every,
        "category": wording.category(scope.category_code, language) if scope.category_code else every,
    }


def _change(session: Session, change: release_pb2.ReleasedCellChange) -> dict[str, Any]:
    kind = release_pb2.ReleasedCellChange.Kind.Name(change.kind).removeprefix("KIND_")
    scope = change.after.scope if change.HasField("after") else change.before.scope
    return {
        **_place(session, scope),
        "kind": CHANGES[kind].to(session.language),
        "before": _brief(change.before) if change.HasField("before") else None,
        "after": _brief(change.after) if change.HasField("after") else None,
    }


def _brief(cell: release_pb2.ReleasedCell) -> str:
    if not cell.HasField("index"):
        return _SYMBOLS.get(cell.symbol, "")
    return f"{cell.index:g} [{cell.low:g}–{cell.high:g}] {'★' * cell.stars}"
