"""How somebody outside asks every question of the map, and what is behind the answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from itertools import permutations
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import (
    person_pb2,
    shortage_release_service_pb2_grpc,
)
from bole.talent.v1 import shortage_analysis_service_pb2 as analysis_wire
from bole.talent.v1 import shortage_pb2 as messages
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2 as release_wire
from bole.talent.v1 import shortage_service_pb2 as wire
from services.catalogue import load
from services.chassis.identity.identity import Grant
from services.chassis.policy import WITHOUT_PURPOSE, Level
from services.chassis.rpc.wire import date_to_wire
from services.chassis.storage.db import Database
from services.kernel.clock import civil_date
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.period import Quarter
from services.talent.domain.release.snapshot import load as read_snapshot
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.events import scope_to_wire
from services.talent.rpc.shortage.shortage_wire import CATEGORY, CITY, DIRECTION, INDUSTRY
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.counting.publishing import published_table
from services.talent.store.counts import published as published_states
from services.talent.store.shortage import releases
from tests.contract.coverage import contract_files
from tests.contract.installation import Installation
from tests.contract.talent.outsider import (
    Mask,
    Place,
    tells_counts,
)

AXES = Axes.of_catalogue(load())


OUTSIDE = [
    Grant(role)
    for role in (*(role for role, level in WITHOUT_PURPOSE.items() if level <= Level.PUBLIC), "visitor")
]


QUARTER = Quarter.of(civil_date(datetime.now(UTC))).later(-7)
"""Of which nothing else is published here."""


@dataclass(frozen=True)
class Asked:
    """What the walk asks about: cells (hidden ones among them), and two revisions of a release."""

    scopes: list[messages.ShortageScope]
    releases: list[str]


def grids(_: Asked) -> Iterator[Message]:
    pairs = [*permutations((DIRECTION, CITY, CATEGORY), 2), (INDUSTRY, CITY), (INDUSTRY, CATEGORY)]
    for rows, columns in pairs:
        yield wire.GetShortageGridRequest(rows=rows, columns=columns)
    view = messages.SHORTAGE_GRID_VIEW_COLUMNS
    for rows in (DIRECTION, INDUSTRY):
        yield wire.GetShortageGridRequest(rows=rows, columns=CITY, layers=CATEGORY, view=view)
        yield wire.GetShortageGridRequest(rows=rows, columns=CITY, view=view)


def rankings(_: Asked) -> Iterator[Message]:
    for rows, columns in ((DIRECTION, CITY), (DIRECTION, CATEGORY), (INDUSTRY, CITY), (CITY, CATEGORY)):
        yield wire.RankShortageCellsRequest(rows=rows, columns=columns, page_size=100)


def comparisons(_: Asked) -> Iterator[Message]:
    nodes = [
        messages.ShortageScope(),
        *(messages.ShortageScope(industry_code=each) for each in AXES.industries),
    ]
    for scope in nodes:
        for start in (0, 4, 8, 9):
            cities = AXES.cities[start : start + 4]
            yield analysis_wire.CompareShortageCitiesRequest(scope=scope, city_codes=cities)


def comparisons_of_releases(asked: Asked) -> Iterator[Message]:
    one, other = asked.releases
    for name, beside in ((one, other), (other, one)):
        yield release_wire.CompareShortageReleasesRequest(name=name, other=beside, page_size=3000)


WALKED: dict[str, Callable[[Asked], Iterator[Message]]] = {
    "GetShortageGrid": grids,
    "RankShortageCells": rankings,
    "GetShortageCell": lambda asked: (wire.GetShortageCellRequest(scope=each) for each in asked.scopes),
    "GetShortageTrend": lambda asked: (
        analysis_wire.GetShortageTrendRequest(scope=each) for each in asked.scopes[::5]
    ),
    "CompareShortageCities": comparisons,
    "GetShortageRelease": lambda asked: (
        release_wire.GetShortageReleaseRequest(name=each) for each in asked.releases
    ),
    "ListShortageReleases": lambda _: iter([release_wire.ListShortageReleasesRequest()]),
    "ListReleasedCells": lambda asked: (
        release_wire.ListReleasedCellsRequest(name=each, page_size=3000) for each in asked.releases
    ),
    "CompareShortageReleases": comparisons_of_releases,
}
"""How the walk asks every RPC that is open to outsiders; all others refuse them."""


LIVE = [name for name in WALKED if not name.endswith(("Release", "Releases", "ReleasedCells"))]


def rpcs() -> Iterator[MethodDescriptor]:
    """Every RPC of the map's services, and every other one of the library that may answer with its counts."""
    for file in contract_files():
        if file.package == "bole.talent.v1":
            module = import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
            for service in module.DESCRIPTOR.services_by_name.values():
                for method in service.methods:
                    if service.name.startswith("Shortage") or tells_counts(method.output_type):
                        yield method


def call(channel: grpc.Channel, method: MethodDescriptor, request: Message) -> Message:
    """Call an RPC by its descriptor; of a stream, the first answer."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    kind = import_module(method.output_type.file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    read = getattr(kind, method.output_type.name).FromString
    if method.server_streaming:
        answer: Message = next(
            iter(channel.unary_stream(path, type(request).SerializeToString, read)(request))
        )
    else:
        answer = channel.unary_unary(path, type(request).SerializeToString, read)(request)
    return answer


@dataclass(frozen=True)
class Truth:
    """The counts behind the answers, which nobody outside sees: of the state that stands, and of this moment."""

    number: int
    live: ShortageTable
    counted: Cube
    released: dict[str, Cube]

    @property
    def hidden(self) -> Mask:
        return self.live.for_edition(Edition.PUBLIC).pattern.hidden


Walk = list[tuple[str, Message, Message]]


def truth(database: Database, names: list[str]) -> Truth:
    with database.read() as session:
        live = Live(AXES, Method())
        frame, known = live.follow(session), published_states.last(session)
        assert frame is not None
        assert known is not None
        table = published_table(session, frame, known, live.closed)
        snapshots = {name: releases.snapshot(session, name.partition("/")[2]) for name in names}
    assert table is not None
    return Truth(
        known.number,
        table,
        frame.cube,
        {name: read_snapshot(data)[0].cube for name, data in snapshots.items()},
    )


def walk(whole: Installation, asked: Asked, only: list[str]) -> Walk:
    found: Walk = []
    with whole.channel("talent", *OUTSIDE) as channel:
        for method in rpcs():
            if method.name in only:
                requests = WALKED[method.name](asked)
                found += [(method.name, each, call(channel, method, each)) for each in requests]
    return found


def published(whole: Installation) -> str:
    """A signed release of the public edition."""
    made: Any = None
    for subject, role, step, kind in (
        ("pu", "talent_officer", "CreateShortageRelease", release_wire.CreateShortageReleaseRequest),
        ("pv", "talent_officer", "CheckShortageRelease", release_wire.CheckShortageReleaseRequest),
        ("pw", "supervisor", "SignShortageRelease", release_wire.SignShortageReleaseRequest),
    ):
        with whole.channel("talent", Grant(role), subject=subject) as channel:
            stub = shortage_release_service_pb2_grpc.ShortageReleaseServiceStub(channel)
            public = {"quarter": str(QUARTER), "edition": release_pb2.STATISTICS_EDITION_PUBLIC}
            given = {"name": made.name, "etag": made.etag} if made else public
            made = getattr(stub, step)(kind(**given))
    return str(made.name)


def scope(at: Place) -> messages.ShortageScope:
    node, city, category = at
    return scope_to_wire(AXES, Address(AXES.nodes[node], AXES.cities[city], AXES.categories[category]))


def person(at: Place) -> person_pb2.Person:
    """Somebody of a leaf cell."""
    node, city, category = at
    return person_pb2.Person(
        source_ref=f"P-{uuid4()}",
        display_name="某某",
        category_code=AXES.categories[category],
        city_code=AXES.cities[city],
        availability=person_pb2.AVAILABILITY_NOW,
        direction_shares=[direction_share_pb2.DirectionShare(code=AXES.nodes[node], permille=1000)],
        observed_date=date_to_wire(QUARTER.end),
        purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS],
    )
