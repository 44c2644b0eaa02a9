"""What records are called that a page knows by their resource names alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bole.common.v1.data_origin_pb2 import DATA_ORIGIN_UNSPECIFIED, DataOrigin
from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from bole.talent.v1 import (
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    move_service_pb2,
    move_service_pb2_grpc,
    position_service_pb2,
    position_service_pb2_grpc,
    report_service_pb2,
    report_service_pb2_grpc,
    shortage_release_pb2,
    shortage_release_service_pb2,
    shortage_release_service_pb2_grpc,
    training_service_pb2,
    training_service_pb2_grpc,
)
from services.catalogue.cells import COLLECTION as CELLS
from services.catalogue.cells import CellAddress
from services.console.backend import SECONDS
from services.console.pages.beside import beside, for_each
from services.console.pages.cells import scope_of_cell
from services.console.web.visits import Visit
from services.console.words import Words
from services.wording.pages import PAGES, RELEASES
from services.wording.reports import EDITION_NAMES
from services.wording.rounds import round_name

_KEPT = 8


@dataclass(frozen=True, slots=True)
class Called:
    """What a record is called, and its page; empty without one. `origin`: unspecified where it does not say it."""

    title: str
    page: str = ""
    origin: DataOrigin = DATA_ORIGIN_UNSPECIFIED


def called(visit: Visit, names: Iterable[str], purpose: str | None = None) -> Mapping[str, Called]:
    """By resource name. `purpose`: what people are looked at for, on a page that says so and offers to state one;
    on any other they are called as they are without.
    """
    wanted = sorted(set(names))
    return dict(zip(wanted, for_each(lambda name: _called(visit, name, purpose), wanted), strict=True))


def looked_at(visit: Visit, name: str) -> Called:
    """What the one record is called that a page is about: a person by the purpose that was stated."""
    return _called(visit, name, visit.purpose)


def page_of(visit: Visit, name: str) -> str:
    """The page of a record; empty for one that has none."""
    collection, _, id_ = name.partition("/")
    if collection == CELLS and (cell := CellAddress.parse(name)) is not None:
        query = Words(visit.catalogue, visit.language).scope_query(scope_of_cell(cell, visit.catalogue))
        return f"/map?{query}"
    return (
        f"{PAGES[collection]}/{id_.partition('/')[0]}" if collection in PAGES else ""
    )  # of a part, its whole's


def _called(visit: Visit, name: str, purpose: str | None) -> Called:
    if purpose and name.startswith("persons/"):
        seen = beside(lambda: _person(visit, name, purpose)).answer
        if seen:
            return replace(seen, page=page_of(visit, name))
    collection, _, id_ = name.partition("/")
    ask = _ASK.get(collection)
    whole = f"{collection}/{id_.partition('/')[0]}"
    told = beside(lambda: ask(visit, whole)).answer if ask else None
    if told and told.title:
        return replace(told, page=told.page or page_of(visit, name))
    return Called(f"{collection}/{id_[:_KEPT]}" if id_ else "")


def _person(visit: Visit, name: str, purpose: str | None = None) -> Called:
    stub = visit.stub(library_service_pb2_grpc.LibraryServiceStub, purpose)
    found = stub.GetPerson(library_service_pb2.GetPersonRequest(name=name), timeout=SECONDS)
    return Called(f"{found.display_name} · {_city(visit, found.city_code)}", origin=found.origin)


def _team(visit: Visit, name: str) -> Called:
    stub = visit.stub(library_service_pb2_grpc.LibraryServiceStub)
    found = stub.GetTeam(library_service_pb2.GetTeamRequest(name=name), timeout=SECONDS)
    return Called(found.display_name, origin=found.origin)


def _position(visit: Visit, name: str) -> Called:
    stub = visit.stub(position_service_pb2_grpc.PositionServiceStub)
    found = stub.GetPosition(position_service_pb2.GetPositionRequest(name=name), timeout=SECONDS)
    title = f"{found.title} · {found.employer} · {_city(visit, found.city_code)}"
    return Called(title, origin=found.origin)


def _training(visit: Visit, name: str) -> Called:
    stub = visit.stub(training_service_pb2_grpc.TrainingServiceStub)
    found = stub.GetTrainingPlace(training_service_pb2.GetTrainingPlaceRequest(name=name), timeout=SECONDS)
    title = " · ".join(filter(None, (found.provider, found.programme, _city(visit, found.city_code))))
    return Called(title, origin=found.origin)


def _move(visit: Visit, name: str) -> Called:
    stub = visit.stub(move_service_pb2_grpc.MoveServiceStub)
    found = stub.GetMove(move_service_pb2.GetMoveRequest(name=name), timeout=SECONDS)
    words = Words(visit.catalogue, visit.language)
    goal = words.city(found.to_city_code) if found.to_city_code else "—"
    title = f"{words.day(found.move_date)} {words.city(found.from_city_code)} → {goal}"
    return Called(title, origin=found.origin)


def _evidence(visit: Visit, name: str) -> Called:
    stub = visit.stub(evidence_service_pb2_grpc.EvidenceServiceStub)
    found = stub.GetEvidenceRecord(evidence_service_pb2.GetEvidenceRecordRequest(name=name), timeout=SECONDS)
    in_register = f"/evidence?{urlencode({'ref': found.source_ref})}"  # it has no page of its own
    return Called(found.title or found.source_ref, in_register, found.origin)


def _firm(visit: Visit, name: str) -> Called:
    stub = visit.stub(firm_service_pb2_grpc.FirmServiceStub)
    found = stub.GetFirm(firm_service_pb2.GetFirmRequest(name=name), timeout=SECONDS)
    return Called(found.display_name, origin=found.origin)


def _deal(visit: Visit, name: str) -> Called:
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    deal = stub.GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS)
    firm = _firm(visit, deal.firm)
    return Called(f"{firm.title} · {round_name(deal.round, visit.language)}", origin=deal.origin)


def _fund(visit: Visit, name: str) -> Called:
    stub = visit.stub(fund_service_pb2_grpc.FundServiceStub)
    found = stub.GetFund(fund_service_pb2.GetFundRequest(name=name), timeout=SECONDS)
    return Called(found.display_name, origin=found.origin)


def _report(visit: Visit, name: str) -> Called:
    stub = visit.stub(report_service_pb2_grpc.ReportServiceStub)
    found = stub.GetReport(report_service_pb2.GetReportRequest(name=name), timeout=SECONDS)
    title = _issue(visit, found.period, found.edition, found.revision)
    return Called(title, origin=found.origin)


def _release(visit: Visit, name: str) -> Called:
    stub = visit.stub(shortage_release_service_pb2_grpc.ShortageReleaseServiceStub)
    request = shortage_release_service_pb2.GetShortageReleaseRequest(name=name)
    found = stub.GetShortageRelease(request, timeout=SECONDS)
    title = _issue(visit, found.quarter, found.edition, found.revision)
    return Called(title, origin=found.origin)


def _issue(
    visit: Visit, period: str, edition: "shortage_release_pb2.StatisticsEdition", revision: int
) -> str:
    code = shortage_release_pb2.StatisticsEdition.Name(edition).rpartition("_")[2]
    said = visit.text(EDITION_NAMES[code])
    return visit.say(f"{period} {said}第 {revision} 次", f"{period}, {said}, revision {revision}")


def _direction(visit: Visit, name: str) -> Called:
    return Called(Words(visit.catalogue, visit.language).direction(name.partition("/")[2]))


def _cell(visit: Visit, name: str) -> Called:
    cell = CellAddress.parse(name)
    said = Words(visit.catalogue, visit.language)
    return Called("" if cell is None else said.scope(scope_of_cell(cell, visit.catalogue)))


def _city(visit: Visit, code: str) -> str:
    return Words(visit.catalogue, visit.language).city(code)


_ASK: Mapping[str, Callable[[Visit, str], Called]] = {
    "persons": _person,
    "teams": _team,
    "positions": _position,
    "trainingPlaces": _training,
    "moves": _move,
    "evidenceRecords": _evidence,
    "firms": _firm,
    "deals": _deal,
    "investments": lambda visit, name: _deal(visit, name.replace("investments/", "deals/")),
    "funds": _fund,
    "reports": _report,
    RELEASES: _release,
    "directions": _direction,
    CELLS: _cell,
}
