"""Whoever gets the public edition finds no hidden number in any answer of the map, nor by subtracting answers."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import grpc
import numpy as np
import pytest

from bole.talent.v1 import library_service_pb2 as library_wire
from bole.talent.v1 import (
    library_service_pb2_grpc,
    shortage_service_pb2_grpc,
)
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.wire import date_to_wire
from services.chassis.storage.db import Database, open_engine
from services.talent.domain.disclosure.rules import HIDDEN
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from services.talent.rpc.shortage.shortage_wire import CITY, INDUSTRY
from services.talent.service.shortage.counting.live import Live
from services.talent.store.counts import published as published_states
from tests.contract.installation import Installation, refused
from tests.contract.talent.outsider import (
    Mask,
    Place,
    by_subtraction,
    numbers,
    sayings,
    small,
    thin,
)
from tests.contract.talent.walking import (
    AXES,
    LIVE,
    OUTSIDE,
    QUARTER,
    WALKED,
    Asked,
    Truth,
    Walk,
    call,
    person,
    published,
    rpcs,
    scope,
    truth,
    walk,
)

LEAST = 10
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
