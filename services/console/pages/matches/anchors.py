"""For whom matches are sought: a record by its resource name, or those that some words name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
    position_service_pb2,
    position_service_pb2_grpc,
    shortage_service_pb2_grpc,
)
from services.catalogue.cells import COLLECTION as CELLS
from services.catalogue.cells import CellAddress
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.cells import address_of, scope_of_cell
from services.console.pages.deals.asked import funds_of
from services.console.pages.shortage.shortage import fetch_tightest
from services.console.web.visits import Visit
from services.console.words import Words

_SHOWN = 12
SIDES: Mapping[str, tuple[str, ...]] = {
    "person-position": ("position", "person"),
    "person-direction": ("person", "direction"),
    "person-firm": ("firm", "person"),
    "person-cell": ("cell", "person"),
    "person-team": ("team", "person"),
    "team-position": ("position", "team"),
    "team-direction": ("team", "direction"),
    "firm-fund": ("firm", "fund"),
    "firm-direction": ("firm", "direction"),
    "similar-persons": ("person",),
    "similar-firms": ("firm",),
}
"""Which sides of a kind may be chosen, the usual one first."""
_WITHOUT_TEXT = {"direction", "fund", "cell"}


_COLLECTIONS = {side: CELLS if side == "cell" else f"{side}s" for sides in SIDES.values() for side in sides}


def takes_text(kind: str, side: str) -> bool:
    """Whether a text may stand for a side: what a team lacks is known of stored teams alone."""
    return side not in _WITHOUT_TEXT and (kind, side) != ("person-team", "team")


def side_of(name: str) -> str:
    """Which side a record is of, by its resource name; empty for one that is of none."""
    collection = name.partition("/")[0]
    return next((side for side, known in _COLLECTIONS.items() if known == collection), "")


def opposite(kind: str, side: str) -> str:
    """What stands in the lists of a kind that start from a side."""
    return next((each for each in kind.split("-") if each != side and each in _COLLECTIONS), side)


@dataclass(frozen=True, slots=True)
class Named:
    """A record that can be matched, what it is called, and whether it is sample data."""

    name: str
    title: str
    synthetic: bool = False


def known(visit: Visit, side: str, words: str) -> list[Named]:
    """Records of a side that the words name, at most `_SHOWN`; some of them without words."""
    return list(_FIND[side](visit, words))[:_SHOWN]


def _named(record: Any, title: str) -> Named:
    return Named(record.name, title, origins.is_sample(record))


def _persons(visit: Visit, words: str) -> Sequence[Named]:
    stub = visit.stub(library_service_pb2_grpc.LibraryServiceStub, visit.purpose)
    request = library_service_pb2.SearchPersonsRequest(query=words, filter="state = ACTIVE", page_size=_SHOWN)
    said = Words(visit.catalogue, visit.language)
    return [
        _named(each, f"{each.display_name} · {said.city(each.city_code)} · {each.job_title or each.name}")
        for each in stub.SearchPersons(request, timeout=SECONDS).persons
    ]


def _positions(visit: Visit, words: str) -> Sequence[Named]:
    stub = visit.stub(position_service_pb2_grpc.PositionServiceStub)
    request = position_service_pb2.SearchPositionsRequest(
        query=words, filter="state = OPEN", page_size=_SHOWN
    )
    said = Words(visit.catalogue, visit.language)
    return [
        _named(each, f"{each.title} · {each.employer} · {said.city(each.city_code)}")
        for each in stub.SearchPositions(request, timeout=SECONDS).positions
    ]


def _teams(visit: Visit, words: str) -> Sequence[Named]:
    stub = visit.stub(library_service_pb2_grpc.LibraryServiceStub)
    found = stub.ListTeams(library_service_pb2.ListTeamsRequest(page_size=500), timeout=SECONDS).teams
    return [_named(each, each.display_name) for each in found if words in each.display_name]


def _firms(visit: Visit, words: str) -> Sequence[Named]:
    stub = visit.stub(firm_service_pb2_grpc.FirmServiceStub)
    request = firm_service_pb2.ListFirmsRequest(query=words, filter="state = ACTIVE", page_size=_SHOWN)
    said = Words(visit.catalogue, visit.language)
    return [
        _named(each, f"{each.display_name} · {said.city(each.city_code)}")
        for each in stub.ListFirms(request, timeout=SECONDS).firms
    ]


def _funds(visit: Visit, words: str) -> Sequence[Named]:
    return [_named(each, each.display_name) for each in funds_of(visit) if words in each.display_name]


def _directions(visit: Visit, words: str) -> Sequence[Named]:
    said = Words(visit.catalogue, visit.language)
    every = (
        each.code
        for industry in visit.catalogue.industries
        for each in visit.catalogue.leaves_of(industry.id)
    )
    return [
        Named(f"directions/{code}", said.direction(code))
        for code in every
        if words.lower() in said.direction(code).lower() or words.lower() in code
    ]


def _cells(visit: Visit, words: str) -> Sequence[Named]:
    """Cells whose names hold every word, wide ones first; the tightest of the map without words."""
    said = Words(visit.catalogue, visit.language)
    wanted = words.lower().split()
    every = _every_cell(visit) if wanted else _tightest(visit)
    named = (Named(each.name, said.scope(scope_of_cell(each, visit.catalogue))) for each in every)
    fitting = (each for each in named if all(word in each.title.lower() for word in wanted))
    return list(islice(fitting, _SHOWN))


def _every_cell(visit: Visit) -> Iterator[CellAddress]:
    known = visit.catalogue
    nodes = dict.fromkeys((*(each.id for each in known.industries), *(each.code for each in known.leaves)))
    for category in ("", *(each.id for each in known.categories)):
        for city in ("", *(each.id for each in known.cities)):
            yield from (CellAddress(node, city, category) for node in nodes)


def _tightest(visit: Visit) -> Iterator[CellAddress]:
    cells = fetch_tightest(visit.stub(shortage_service_pb2_grpc.ShortageServiceStub), None)
    return (found for each in cells if (found := address_of(each.scope)) is not None)


_FIND: Mapping[str, Callable[[Visit, str], Sequence[Named]]] = {
    "person": _persons,
    "position": _positions,
    "team": _teams,
    "firm": _firms,
    "fund": _funds,
    "direction": _directions,
    "cell": _cells,
}
