"""Runs over all anchors: portions that survive anything, a fresh start under other scores, erasure, and the file."""

import io
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from pyarrow import csv, parquet
from sqlalchemy import select

from bole.talent.v1 import person_pb2
from services.catalogue import load
from services.kernel.errors import FailedPrecondition
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS, Weighing
from services.matcher.domain.run import MatchRun, RunState
from services.matcher.service.runs.run_files import FileFormat, write_run
from services.matcher.service.runs.running import MOST_RUNNING, Asked, Runs
from services.matcher.store import runs as store
from services.matcher.store.schema import match_run_pair
from tests.integration.matcher.installed import CODES, TEXTS, Matcher
from tests.integration.matcher.producing import Producer
from tests.unit.matcher.examples import among_people

KIND = KINDS["person-position"]
Pair = tuple[str, int, str, float]


@pytest.fixture
def runs(matcher: Matcher, producer: Producer) -> Runs:
    with producer.together():
        for number in range(5):
            producer.person(f"p{number}", TEXTS[number % 4], code=CODES[number % 3])
            city = ("suzhou", "wuxi")[number % 2]
            producer.position(f"o{number}", TEXTS[number % 4], code=CODES[number % 3], city=city)
    matcher.follow()
    return anew(matcher)


def anew(matcher: Matcher) -> Runs:
    return Runs(matcher.house, matcher.engine, load(), threading.Event(), portion=2)


def start(matcher: Matcher, runs: Runs, **given: Any) -> str:
    asked: dict[str, Any] = {"limit": 3, "filter": "", "same_industry": False, "by_city": False}
    asked |= {"kind": KIND, "cities": (), **given}
    with matcher.house.database.write() as session:
        return runs.start(session, Asked(creator="officer", **asked)).id


def finish(runs: Runs) -> None:
    while runs.step():
        pass


def got(matcher: Matcher, id_: str) -> MatchRun:
    with matcher.house.database.read() as session:
        run = store.get(session, id_)
        assert run is not None
        return run


def pairs(matcher: Matcher) -> list[Pair]:
    table = match_run_pair.c
    query = select(table.anchor_id, table.rank, table.candidate_id, table.log_odds)
    with matcher.house.database.read() as session:
        return [tuple(row) for row in session.execute(query.order_by(table.anchor_id, table.rank))]


def searched(matcher: Matcher, anchors: Iterable[str], k: int = 3) -> list[Pair]:
    find = matcher.engine.view.finder.find
    return [
        (anchor, match.rank, match.item.id, match.log_odds)
        for anchor in anchors
        for match in find(KIND.key, (ItemKind.POSITION, anchor), k)
    ]


def test_a_run_finds_what_searches_find_and_resumes_where_it_stopped(matcher: Matcher, runs: Runs) -> None:
    id_ = start(matcher, runs)
    assert runs.step()
    with matcher.house.database.write() as session:
        runs.cancel(session, id_)
    assert not runs.step()
    stopped = got(matcher, id_)
    assert (stopped.state, stopped.done, stopped.anchors, stopped.cursor) == (RunState.CANCELLED, 2, 5, "o1")
    with matcher.house.database.write() as session:
        runs.resume(session, id_)
    finish(anew(matcher))
    ended = got(matcher, id_)
    assert (ended.state, ended.done, ended.pairs) == (RunState.DONE, 5, 15)
    assert pairs(matcher) == searched(matcher, [f"o{n}" for n in range(5)])
    for step in (runs.cancel, runs.resume):
        with matcher.house.database.write() as session, pytest.raises(FailedPrecondition):
            step(session, id_)


def test_other_scores_begin_it_anew(matcher: Matcher, runs: Runs) -> None:
    id_ = start(matcher, runs)
    runs.step()
    factors = {use.name: 0.5 for use in KIND.features}
    matcher.engine.weigh([Weighing(KIND.key, "w1", -1.0, factors)])
    matcher.engine.follow([])
    finish(runs)
    assert (got(matcher, id_).model, got(matcher, id_).done) == (matcher.engine.version, 5)
    assert pairs(matcher) == searched(matcher, [f"o{n}" for n in range(5)])


def test_restrictions_hold_and_too_many_runs_are_refused(matcher: Matcher, runs: Runs) -> None:
    start(matcher, runs, cities=("wuxi",), same_industry=True)
    finish(runs)
    assert {anchor for anchor, *_ in pairs(matcher)} == {"o1", "o3"}
    view = matcher.engine.view.space.population
    for anchor, _, candidate, _ in pairs(matcher):
        one, other = (
            view(kind).columns.integers("industries")[view(kind).row_of[id_]]
            for kind, id_ in ((ItemKind.POSITION, anchor), (ItemKind.PERSON, candidate))
        )
        assert one & other
    for _ in range(MOST_RUNNING):
        start(matcher, runs, filter="city_code = nantong")
    with pytest.raises(FailedPrecondition) as refusal:
        start(matcher, runs)
    assert refusal.value.reason == "TOO_MANY_RUNS"
    with matcher.house.database.write() as session:
        stopped = store.running(session)
        assert stopped is not None
        runs.cancel(session, stopped.id)
    start(matcher, runs)
    with matcher.house.database.write() as session, pytest.raises(FailedPrecondition) as refusal:
        runs.resume(session, stopped.id)
    assert refusal.value.reason == "TOO_MANY_RUNS"


def test_a_city_s_run_over_funds_leaves_the_province_s_own_out(
    matcher: Matcher, runs: Runs, producer: Producer
) -> None:
    with producer.together():
        producer.firm("e0", TEXTS[0])
        for id_, city in (("of-suzhou", "suzhou"), ("of-wuxi", "wuxi"), ("of-all", "")):
            producer.fund(id_, city)
    matcher.follow()
    for cities, expected in (("suzhou",), {"of-suzhou"}), ((), {"of-suzhou", "of-wuxi", "of-all"}):
        start(matcher, runs, kind=KINDS["firm-fund"], cities=cities)
        finish(runs)
        assert {anchor for anchor, *_ in pairs(matcher)} == expected


def test_the_industries_of_a_fund_are_those_of_its_mandate(
    matcher: Matcher, runs: Runs, producer: Producer
) -> None:
    with producer.together():
        for number in range(6):
            producer.firm(f"e{number}", TEXTS[number % 4], code=CODES[number % 3])
        producer.fund("all", "")
        producer.fund("one", "", industry_codes=(load().industry_of(CODES[0]),))
    matcher.follow()
    found = []
    for same_industry in (False, True):
        id_ = start(matcher, runs, kind=KINDS["firm-fund"], same_industry=same_industry)
        finish(runs)
        assert got(matcher, id_).state is RunState.DONE
        found.append(pairs(matcher))
        with matcher.house.database.write() as session:
            session.execute(match_run_pair.delete())
    assert found[0] == found[1]
    assert {anchor for anchor, *_ in found[0]} == {"all", "one"}


@pytest.mark.parametrize("same_industry", [True, False])
def test_every_city_has_a_list_of_its_own(
    matcher: Matcher, runs: Runs, producer: Producer, same_industry: bool
) -> None:
    with producer.together():
        for number in range(5, 14):
            city = ("wuxi", "nantong")[number % 2]
            producer.person(f"p{number}", TEXTS[number % 4], code=CODES[number % 3], city=city)
    matcher.follow()
    id_ = start(matcher, runs, limit=2, by_city=True, same_industry=same_industry)
    assert runs.step()
    producer.person("p5", TEXTS[0], code=CODES[0], city="suzhou")
    matcher.follow()
    finish(runs)
    with matcher.house.database.write() as session:
        drop = match_run_pair.delete()
        session.execute(drop)
    again = start(matcher, runs, limit=2, by_city=True, same_industry=same_industry)
    finish(runs)
    assert [got(matcher, each).state for each in (id_, again)] == [RunState.DONE] * 2
    space, find = matcher.engine.view.space, matcher.engine.view.finder.find
    industry = {code: space.codes.industry_of(code) for code in CODES}
    expected = []
    for number in range(5):
        for city in space.codes.cities:
            same = f" AND industry_code:{industry[CODES[number % 3]]}" if same_industry else ""
            near = among_people(f"city_code = {city}{same}")
            expected += [
                (f"positions/o{number}", city, each.rank, f"persons/{each.item.id}")
                for each in find(KIND.key, (ItemKind.POSITION, f"o{number}"), 2, near)
            ]
    file = io.BytesIO()
    with matcher.house.database.read() as session:
        write_run(session, matcher.engine, got(matcher, again), file, FileFormat.PARQUET, {})
    file.seek(0)
    rows = parquet.read_table(file).to_pylist()
    assert sorted((row["anchor"], row["city_code"], row["rank"], row["candidate"]) for row in rows) == sorted(
        expected
    )


def test_an_anchor_that_changes_its_industries_is_there_once(
    matcher: Matcher, runs: Runs, producer: Producer
) -> None:
    start(matcher, runs, same_industry=True)
    runs.step()
    turns = sorted({anchor for anchor, *_ in pairs(matcher)})
    for anchor in turns:
        for code in CODES:
            producer.position(anchor, TEXTS[0], code=code, city="suzhou")
    matcher.follow()
    finish(runs)
    keys = [(anchor, rank) for anchor, rank, *_ in pairs(matcher)]
    assert len(keys) == len(set(keys))


def test_who_is_erased_or_withdraws_is_in_no_file(matcher: Matcher, runs: Runs, producer: Producer) -> None:
    id_ = start(matcher, runs, limit=5)
    finish(runs)
    producer.erase("p0")
    producer.person("p1", TEXTS[1], purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS])
    matcher.follow()
    assert "p0" not in {candidate for _, _, candidate, _ in pairs(matcher)}
    written = {}
    for form in FileFormat:
        file = io.BytesIO()
        with matcher.house.database.read() as session:
            count = write_run(session, matcher.engine, got(matcher, id_), file, form, {})
        file.seek(0)
        table = parquet.read_table(file) if form is FileFormat.PARQUET else csv.read_csv(file)
        assert table.num_rows == count == 15
        written[form] = table.select(["anchor", "rank", "candidate", "log_odds", "origin"]).to_pylist()
    assert written[FileFormat.PARQUET] == written[FileFormat.CSV]
    rows = written[FileFormat.CSV]
    assert {row["candidate"] for row in rows} == {"persons/p2", "persons/p3", "persons/p4"}
    assert {row["origin"] for row in rows} == {"SYNTHETIC"}


def test_a_filter_that_no_longer_can_be_read_fails_the_run(matcher: Matcher, runs: Runs) -> None:
    id_ = start(matcher, runs, filter="city_code = atlantis")
    finish(runs)
    run = got(matcher, id_)
    assert run.state is RunState.FAILED
    assert "atlantis" in run.reason_zh
    assert "atlantis" in run.reason_en
    assert pairs(matcher) == []
