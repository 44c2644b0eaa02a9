"""`bole match-run …`: matches of all anchors of a kind, worked out in the background."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from bole.matcher.v1 import match_run_service_pb2 as service
from bole.matcher.v1 import match_run_service_pb2_grpc as service_grpc
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.matcher.match_run_file import describe, left_over
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text, counted
from services.wording import codes
from services.wording.match_runs import STATES
from services.workbook.whole import whole_file

_SECONDS = 60
_TAKING_SECONDS = 3600.0
_LOOK_SECONDS = 1.0
FORMATS = {".parquet": service.MATCH_FILE_FORMAT_PARQUET, ".csv": service.MATCH_FILE_FORMAT_CSV}
_COLUMNS = (
    Column("kind", Text("类型", "kind"), show=lambda value, language: codes.KINDS[value].to(language)),
    Column("state", Text("状态", "state"), show=lambda value, language: STATES[value].to(language)),
    Column("done", Text("已完成对象", "anchors done"), right=True),
    Column("anchors", Text("对象总数", "anchors"), right=True),
    Column("pairs", Text("配对数", "pairs"), right=True),
    Column("asked", Text("条件", "asked"), wraps=True),
    Column("creator", Text("发起人", "by")),
    Column("time", Text("时间", "time")),
    Column("reason", Text("说明", "reason"), wraps=True),
    Column("name", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> service_grpc.MatchRunServiceStub:
    """The service of runs."""
    return service_grpc.MatchRunServiceStub(session.channel("matcher"))


def start(
    session: Session, kind: str, limit: int, filter_: str, *, same_industry: bool, by_city: bool
) -> service.MatchRun:
    """Start a run."""
    request = service.MatchAllRequest(
        kind=kind,
        limit=limit,
        filter=filter_,
        same_industry=same_industry,
        by_city=by_city,
        request_id=str(uuid4()),
    )
    return stub(session).MatchAll(request, timeout=_SECONDS)


def get(session: Session, name: str) -> service.MatchRun:
    """One run."""
    return stub(session).GetMatchRun(service.GetMatchRunRequest(name=name), timeout=_SECONDS)


def wait(session: Session, run: service.MatchRun) -> service.MatchRun:
    """The run once it is not running any more; how far it has come is said meanwhile."""
    told = -1
    while run.state == service.MatchRun.STATE_RUNNING:
        if run.done_count != told and session.output.for_people:
            told = run.done_count
            session.output.note(f"{run.done_count}/{run.anchor_count}")
        time.sleep(_LOOK_SECONDS)
        run = get(session, run.name)
    return run


def cancel(session: Session, name: str) -> service.MatchRun:
    """Stop a run."""
    request = service.CancelMatchRunRequest(name=name, request_id=str(uuid4()))
    return stub(session).CancelMatchRun(request, timeout=_SECONDS)


def resume(session: Session, name: str) -> service.MatchRun:
    """Go on with a run."""
    request = service.ResumeMatchRunRequest(name=name, request_id=str(uuid4()))
    return stub(session).ResumeMatchRun(request, timeout=_SECONDS)


def listed(session: Session, filter_: str, limit: int) -> Sequence[service.MatchRun]:
    """Runs, newest first."""
    request = service.ListMatchRunsRequest(filter=filter_, page_size=limit)
    return stub(session).ListMatchRuns(request, timeout=_SECONDS).match_runs


def take(session: Session, name: str, path: Path) -> None:
    """Write the file, in place of one of that name, and what a CSV was found with beside it; one that is cut short is
    removed. Raises InvalidArgument for another ending.
    """
    if path.suffix.lower() not in FORMATS:
        known = "、".join(FORMATS)
        raise InvalidArgument.field(
            "FILE", "UNKNOWN_FORMAT", f"文件名应以 {known} 结尾", f"the file's name must end in {known}"
        )
    request = service.DownloadMatchRunRequest(name=name, format=FORMATS[path.suffix.lower()])
    parts = stub(session).DownloadMatchRun(request, timeout=_TAKING_SECONDS)
    file = next(parts).file
    with whole_file(path) as target:
        for part in parts:
            target.write(part.data)
    session.output.say(
        Text(
            f"{file.row_count:,} 个配对，已写入 {path}（SHA-256 {file.sha256}）",
            f"{counted(file.row_count, 'pair')} written to {path} (SHA-256 {file.sha256})",
        )
    )
    if (partly := left_over(file.match_run)) is not None:
        session.output.say(partly, "yellow")
    if path.suffix.lower() == ".csv":
        session.output.wrote(describe(path, file))


def show(session: Session, runs: Sequence[service.MatchRun]) -> None:
    """Runs as a table."""
    title = Text("批量匹配任务", "runs over all anchors")
    session.output.rows(title, _COLUMNS, [_row(each, session) for each in runs])


def _row(run: service.MatchRun, session: Session) -> dict[str, Any]:
    return {
        "kind": run.kind,
        "state": service.MatchRun.State.Name(run.state).removeprefix("STATE_"),
        "done": run.done_count,
        "anchors": run.anchor_count,
        "pairs": run.pair_count,
        "asked": _asked(run, session.language),
        "limit": run.limit,
        "same_industry": run.same_industry,
        "by_city": run.by_city,
        "city_codes": list(run.city_codes),
        "filter": run.filter,
        "model": run.model,
        "creator": run.creator,
        "time": wording.minute(run.create_time),
        "reason": wording.say(run.reason, session.language),
        "name": run.name,
    }


def _asked(run: service.MatchRun, language: Language) -> str:
    """What a run is about beside its kind."""
    many = Text(f"每个对象 {run.limit} 个", f"{run.limit} each")
    if run.by_city:
        many = Text(f"每市 {run.limit} 个", f"{run.limit} of each city")
    parts = [many.to(language)]
    if run.same_industry:
        parts.append(Text("同产业", "same industry").to(language))
    parts += [wording.city(code, language) for code in run.city_codes]
    return " · ".join([*parts, run.filter] if run.filter else parts)
