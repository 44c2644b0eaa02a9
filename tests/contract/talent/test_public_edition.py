"""Whoever gets the public edition finds no hidden number in any answer of the map, nor by subtracting answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from itertools import permutations
from typing import Any
from uuid import uuid4

import grpc
import numpy as np
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import library_service_pb2 as library_wire
from bole.talent.v1 import (
    library_service_pb2_grpc,
    person_pb2,
    shortage_release_service_pb2_grpc,
    shortage_service_pb2_grpc,
)
from bole.talent.v1 import shortage_analysis_service_pb2 as analysis_wire
from bole.talent.v1 import shortage_pb2 as messages
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2 as release_wire
from bole.talent.v1 import shortage_service_pb2 as wire
from services.catalogue import load
from services.chassis.db import Database, open_engine
from services.chassis.identity import Grant
from services.chassis.policy import WITHOUT_PURPOSE, Level
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_date
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import HIDDEN, Edition
from services.talent.domain.period import Quarter
from services.talent.domain.release.snapshot import load as read_snapshot
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.events import scope_to_wire
from services.talent.rpc.shortage_wire import CATEGORY, CITY, DIRECTION, INDUSTRY
from services.talent.service.counting.live import Live
from services.talent.service.counting.publishing import published_table
from services.talent.store import releases
from services.talent.store.counts import published as published_states
from tests.contract.coverage import contract_files
from tests.contract.installation import Installation, refused
from tests.contract.talent.outsider import (
    Mask,
    Place,
    by_subtraction,
    numbers,
    sayings,
    small,
    tells_counts,
    thin,
)

AXES = Axes.of_catalogue(load())
OUTSIDE = [
    Grant(role)
    for role in (*(role for role, level in WITHOUT_PURPOSE.items() if level <= Level.PUBLIC), "visitor")
]
LEAST = 10
QUARTER = Quarter.of(civil_date(datetime.now(UTC))).later(-7)
"""Of which nothing else is published here."""
HEADS = {f"bole.talent.v1.ReleasedCell.{name}" for name in ("open_headcount", "supply", "person_count")}
WHOLE = {
    f"bole.talent.v1.{kind}.{name}"
    for kind in ("ShortageCell", "ReleasedCell")
    for name in ("index", "low", "high", "stars")
} | {f"bole.talent.v1.ShortageColumns.{name}" for name in ("indices", "lows", "highs", "stars")}
WHOLE |= {f"bole.talent.v1.ShortageCityStanding.standardised_{name}" for name in ("index", "low", "high")}
FURTHER = {
    f"bole.talent.v1.{name}"
    for name in (
        "ShortageSurplus.distance_km",
        "ShortageCityStanding.first_rank",
        "ShortageCityStanding.last_rank",
        "ShortageCityStanding.standardised_share",
        "CompareShortageCitiesResponse.ranked_count",
        "ShortageRelease.revision",
        "ShortageRelease.cell_count",
        "ShortageRelease.hidden_count",
        "ListShortageReleasesResponse.total_size",
        "ListReleasedCellsResponse.total_size",
        "CompareShortageReleasesResponse.total_size",
        "CompareShortageReleasesResponse.same_size",
    )
} | {f"google.type.Date.{name}" for name in ("year", "month", "day")}
FURTHER |= {f"google.protobuf.Timestamp.{name}" for name in ("seconds", "nanos")}
"""Numbers of what is shown, none of them a count of people or positions."""


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


@pytest.fixture
def database(whole: Installation) -> Iterator[Database]:
    """The database, once the state that stands is of a library that is filled."""
    opened = Database(open_engine(whole.settings.database_url("talent")))

    def is_filled() -> bool:
        with opened.read() as session:
            frame, known = Live(AXES, Method()).follow(session), published_states.last(session)
        return frame is not None and known is not None and frame.tokens <= 2 * known.tokens

    whole.until(is_filled)
    yield opened
    opened.close()


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


def assert_nothing_told(walked: Walk, known: Truth) -> None:
    """No answer says anything of a hidden cell but that it is hidden, and no number in it is one of a hidden cell."""
    must_hide = small(known.live.cube)
    hidden_now, hidden_seen = known.hidden, 0
    secrets = np.sort(np.concatenate([each[hidden_now] for each in _numbers_of(known.live)]))
    for name, request, answer in walked:
        for at, told in sayings(AXES, request, answer):
            if "Release" in name:
                hidden = told.get("symbol") == release_pb2.ReleasedCell.SYMBOL_SUPPRESSED
            else:
                hidden = bool(told.get("hidden"))
                assert hidden == hidden_now[at], (name, scope(at))
                assert hidden or not (must_hide[0][at] or must_hide[1][at]), (name, scope(at))
            if hidden:
                hidden_seen += 1
                assert told.keys() <= {"hidden", "symbol", "band"}, (name, scope(at), told)
                assert "band" not in told or (told["band"].zh, told["band"].en) == (HIDDEN.zh, HIDDEN.en)
        for field, value in numbers(answer):
            assert field in HEADS | WHOLE | FURTHER, f"{name} has a new number: {field} = {value}"
            assert field not in WHOLE or value == round(value), (name, field, value)
            assert field not in HEADS or value % 5 == 0, (name, field, value)
            if value != round(value):
                near = np.searchsorted(secrets, [value - 1e-9, value + 1e-9])
                assert near[0] == near[1], (name, field, value)
    assert hidden_seen


def _numbers_of(table: ShortageTable) -> list[Any]:
    found = table.indices
    return [found.index, *found.interval(), found.log_odds, found.sd, table.cube.supply]


def released_hidden(walked: Walk, name: str) -> Mask:
    """The cells of a release that are hidden, and those that it does not hold."""
    found = np.ones(AXES.shape, bool)
    for rpc, request, answer in walked:
        if rpc == "ListReleasedCells" and request.name == name:  # type: ignore[attr-defined]
            for at, told in sayings(AXES, request, answer):
                found[at] = told.get("symbol") == release_pb2.ReleasedCell.SYMBOL_SUPPRESSED
    return found


def assert_nothing_follows(hidden: Mask, cube: Cube, published: Mask) -> None:
    """No hidden cell is a shown total less its shown parts, nor confined to less than the least number by them."""
    assert [at for at in by_subtraction(AXES, hidden) if published[at]] == []
    people, employers = small(cube)
    assert thin(hidden, people, cube.persons, LEAST) == 0
    assert thin(hidden, employers, cube.demand, LEAST) == 0


def test_every_rpc_of_the_map_is_walked_or_refuses_outsiders(whole: Installation) -> None:
    found = {method.name: method for method in rpcs()}
    assert len(found) == len(list(rpcs()))
    assert WALKED.keys() <= found.keys()
    assert {"SearchPersons", "ExportRecords", "AllocateRecruitment", "ListShortageWatches"} <= found.keys()
    with whole.channel("talent", *OUTSIDE) as channel:
        for name in found.keys() - WALKED.keys():
            method = found[name]
            module = import_module(
                method.input_type.file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
            )
            with pytest.raises(grpc.RpcError) as caught:
                call(channel, method, getattr(module, method.input_type.name)())
            assert read_failure(caught.value).reason == "ROLE_MISSING", name


def test_no_hidden_number_is_told_or_follows(whole: Installation, database: Database) -> None:
    """With one person more, and with that person withdrawn: in each walk, and by subtracting one from another.

    Live answers stand until the next state is published; releases are made of the moment.
    """
    start = truth(database, [])
    few = np.argwhere(start.hidden & (start.counted.persons > 0) & (start.counted.persons < 9))
    leaf_cells = [tuple(at) for at in few if at[0] < len(AXES.leaves) and at[1] < 13 and at[2] < 6]
    target = leaf_cells[len(leaf_cells) // 2]
    near = [(target[0], target[1], -1), (target[0], -1, target[2]), (target[0], -1, -1), (-1, -1, -1)]
    places = [target, *near, *map(tuple, np.argwhere(start.hidden)[::40])]
    asked = Asked([scope(at) for at in places], [])
    walks = [walk(whole, asked, LIVE)]
    facts = [start]
    with whole.channel("talent", Grant("talent_officer")) as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        made = library.CreatePerson(library_wire.CreatePersonRequest(person=person(target)))
        asked.releases.append(published(whole))
        walks.append(walk(whole, asked, LIVE))
        facts.append(truth(database, asked.releases))
        library.WithdrawPerson(
            library_wire.WithdrawPersonRequest(name=made.name, etag=made.etag, reason="本人撤回")
        )
    asked.releases.append(published(whole))
    walks.append(walk(whole, asked, list(WALKED)))
    facts.append(truth(database, asked.releases))
    counted = [each.counted.persons[target] for each in facts]
    assert counted == [counted[0], counted[0] + 1, counted[0]]
    everywhere = np.ones(AXES.shape, bool)
    for walked, known in zip(walks, facts, strict=True):
        assert_nothing_told(walked, known)
        assert_nothing_follows(known.hidden, known.live.cube, everywhere)
    if len({each.number for each in facts}) == 1:
        answers = [[answer for name, _, answer in walked if name in LIVE] for walked in walks]
        assert answers[0] == answers[1] == answers[2]
    assert_releases_part_safely(walks[-1], facts[-1], asked.releases, target)


def assert_releases_part_safely(walked: Walk, known: Truth, names: list[str], target: Place) -> None:
    """Neither of two releases gives a hidden cell away, nor do both together; they differ by one person."""
    assert any(value for _, _, answer in walked for field, value in numbers(answer) if field in HEADS)
    margins = np.zeros(AXES.shape, bool)
    margins[-1], margins[:, -1], margins[:, :, -1] = True, True, True
    cubes = [known.released[name] for name in names]
    before, after = (released_hidden(walked, name) for name in names)
    assert cubes[0].persons[target] == cubes[1].persons[target] + 1
    for hidden, cube in zip((before, after), cubes, strict=True):
        assert (~hidden & margins).any()
        assert not ((small(cube)[0] | small(cube)[1]) & margins & ~hidden).any()
        assert_nothing_follows(hidden, cube, margins)
    assert_safe_together(before, after, cubes[1])


def assert_safe_together(before: Mask, after: Mask, cube: Cube) -> None:
    """Who knows the one person that differs knows what either of two releases shows: no small cell follows."""
    found = by_subtraction(AXES, before & after)
    few = small(cube)[0] | small(cube)[1]
    assert [at for at in found if few[at]] == []


def test_a_day_before_the_first_state_has_no_public_edition(whole: Installation, database: Database) -> None:
    day = date_to_wire(QUARTER.end)
    with whole.channel("talent", *OUTSIDE) as channel:
        stub = shortage_service_pb2_grpc.ShortageServiceStub(channel)
        for call, request in (
            (stub.GetShortageGrid, wire.GetShortageGridRequest(rows=INDUSTRY, columns=CITY, as_of_date=day)),
            (stub.GetShortageCell, wire.GetShortageCellRequest(scope=scope((0, 0, 0)), as_of_date=day)),
        ):
            failure = refused(call, request)
            assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "NO_PUBLIC_EDITION")
