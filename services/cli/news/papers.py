"""What is new of papers that several people handle: releases, reports and nominations that wait for whoever asks."""

from collections.abc import Iterator
from typing import Any

from bole.talent.v1 import (
    nomination_service_pb2,
    report_service_pb2,
    report_service_pb2_grpc,
    shortage_release_service_pb2,
    shortage_release_service_pb2_grpc,
)
from services.cli.answers import wording
from services.cli.news.told import Told
from services.cli.session import Session
from services.cli.talent import nominations
from services.wording import papers
from services.wording.papers import Paper

SECONDS = 30.0
_MOST = 20
"""How many of each are looked at."""


def releases(session: Session) -> Iterator[Told]:
    """Releases of the map that could be checked or signed."""
    stub = shortage_release_service_pb2_grpc.ShortageReleaseServiceStub(session.channel("talent"))
    request = shortage_release_service_pb2.ListShortageReleasesRequest(page_size=_MOST, filter=papers.OPEN)
    for each in stub.ListShortageReleases(request, timeout=SECONDS).releases:
        yield from _told(session, papers.of_release(each), each.steps[-1].time)


def reports(session: Session) -> Iterator[Told]:
    """Reports that could be checked or signed."""
    stub = report_service_pb2_grpc.ReportServiceStub(session.channel("talent"))
    request = report_service_pb2.ListReportsRequest(page_size=_MOST, filter=papers.OPEN)
    for each in stub.ListReports(request, timeout=SECONDS).reports:
        yield from _told(session, papers.of_report(each), each.steps[-1].time)


def undecided(session: Session) -> Iterator[Told]:
    """Nominations that could be checked, reviewed or decided."""
    stub = nominations.stub(session)
    asked = nomination_service_pb2.ListNominationsRequest(
        page_size=_MOST, filter=papers.UNDECIDED, order_by="update_time desc"
    )
    for each in stub.ListNominations(asked, timeout=SECONDS).nominations:
        request = nomination_service_pb2.ListNominationStepsRequest(parent=each.name)
        steps = stub.ListNominationSteps(request, timeout=SECONDS)
        yield from _told(session, papers.of_nomination(each, steps, wording.catalogue()), each.update_time)


def _told(session: Session, paper: Paper | None, since: Any) -> Iterator[Told]:
    if paper is None:
        return
    verbs = " / ".join(each.to(session.language) for each in paper.verbs)
    title, origin = paper.title.to(session.language), wording.origin(paper.origin)
    yield Told("paper", title, verbs, wording.minute(since), paper.name, origin)
