"""What a first-time user finds in the sample: closed quarters, and records that may be one person."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import (
    duplicate_service_pb2,
    duplicate_service_pb2_grpc,
    evidence_pb2,
    evidence_service_pb2,
    move_service_pb2,
    move_service_pb2_grpc,
    nomination_pb2,
    nomination_service_pb2,
    position_pb2,
    position_service_pb2,
    shortage_analysis_service_pb2,
    shortage_analysis_service_pb2_grpc,
    shortage_pb2,
    training_pb2,
    training_service_pb2,
    training_service_pb2_grpc,
)
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.demo import (
    evidence_sample,
    flow_sample,
    hire_sample,
    nomination_sample,
    quarter_sample,
)
from services.cli.running import processes, signing_in
from services.cli.session import Session
from services.cli.talent import evidence, nominations, positions
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.clock import civil_date
from services.sample import PLANTED_DOUBLES, write_sample
from services.sample.evidence import evidence as made_up
from tests.contract.installation import installation, staff_token
from tests.servers import nursery
from tests.storm.house import until


@pytest.fixture
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """An officer of a talent service with the small sample, for this test alone."""
    made = installation(tmp_path_factory.mktemp("sample"), nursery.spawn)
    made.start("talent")
    workbook = made.settings.data_dir / "sample.xlsx"
    write_sample(workbook, "small", as_of=civil_date(datetime.now(UTC)))
    opened = Session(made.settings, Output(Format.TABLE, "zh"), token=staff_token(made))
    assert importing.send(opened, "talent", workbook, Mode.IMPORT_MODE_GOOD_ROWS).committed
    yield opened
    opened.close()
    assert set(made.stop().values()) == {0}


def test_the_sample_has_a_past_and_suspected_duplicates(staff: Session) -> None:
    analysis = shortage_analysis_service_pb2_grpc.ShortageAnalysisServiceStub(staff.channel("talent"))
    request = shortage_analysis_service_pb2.ForecastShortageRequest(scope=shortage_pb2.ShortageScope())
    assert not analysis.ForecastShortage(request).months
    for _ in range(2):
        quarter_sample.lay(staff.settings)
    found = analysis.ForecastShortage(request)
    assert len(found.months) == 24
    assert processes.run_tool("talent", ["recount", "check"], staff.settings).returncode == 0
    pairs = duplicate_service_pb2_grpc.DuplicateServiceStub(staff.channel("talent"))

    def suspected() -> int:
        request = duplicate_service_pb2.ListDuplicateSuggestionsRequest()
        return len(pairs.ListDuplicateSuggestions(request).suggestions)

    assert until(lambda: suspected() >= len(PLANTED_DOUBLES), 30)


def test_the_sample_has_evidence_that_a_second_person_confirmed(staff: Session) -> None:
    today = civil_date(datetime.now(UTC))
    second = signing_in.beside(staff, evidence_sample.CONFIRMS, "talent_officer")
    said = evidence_sample.send(staff, second, today)
    second.close()
    records = evidence.stub(staff).ListEvidenceRecords(
        evidence_service_pb2.ListEvidenceRecordsRequest(page_size=500)
    )
    assert f"{records.total_size} 条" in said.zh
    assert {each.origin for each in records.records} == {data_origin_pb2.DATA_ORIGIN_SYNTHETIC}
    states = Counter(each.state for each in records.records)
    waiting = sum(not each.confirmed for each in made_up(today))
    assert states[evidence_pb2.EvidenceRecord.STATE_ENTERED] == waiting > 0
    assert states.total() - waiting == states[evidence_pb2.EvidenceRecord.STATE_CONFIRMED]
    goals = evidence.stub(staff).ListTargetProgress(evidence_service_pb2.ListTargetProgressRequest()).targets
    assert [each.target for each in goals if each.HasField("value") and not each.actual] == []


def test_the_sample_has_people_who_started_a_year_ago(staff: Session) -> None:
    today = civil_date(datetime.now(UTC))
    said = hire_sample.send(staff, "small", today)
    stub = positions.stub(staff)
    asked = position_service_pb2.ListPositionsRequest(page_size=500)
    found = [each for each in stub.ListPositions(asked).positions if each.source_ref.startswith("h-")]
    assert f"{len(found)} 人" in said.zh
    assert len(found) > 20
    for each in found:
        assert each.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC
        assert each.state == position_pb2.Position.STATE_CLOSED
        parent = position_service_pb2.ListPositionOutcomesRequest(parent=each.name)
        (outcome,) = stub.ListPositionOutcomes(parent).outcomes
        assert outcome.kind == position_pb2.PositionOutcome.KIND_FILLED_FROM_LIBRARY
        assert date_from_wire(outcome.outcome_date) <= today - timedelta(days=365)
    quarter_sample.lay(staff.settings)
    assert processes.run_tool("talent", ["recount", "check"], staff.settings).returncode == 0


def test_the_sample_has_training_places_and_moves(staff: Session) -> None:
    said = flow_sample.send(staff, "small", civil_date(datetime.now(UTC)))
    channel = staff.channel("talent")
    places = training_service_pb2_grpc.TrainingServiceStub(channel).ListTrainingPlaces(
        training_service_pb2.ListTrainingPlacesRequest(page_size=500)
    )
    moves = move_service_pb2_grpc.MoveServiceStub(channel).ListMoves(
        move_service_pb2.ListMovesRequest(page_size=500)
    )
    assert f"{places.total_size} 条" in said.zh
    assert f"{moves.total_size} 条" in said.zh
    made = [*places.training_places, *moves.moves]
    assert {each.origin for each in made} == {data_origin_pb2.DATA_ORIGIN_SYNTHETIC}
    states = Counter(each.state for each in places.training_places)
    assert states[training_pb2.TrainingPlace.STATE_ACTIVE] > 10
    assert states[training_pb2.TrainingPlace.STATE_CANCELLED] == 1
    assert sum(each.HasField("void_time") for each in moves.moves) == 1
    quarter_sample.lay(staff.settings)
    assert processes.run_tool("talent", ["recount", "check"], staff.settings).returncode == 0


def test_the_sample_has_nominations_in_every_state_whose_next_step_is_open_to_anybody(staff: Session) -> None:
    today = civil_date(datetime.now(UTC))
    hands = [
        signing_in.beside(staff, each, "talent_officer")
        for each in (nomination_sample.NOMINATES, nomination_sample.REVIEWS, nomination_sample.DECIDES)
    ]
    said = nomination_sample.send(nomination_sample.Hands(*hands), "small", today)
    for each in hands:
        each.close()
    found = nominations.stub(staff).ListNominations(
        nomination_service_pb2.ListNominationsRequest(page_size=500)
    )
    assert f"申报 {found.total_size} 项" in said.zh
    assert {each.origin for each in found.nominations} == {data_origin_pb2.DATA_ORIGIN_SYNTHETIC}
    states = set(nomination_pb2.Nomination.State.values()) - {nomination_pb2.Nomination.STATE_UNSPECIFIED}
    assert {each.state for each in found.nominations} == states
    made = next(each for each in found.nominations if each.state == nomination_pb2.Nomination.STATE_REVIEWED)
    decided = nomination_service_pb2.DecideNominationRequest(
        name=made.name, etag=made.etag, awards=True, note="同意", validate_only=True
    )
    assert nominations.stub(staff).DecideNomination(decided).state == nomination_pb2.Nomination.STATE_AWARDED
    for programme in {each.programme_code for each in found.nominations}:
        request = nomination_service_pb2.ListNominationQuotasRequest(
            programme_code=programme, year=today.year
        )
        quotas = nominations.stub(staff).ListNominationQuotas(request).quotas
        assert sum(each.awarded_count for each in quotas) > 1
        assert all(each.awarded_count <= each.place_count for each in quotas if each.place_count)
