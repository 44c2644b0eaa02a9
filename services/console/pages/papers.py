"""Releases, reports and nominations that wait for the visitor: each takes several people, one after the other."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bole.talent.v1 import (
    nomination_service_pb2,
    nomination_service_pb2_grpc,
    report_service_pb2,
    report_service_pb2_grpc,
    shortage_release_service_pb2,
    shortage_release_service_pb2_grpc,
)
from services.console.backend import SECONDS
from services.console.pages.beside import beside, for_each
from services.console.web.visits import Visit
from services.wording import papers
from services.wording.papers import Paper

_MOST = 20
"""How many of each are looked at."""


def waiting(visit: Visit) -> list[Paper]:
    """Those with which the visitor could go on now, what has waited longest first."""
    asks: list[Callable[[], Iterable[Paper]]] = [
        lambda: list(_releases(visit)),
        lambda: list(_reports(visit)),
        lambda: list(_nominations(visit)),
    ]
    found = [each for told in for_each(beside, asks) for each in told.answer or ()]
    return sorted(found, key=lambda each: each.since)


def _releases(visit: Visit) -> Iterator[Paper]:
    stub = visit.stub(shortage_release_service_pb2_grpc.ShortageReleaseServiceStub)
    request = shortage_release_service_pb2.ListShortageReleasesRequest(page_size=_MOST, filter=papers.OPEN)
    found = stub.ListShortageReleases(request, timeout=SECONDS).releases
    yield from filter(None, map(papers.of_release, found))


def _reports(visit: Visit) -> Iterator[Paper]:
    stub = visit.stub(report_service_pb2_grpc.ReportServiceStub)
    request = report_service_pb2.ListReportsRequest(page_size=_MOST, filter=papers.OPEN)
    yield from filter(None, map(papers.of_report, stub.ListReports(request, timeout=SECONDS).reports))


def _nominations(visit: Visit) -> Iterator[Paper]:
    stub: Any = visit.stub(nomination_service_pb2_grpc.NominationServiceStub)
    asked = nomination_service_pb2.ListNominationsRequest(
        page_size=_MOST, filter=papers.UNDECIDED, order_by="update_time desc"
    )
    for each in stub.ListNominations(asked, timeout=SECONDS).nominations:
        request = nomination_service_pb2.ListNominationStepsRequest(parent=each.name)
        steps = stub.ListNominationSteps(request, timeout=SECONDS)
        if paper := papers.of_nomination(each, steps, visit.catalogue):
            yield paper
