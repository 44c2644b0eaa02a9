"""ShortageReleaseService: frozen releases of the shortage map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bole.talent.v1 import shortage_pb2, shortage_release_service_pb2_grpc
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag
from services.chassis.storage.listing import Query
from services.chassis.storage.paging import page_size
from services.kernel.errors import InvalidArgument, PermissionDenied
from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action, Release
from services.talent.domain.shortage.table import Address
from services.talent.rpc.reports.editions import edition_for
from services.talent.rpc.reports.release_wire import (
    COLLECTION,
    difference_to_wire,
    edition_from_wire,
    release_to_wire,
    row_to_wire,
)
from services.talent.rpc.shortage.shortage_wire import CellWire, check_dimensions, narrow
from services.talent.rpc.wire import id_of
from services.talent.service.shortage.releases import Releases
from services.talent.store.shortage import releases as store

T = TypeVar("T")
_MOST, _USUAL = 3000, 500


@dataclass(frozen=True)
class ReleaseRoom(shortage_release_service_pb2_grpc.ShortageReleaseServiceServicer):
    """The servicer."""

    house: House
    releases: Releases
    cells: CellWire

    def CreateShortageRelease(
        self, request: wire.CreateShortageReleaseRequest, context: Any
    ) -> release_pb2.ShortageRelease:
        """Draft a release. It is computed before the writing transaction, which must not last for seconds."""
        call, edition = current_call(), edition_from_wire(request.edition)
        with self.house.database.read() as session:
            draft = self.releases.draft(session, request.quarter, edition, call.principal.subject)
        if request.validate_only:
            return release_to_wire(draft.release, call)
        return self._once(call, "draft", request, lambda session: self.releases.keep(session, draft))

    def CheckShortageRelease(
        self, request: wire.CheckShortageReleaseRequest, context: Any
    ) -> release_pb2.ShortageRelease:
        """Check a draft."""
        return self._step(request, Action.CHECK, request.remark)

    def SignShortageRelease(
        self, request: wire.SignShortageReleaseRequest, context: Any
    ) -> release_pb2.ShortageRelease:
        """Sign a checked release."""
        return self._step(request, Action.SIGN, request.remark)

    def RejectShortageRelease(
        self, request: wire.RejectShortageReleaseRequest, context: Any
    ) -> release_pb2.ShortageRelease:
        """Turn a release down."""
        return self._step(request, Action.REJECT, request.reason)

    def GetShortageRelease(
        self, request: wire.GetShortageReleaseRequest, context: Any
    ) -> release_pb2.ShortageRelease:
        """One release."""
        with self.house.database.read() as session:
            return release_to_wire(self._seen(session, request.name), current_call())

    def ListShortageReleases(
        self, request: wire.ListShortageReleasesRequest, context: Any
    ) -> wire.ListShortageReleasesResponse:
        """Releases by filter."""
        call = current_call()
        limits = [] if edition_for(call.clearance) is Edition.INTERNAL else [store.EDITIONS.published()]
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = store.EDITIONS.listing("ListShortageReleases").page(
                session, store.StoredRelease, query, self.house.pages, call.principal.subject, *limits
            )
            found = store.by_ids(session, [each.id for each in page.items])
        return wire.ListShortageReleasesResponse(
            releases=[release_to_wire(each, call) for each in found],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def ListReleasedCells(
        self, request: wire.ListReleasedCellsRequest, context: Any
    ) -> wire.ListReleasedCellsResponse:
        """The cells of a release."""
        chosen = _chosen(self.cells, request)
        with self.house.database.read() as session:
            rows = store.rows(session, self._seen(session, request.name).id)
        shown = [row for row in rows if chosen is None or row.key in chosen]
        page, token = self._page(shown, request, f"{request.name} {request.rows} {request.columns}")
        return wire.ListReleasedCellsResponse(
            cells=[row_to_wire(self.cells, row) for row in page], next_page_token=token, total_size=len(shown)
        )

    def CompareShortageReleases(
        self, request: wire.CompareShortageReleasesRequest, context: Any
    ) -> wire.CompareShortageReleasesResponse:
        """The cells that differ."""
        if not request.other and edition_for(current_call().clearance) is not Edition.INTERNAL:
            raise PermissionDenied(
                Text(
                    "与当前数据比较仅供内部使用，请指定另一份发布",
                    "name another release: only offices see today's",
                ),
                reason="INTERNAL_ONLY",
            )
        with self.house.database.read() as session:
            release = self._seen(session, request.name)
            other = self._seen(session, request.other, "other") if request.other else None
            found, same = self.releases.compare(session, release, other)
        page, token = self._page(found, request, f"{request.name} {request.other}")
        return wire.CompareShortageReleasesResponse(
            changes=[difference_to_wire(self.cells, each) for each in page],
            next_page_token=token,
            total_size=len(found),
            same_size=same,
        )

    def VerifyShortageRelease(
        self, request: wire.VerifyShortageReleaseRequest, context: Any
    ) -> wire.VerifyShortageReleaseResponse:
        """Compute a release again."""
        with self.house.database.read() as session:
            release = self._seen(session, request.name)
            again = self.releases.recomputed(session, release)
        return wire.VerifyShortageReleaseResponse(
            holds=again == release.content_sha256,
            recomputed_sha256=again,
            content_sha256=release.content_sha256,
        )

    def _seen(self, session: Session, name: str, field: str = "name") -> Release:
        edition = edition_for(current_call().clearance)
        return self.releases.get(session, id_of(name, COLLECTION, field=field), edition)

    def _step(self, request: Any, action: Action, remark: str) -> release_pb2.ShortageRelease:
        call = current_call()

        def act(session: Session) -> Release:
            release = self._seen(session, request.name)
            check_etag(request.etag, release.life.version, request.name)
            return self.releases.step(session, release, action, call.principal.subject, remark)

        return self._once(call, action.value.lower(), request, act)

    def _once(self, call: Call, action: str, request: Any, act: Any) -> release_pb2.ShortageRelease:
        with self.house.database.write() as session:

            def answer() -> release_pb2.ShortageRelease:
                release = act(session)
                message = release_to_wire(release, call)
                detail: dict[str, object] = {"sha256": release.content_sha256}
                self.house.audit.append(session, entry_of(call, action, message.name, "done", detail))
                return message

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, release_pb2.ShortageRelease, answer
            )

    def _page(self, items: Sequence[T], request: Any, query: str) -> tuple[Sequence[T], str]:
        """One page of what is at hand, and the token of the next."""
        call, size, pages = current_call(), page_size(request.page_size, _USUAL, _MOST), self.house.pages
        asked, subject = {"asked": query}, call.principal.subject
        cursor = pages.read(request.page_token, method=call.method, query=asked, subject=subject)
        start = int(str(cursor[0])) if cursor else 0
        if start + size >= len(items):
            return items[start:], ""
        token = pages.issue([start + size], method=call.method, query=asked, subject=subject)
        return items[start : start + size], token


def _chosen(cells: CellWire, request: wire.ListReleasedCellsRequest) -> set[tuple[str, str, str]] | None:
    """The cells of two dimensions with their totals; None for all. Raises InvalidArgument."""
    if not request.rows and not request.columns:
        return None
    if not request.rows or not request.columns:
        missing = "columns" if request.rows else "rows"
        raise InvalidArgument.field(
            missing, "DIMENSION_MISSING", "请同时给出行与列两个维度", "give both dimensions, or neither"
        )
    check_dimensions(request.rows, request.columns, shortage_pb2.ShortageScope())
    found = set()
    for row in (*cells.codes(request.rows), ALL):
        for column in (*cells.codes(request.columns), ALL):
            at = narrow(narrow(Address(), request.rows, row), request.columns, column)
            found.add((at.node, at.city, at.category))
    return found
