"""MatchRunService: started, followed, stopped, continued and taken away; and what is refused."""

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from pyarrow import csv, parquet

from bole.funding.v1 import fund_service_pb2, fund_service_pb2_grpc
from bole.matcher.v1 import match_run_service_pb2 as wire
from bole.matcher.v1 import match_run_service_pb2_grpc
from services.chassis.identity.identity import Grant
from services.chassis.rpc.failures import read_failure
from services.cli.answers.output import Format, Output
from services.cli.matcher import match_runs
from services.cli.session import Session
from services.matcher.score.scoring import EDITION
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused, staff_token

SECONDS = 60
RUNNING, DONE = wire.MatchRun.STATE_RUNNING, wire.MatchRun.STATE_DONE
PARQUET, CSV = wire.MATCH_FILE_FORMAT_PARQUET, wire.MATCH_FILE_FORMAT_CSV


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", OFFICER, subject="runner") as channel:
        yield match_run_service_pb2_grpc.MatchRunServiceStub(channel)


def ended(whole: Installation, stub: Any, name: str) -> wire.MatchRun:
    def ask() -> wire.MatchRun | None:
        run = stub.GetMatchRun(wire.GetMatchRunRequest(name=name), timeout=SECONDS)
        return None if run.state == RUNNING else run

    found = whole.until(ask)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def done(whole: Installation) -> wire.MatchRun:
    with whole.channel("matcher", OFFICER, subject="runner") as channel:
        made = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        request = wire.MatchAllRequest(kind="person-position", limit=2, request_id=str(uuid4()))
        run = made.MatchAll(request, timeout=SECONDS)
        assert made.MatchAll(request, timeout=SECONDS).name == run.name
        return ended(whole, made, run.name)


def test_a_run_over_all_positions_is_worked_out_and_taken_in_both_forms(
    stub: Any, done: wire.MatchRun
) -> None:
    assert (done.state, done.creator, list(done.city_codes)) == (DONE, "runner", [])
    assert done.done_count == done.anchor_count > 0
    tables = {}
    for form, read in ((PARQUET, parquet.read_table), (CSV, csv.read_csv)):
        request = wire.DownloadMatchRunRequest(name=done.name, format=form)
        first, *pieces = stub.DownloadMatchRun(request, timeout=SECONDS)
        data = b"".join(each.data for each in pieces)
        assert first.file.sha256 == hashlib.sha256(data).hexdigest()
        assert first.file.size_bytes == len(data)
        tables[form] = read(io.BytesIO(data))
        assert tables[form].num_rows == first.file.row_count > 0
    rows = tables[PARQUET].to_pylist()
    assert "SYNTHETIC" in {row["origin"] for row in rows} <= {"SYNTHETIC", "REAL"}
    assert {row["rank"] for row in rows} <= {1, 2}
    assert all(row["anchor"].startswith("positions/") for row in rows)
    assert all(row["candidate"].startswith("persons/") for row in rows)
    assert tables[CSV].column("candidate").to_pylist() == [row["candidate"] for row in rows]


def test_a_file_tells_nobody_s_name_whatever_is_stated(
    whole: Installation, stub: Any, done: wire.MatchRun
) -> None:
    """It holds numbers of records alone, so it needs no second person as an export of people does."""
    taken = wire.DownloadMatchRunRequest(name=done.name, format=CSV)
    first, *pieces = stub.DownloadMatchRun(taken, timeout=SECONDS)
    table = csv.read_csv(io.BytesIO(b"".join(each.data for each in pieces)))
    described = "kind anchor rank candidate log_odds probability calibrated city_code direction_codes origin"
    assert table.column_names == described.split()
    with whole.channel("matcher", OFFICER, subject="runner", purpose="talent-service") as channel:
        stated = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        again = next(iter(stated.DownloadMatchRun(taken, timeout=SECONDS)))
    assert again.file.sha256 == first.file.sha256


def test_a_file_says_what_its_pairs_were_found_with(whole: Installation, stub: Any) -> None:
    asked = wire.MatchAllRequest(
        kind="person-position", limit=2, filter="city_code = suzhou", same_industry=True, by_city=True
    )
    run = ended(whole, stub, stub.MatchAll(asked, timeout=SECONDS).name)
    request = wire.DownloadMatchRunRequest(name=run.name, format=PARQUET)
    first, *pieces = stub.DownloadMatchRun(request, timeout=SECONDS)
    facts = dict(first.file.metadata)
    held = parquet.read_schema(io.BytesIO(b"".join(each.data for each in pieces))).metadata
    assert {key.decode(): value.decode() for key, value in held.items()} == {
        f"bole.{key}": value for key, value in facts.items()
    }
    told = {"name": run.name, "kind": run.kind, "limit": "2", "filter": "city_code = suzhou"}
    told |= {"same_industry": "true", "by_city": "true", "city_codes": "", "state": "DONE"}
    told |= {"anchors": str(run.anchor_count), "done": str(run.done_count), "model": run.model}
    told |= {"edition": str(EDITION), "weights": "by-hand"}
    assert told.items() <= facts.items()
    assert facts["model"] == f"{facts['encoder']}.{facts['edition']}"
    assert facts["encoder"].startswith("lexical-")
    assert facts["created"] == f"{run.create_time.ToDatetime():%Y-%m-%dT%H:%M:%SZ}" <= facts["updated"]
    assert facts["updated"] <= facts["taken"]


def test_what_a_csv_cannot_say_stands_beside_it(
    whole: Installation, stub: Any, done: wire.MatchRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = staff_token(whole, OFFICER, subject="runner")
    session = Session(whole.settings, Output(Format.TABLE, "en"), token=token)
    path = tmp_path / "matches.csv"
    match_runs.take(session, done.name, path)
    session.close()
    described = json.loads((tmp_path / "matches.csv-metadata.json").read_text())
    assert (described["@context"], described["url"]) == ("http://www.w3.org/ns/csvw", "matches.csv")
    columns = described["tableSchema"]["columns"]
    assert [each["name"] for each in columns] == csv.read_csv(path).column_names
    (facts,) = described["notes"]
    assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts["row_count"] == csv.read_csv(path).num_rows
    assert (facts["name"], facts["model"], facts["state"]) == (done.name, done.model, "DONE")
    assert "matches.csv-metadata.json" in "".join(capsys.readouterr().err.split())


def test_a_run_by_industry_and_city_lists_every_city(whole: Installation, stub: Any) -> None:
    asked = wire.MatchAllRequest(kind="person-position", limit=1, same_industry=True, by_city=True)
    run = ended(whole, stub, stub.MatchAll(asked, timeout=SECONDS).name)
    assert (run.state, run.by_city, run.same_industry) == (DONE, True, True)
    taken = wire.DownloadMatchRunRequest(name=run.name, format=PARQUET)
    _, *pieces = stub.DownloadMatchRun(taken, timeout=SECONDS)
    rows = parquet.read_table(io.BytesIO(b"".join(each.data for each in pieces))).to_pylist()
    lists = [(row["anchor"], row["city_code"]) for row in rows]
    assert len(lists) == len(set(lists)) > len({anchor for anchor, _ in lists})
    assert {row["rank"] for row in rows} == {1}
    failure = refused(stub.MatchAll, wire.MatchAllRequest(kind="person-position", limit=101, by_city=True))
    assert (failure.code, failure.violations[0].field) == ("INVALID_ARGUMENT", "limit")


def test_runs_are_listed_for_whom_they_are(whole: Installation, stub: Any, done: wire.MatchRun) -> None:
    request = wire.ListMatchRunsRequest(filter="state = DONE AND kind = person-position")
    assert done.name in [each.name for each in stub.ListMatchRuns(request, timeout=SECONDS).match_runs]
    with whole.channel("matcher", Grant("auditor"), subject="auditor") as channel:
        auditor = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        assert auditor.GetMatchRun(wire.GetMatchRunRequest(name=done.name), timeout=SECONDS) == done
        taken = wire.DownloadMatchRunRequest(name=done.name, format=CSV)
        assert refused(lambda asked: list(auditor.DownloadMatchRun(asked)), taken).code == "PERMISSION_DENIED"
    with whole.channel("matcher", OFFICER, subject="somebody-else") as channel:
        other = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        assert other.ListMatchRuns(wire.ListMatchRunsRequest(), timeout=SECONDS).total_size == 0
        assert refused(other.GetMatchRun, wire.GetMatchRunRequest(name=done.name)).code == "NOT_FOUND"


def test_an_officer_of_a_city_has_its_anchors_alone(whole: Installation) -> None:
    grant = Grant("talent_officer", city="suzhou", purposes=frozenset({"talent-service"}))
    with whole.channel("matcher", grant, subject="of-suzhou") as channel:
        stub = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        request = wire.MatchAllRequest(kind="person-position", validate_only=True)
        run = stub.MatchAll(request, timeout=SECONDS)
        assert list(run.city_codes) == ["suzhou"]
        assert refused(stub.GetMatchRun, wire.GetMatchRunRequest(name=run.name)).code == "NOT_FOUND"


def test_what_is_stopped_goes_on(whole: Installation, stub: Any) -> None:
    def stopped() -> wire.MatchRun | None:
        run = stub.MatchAll(wire.MatchAllRequest(kind="similar-persons", limit=100), timeout=SECONDS)
        try:
            return stub.CancelMatchRun(wire.CancelMatchRunRequest(name=run.name), timeout=SECONDS)
        except grpc.RpcError as error:
            if read_failure(error).reason == "RUN_NOT_RUNNING":  # it was done before
                return None
            raise

    found = whole.until(stopped)
    assert found is not None
    assert found.state == wire.MatchRun.STATE_CANCELLED
    again = stub.ResumeMatchRun(wire.ResumeMatchRunRequest(name=found.name), timeout=SECONDS)
    assert again.state == RUNNING
    assert ended(whole, stub, found.name).state == DONE


def test_a_run_that_is_over_is_neither_stopped_nor_continued(stub: Any, done: wire.MatchRun) -> None:
    failure = refused(stub.CancelMatchRun, wire.CancelMatchRunRequest(name=done.name))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "RUN_NOT_RUNNING")
    failure = refused(stub.ResumeMatchRun, wire.ResumeMatchRunRequest(name=done.name))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "RUN_NOT_STOPPED")


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"kind": "person-positon"}, "kind", "UNKNOWN_PAIR_KIND"),
        ({"kind": "person-cell"}, "kind", "KIND_WITHOUT_RUNS"),
        ({"kind": "person-firm", "limit": 101}, "limit", None),
        ({"kind": "person-firm", "filter": "salary > 3"}, "filter", None),
        ({"kind": "person-firm", "filter": "city_code = 亚特兰蒂斯"}, "filter", None),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(
    stub: Any, given: dict[str, Any], field: str, reason: str | None
) -> None:
    failure = refused(stub.MatchAll, wire.MatchAllRequest(**given))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)
    assert reason is None or failure.reason == reason


def test_names_and_forms_that_are_none_are_refused(stub: Any, done: wire.MatchRun) -> None:
    for name in ("runs/1", "matchRuns/", "matchRuns/a/b"):
        assert refused(stub.GetMatchRun, wire.GetMatchRunRequest(name=name)).reason == "INVALID_NAME"
    assert refused(stub.CancelMatchRun, wire.CancelMatchRunRequest(name="matchRuns/none")).code == "NOT_FOUND"
    assert refused(stub.ResumeMatchRun, wire.ResumeMatchRunRequest(name="matchRuns/none")).code == "NOT_FOUND"

    def taken(request: wire.DownloadMatchRunRequest) -> list[Any]:
        return list(stub.DownloadMatchRun(request))

    assert refused(taken, wire.DownloadMatchRunRequest(name=done.name)).code == "INVALID_ARGUMENT"
    nothing = wire.DownloadMatchRunRequest(name="matchRuns/none", format=CSV)
    assert refused(taken, nothing).code == "NOT_FOUND"
    assert fields(refused(stub.ListMatchRuns, wire.ListMatchRunsRequest(filter="colour = red"))) == ["filter"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_shows_and_takes_a_run(
    whole: Installation,
    done: wire.MatchRun,
    tmp_path: Path,
    language: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = staff_token(whole, OFFICER, subject="runner")
    session = Session(whole.settings, Output(Format.TABLE, language), token=token)
    match_runs.show(session, match_runs.listed(session, "", 5))
    path = tmp_path / "matches.parquet"
    match_runs.take(session, done.name, path)
    started = match_runs.start(session, "team-position", 1, "", same_industry=True, by_city=True)
    assert (started.by_city, started.same_industry, started.limit) == (True, True, 1)
    while match_runs.get(session, started.name).state == RUNNING:
        threading.Event().wait(0.1)
    session.close()
    said = capsys.readouterr().out
    assert {"zh": "已完成", "en": "done"}[language] in said
    assert parquet.read_table(path).num_rows > 0


def test_nobody_runs_over_what_they_may_not_see(whole: Installation) -> None:
    for grant, kind in ((MANAGER, "person-position"), (OFFICER, "firm-fund")):
        with whole.channel("matcher", grant) as channel:
            stub = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
            failure = refused(stub.MatchAll, wire.MatchAllRequest(kind=kind, validate_only=True))
            assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "ROLE_MISSING")


def funds_run_over(whole: Installation, *grants: Grant) -> set[str]:
    """The funds that have lists in a run of whoever holds these grants."""
    with whole.channel("matcher", *grants) as channel:
        stub = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        run = ended(whole, stub, stub.MatchAll(wire.MatchAllRequest(kind="firm-fund", limit=1)).name)
        assert run.state == DONE
        _, *pieces = stub.DownloadMatchRun(wire.DownloadMatchRunRequest(name=run.name, format=PARQUET))
    rows = parquet.read_table(io.BytesIO(b"".join(each.data for each in pieces))).to_pylist()
    return {row["anchor"] for row in rows}


def test_a_run_over_funds_has_those_alone_that_their_manager_sees(whole: Installation) -> None:
    everything = funds_run_over(whole, MANAGER)
    with whole.channel("funding", MANAGER) as channel:
        asking = fund_service_pb2.ListFundsRequest(page_size=500)
        funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(asking).funds
    home = {fund.name: fund.city_code for fund in funds}
    city = next(home[name] for name in sorted(everything) if home[name])
    own = {name for name in everything if home[name] == city}
    assert own < everything
    of_city = Grant("fund_manager", city=city)
    assert funds_run_over(whole, of_city) == own
    assert funds_run_over(whole, of_city, OFFICER) == own
    with whole.channel("matcher", OFFICER, Grant("fund_manager", fund="somebody-s")) as channel:
        stub = match_run_service_pb2_grpc.MatchRunServiceStub(channel)
        failure = refused(stub.MatchAll, wire.MatchAllRequest(kind="firm-fund", validate_only=True))
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED")
