"""MatchRunService: runs over all anchors of a kind, and what they found as files."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from sqlalchemy.orm import Session

from bole.matcher.v1 import match_run_service_pb2 as wire
from bole.matcher.v1 import match_run_service_pb2_grpc
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.identity.identity import Reach
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.exporting import PIECE, digest, made, temporary
from services.chassis.rpc.spool import spooling
from services.chassis.rpc.wire import instant_to_wire, text_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import InvalidArgument, NotFound
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.domain.kinds import pair_kind as known_kind
from services.matcher.domain.run import DEFAULT_LIMIT, MatchRun
from services.matcher.rpc.anchors import pair_kind
from services.matcher.rpc.seeing import Sight, closed_to
from services.matcher.service.engine import Engine
from services.matcher.service.runs.run_files import FileFormat, provenance, write_run
from services.matcher.service.runs.running import Asked, Runs, stored_anchor
from services.matcher.service.wanted import wanted
from services.matcher.store import runs as store
from services.matcher.store.schema import match_run

_OFFICER, _MANAGER = "talent_officer", "fund_manager"
_AUDITOR = "auditor"


@dataclass(frozen=True)
class MatchRunRoom(match_run_service_pb2_grpc.MatchRunServiceServicer):
    """The servicer."""

    house: House
    engine: Engine
    runs: Runs

    def MatchAll(self, request: wire.MatchAllRequest, context: Any) -> wire.MatchRun:
        """Start a run."""
        call, kind = current_call(), pair_kind(request.kind)
        sight = Sight.now(self.house.database)
        sight.require(kind.anchor, kind.candidate)
        if not stored_anchor(kind):
            raise InvalidArgument.field(
                "kind",
                "KIND_WITHOUT_RUNS",
                f"类型 {kind.key} 的对象不在索引中，请用 FindMatches 查询",
                f"the index keeps no anchors of kind {kind.key}; ask FindMatches",
            )
        space = self.engine.space
        with space.lock:
            wanted(
                request.filter,
                kind.candidate,
                space.population(kind.candidate),
                space.codes,
                self.runs.catalogue,
                sight.eyes(kind.candidate, call.clearance),
            )
        asked = Asked(
            kind,
            request.limit or DEFAULT_LIMIT,
            request.filter,
            request.same_industry,
            request.by_city,
            _cities(call, kind),
            call.principal.subject,
        )
        return self._once(call, "match-all", request, lambda session: self.runs.start(session, asked))

    def GetMatchRun(self, request: wire.GetMatchRunRequest, context: Any) -> wire.MatchRun:
        """One run."""
        with self.house.database.read() as session:
            return run_to_wire(_mine(session, current_call(), request.name))

    def ListMatchRuns(self, request: wire.ListMatchRunsRequest, context: Any) -> wire.ListMatchRunsResponse:
        """The caller's runs, or everybody's."""
        call = current_call()
        subject = call.principal.subject
        restriction = () if _sees_all(call) else (match_run.c.creator == subject,)
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = store.listing().page(session, MatchRun, query, self.house.pages, subject, *restriction)
            return wire.ListMatchRunsResponse(
                match_runs=[run_to_wire(each) for each in page.items],
                next_page_token=page.next_page_token,
                total_size=page.total,
            )

    def CancelMatchRun(self, request: wire.CancelMatchRunRequest, context: Any) -> wire.MatchRun:
        """Stop a run."""
        call = current_call()

        def act(session: Session) -> MatchRun:
            return self.runs.cancel(session, _started(session, call, request.name).id)

        return self._once(call, "cancel-match-run", request, act)

    def ResumeMatchRun(self, request: wire.ResumeMatchRunRequest, context: Any) -> wire.MatchRun:
        """Go on with a run."""
        call = current_call()

        def act(session: Session) -> MatchRun:
            return self.runs.resume(session, _started(session, call, request.name).id)

        return self._once(call, "resume-match-run", request, act)

    async def DownloadMatchRun(
        self, request: wire.DownloadMatchRunRequest, context: Any
    ) -> AsyncIterator[wire.DownloadMatchRunResponse]:
        """The file, made whole, then sent piece by piece."""
        call = current_call()
        async with made(partial(self._file, request, call)) as (described, file):
            yield wire.DownloadMatchRunResponse(file=described)
            file.seek(0)
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield wire.DownloadMatchRunResponse(data=piece)

    def _file(
        self, request: wire.DownloadMatchRunRequest, call: Call, stack: ExitStack
    ) -> tuple[wire.MatchFile, IO[bytes]]:
        form = FileFormat(wire.MatchFileFormat.Name(request.format).removeprefix("MATCH_FILE_FORMAT_"))
        file = stack.enter_context(temporary())
        with self.house.database.read() as session:
            run = _started(session, call, request.name)
            run.require_at_rest()
            facts = provenance(run, call.arrived)
            with spooling():
                count = write_run(session, self.engine, run, file, form, facts)
            described = run_to_wire(run)
        sha256, size = digest(file), file.tell()
        detail: dict[str, object] = {"format": form.value, "rows": count, "sha256": sha256}
        with self.house.database.write() as session:
            self.house.audit.append(session, entry_of(call, "take-match-run", run.name, "taken", detail))
        filename = f"{run.kind}-{run.created_at:%Y%m%d}-{run.id}.{form.ending}"
        return wire.MatchFile(
            match_run=described,
            row_count=count,
            size_bytes=size,
            sha256=sha256,
            filename=filename,
            metadata=facts,
        ), file

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], MatchRun]
    ) -> wire.MatchRun:
        with self.house.database.write() as session:

            def answer() -> wire.MatchRun:
                run = act(session)
                session.flush()
                detail: dict[str, object] = {"kind": run.kind, "state": run.state.value}
                self.house.audit.append(session, entry_of(call, action, run.name, "done", detail))
                return run_to_wire(run)

            caller = (call.principal.subject, call.method)
            made = self.house.requests.once(
                session, caller, request.request_id, request, wire.MatchRun, answer
            )
        self.runs.wake()
        return made


def run_to_wire(run: MatchRun) -> wire.MatchRun:
    """A run as the contract has it."""
    return wire.MatchRun(
        name=run.name,
        kind=run.kind,
        limit=run.limit,
        filter=run.filter,
        same_industry=run.same_industry,
        by_city=run.by_city,
        city_codes=run.cities,
        state=f"STATE_{run.state.value}",
        reason=text_to_wire(Text(run.reason_zh, run.reason_en)) if run.reason_zh else None,
        anchor_count=run.anchors,
        done_count=run.done,
        pair_count=run.pairs,
        model=run.model,
        creator=run.creator,
        create_time=instant_to_wire(run.created_at),
        update_time=instant_to_wire(run.updated_at),
    )


def _sees_all(call: Call) -> bool:
    return call.principal.cities({_AUDITOR}, call.arrived) is None


def _mine(session: Session, call: Call, name: str) -> MatchRun:
    """A run that the caller may look at. Raises InvalidArgument (INVALID_NAME), NotFound."""
    collection, _, id_ = name.partition("/")
    if collection != "matchRuns" or not id_ or "/" in id_:
        raise InvalidArgument.field(
            "name", "INVALID_NAME", "名称应写成 matchRuns/…", "the name must read matchRuns/…"
        )
    run = store.get(session, id_)
    if run is None or not (run.creator == call.principal.subject or _sees_all(call)):
        raise NotFound.resource(f"matchRuns/{id_}")
    return run


def _started(session: Session, call: Call, name: str) -> MatchRun:
    """A run that the caller started and whose sides and cities still are the caller's.

    Raises as `_mine`, and PermissionDenied.
    """
    run = _mine(session, call, name)
    if run.creator != call.principal.subject:
        raise NotFound.resource(run.name)
    kind = known_kind(run.kind)
    Sight.of(call, closed_to(call, session)).require(kind.anchor, kind.candidate)
    reach = _reach(call, kind)
    for city in run.cities or ("",):
        policy.require_reach(reach, city)
    return run


def _reach(call: Call, kind: PairKind) -> Reach:
    """Where the caller may run over the anchors of a kind: over funds as who manages them, whatever else they are."""
    starters = {_MANAGER} if kind.anchor is ItemKind.FUND else {_OFFICER, _MANAGER}
    return call.principal.reach(starters, call.arrived)


def _cities(call: Call, kind: PairKind) -> tuple[str, ...]:
    """The cities of the anchors, empty for the whole province. Raises PermissionDenied (CITY_NOT_GRANTED) for none."""
    cities = _reach(call, kind).cities
    if cities is None:
        return ()
    if not cities:
        policy.require_reach(Reach(), "")
    return tuple(sorted(cities))
