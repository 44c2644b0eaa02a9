"""Roles × methods: the whole matrix of the talent service, every cell against the contract."""

from datetime import UTC, datetime
from itertools import product

import pytest
from google.protobuf import descriptor_pool

from services.chassis.contract import access_of
from services.chassis.identity.identity import ROLES, Grant, Principal
from services.chassis.policy import may_call
from tests.contract.noise import message_of
from tests.fuzz.calling import ways

NOW = datetime(2026, 6, 1, tzinfo=UTC)
_KEEP = {"talent_officer"}
_LIBRARY = _KEEP | {"talent_viewer", "auditor"}
_MAP = _LIBRARY | {"fund_manager", "fund_analyst"}
_TRAIL = _KEEP | {"auditor"}
_CHECK = _KEEP | {"supervisor"}
_EVIDENCE = _LIBRARY | {"supervisor"}
_ANYBODY = {"*"}
METHODS = {
    "ActApplicationService": {
        "CreateActApplication": _KEEP, "AnswerActApplication": _CHECK, "ListActApplications": _CHECK | {"auditor"},
    },
    "ActApprovalService": {"ApproveAct": _CHECK, "ListActApprovals": _CHECK | {"auditor"}},
    "AssertionService": {
        "AssertPerson": _KEEP, "RetractStatement": _KEEP, "ConfirmPerson": _KEEP, "ListPersonAssertions": _LIBRARY,
    },
    "ConsentService": {
        "RecordConsent": _KEEP, "ListConsentEntries": _TRAIL, "ListPersonLookups": _TRAIL,
        "ListLookupAnomalies": {"auditor"},
    },
    "DuplicateService": {
        **dict.fromkeys(
            ("CheckDuplicates", "JudgeDuplicate", "WithdrawDuplicateJudgement", "MergePersons", "UnmergePersons",
             "LinkDuplicates"), _KEEP),
        **dict.fromkeys(("ListDuplicateSuggestions", "GetDuplicateSuggestion", "ListDuplicateJudgements"), _TRAIL),
    },
    "EvidenceService": {
        **dict.fromkeys(
            ("CreateEvidenceRecord", "UpdateEvidenceRecord", "VoidEvidenceRecord", "DeleteEvidenceRecord"), _KEEP),
        "ConfirmEvidenceRecord": _CHECK,
        **dict.fromkeys(("GetEvidenceRecord", "ListEvidenceRecords", "ListTargetProgress"), _EVIDENCE),
    },
    "ExpectedHireService": {"ListExpectedHires": _MAP},
    "LibraryService": {
        **dict.fromkeys(("CreatePerson", "UpdatePerson", "WithdrawPerson", "ErasePerson"), _KEEP),
        **dict.fromkeys(("GetPerson", "ListPersons", "SearchPersons", "GetTeam", "ListTeams"), _LIBRARY),
    },
    "MoveService": {
        "CreateMove": _KEEP, "VoidMove": _KEEP, "GetMove": _LIBRARY, "ListMoves": _LIBRARY, "SearchMoves": _LIBRARY,
    },
    "NominationService": {
        **dict.fromkeys(
            ("CreateNomination", "CheckNominationEligibility", "DeclareConflictOfInterest", "ReviewNomination",
             "DecideNomination", "FundNomination", "FollowUpNomination", "WithdrawNomination", "SetNominationQuota"),
            _KEEP),
        **dict.fromkeys(
            ("GetNomination", "ListNominations", "ListNominationSteps", "ListNominationQuotas"), _LIBRARY),
    },
    "PositionService": {
        **dict.fromkeys(
            ("CreatePosition", "ClosePosition", "UpdatePosition", "RenewPosition", "ReopenPosition",
             "CreatePositionOutcome", "VoidPositionOutcome"), _KEEP),
        "ListPositionOutcomes": _LIBRARY, "GetPosition": _MAP, "ListPositions": _MAP, "SearchPositions": _MAP,
    },
    "ReportService": {
        "CreateReport": _KEEP, "CheckReport": _CHECK, "RejectReport": _CHECK, "SignReport": {"supervisor"},
        "RecomputeReport": _CHECK | {"auditor"},
        **dict.fromkeys(("GetReport", "ListReports", "GetReportCalendar", "DownloadReport"), _ANYBODY),
    },
    "ShortageAnalysisService": {
        "AllocateRecruitment": _KEEP, "PublishShortageForecast": _KEEP,
        **dict.fromkeys(
            ("ForecastShortage", "SimulateShortage", "ReweighShortage", "GetRecruitmentPlan", "ListRecruitmentPlans",
             "GetShortageForecast", "ListShortageForecasts"), _MAP),
        "GetShortageTrend": _ANYBODY, "CompareShortageCities": _ANYBODY,
    },
    "ShortageReleaseService": {
        "CreateShortageRelease": _KEEP, "CheckShortageRelease": _CHECK, "RejectShortageRelease": _CHECK,
        "SignShortageRelease": {"supervisor"}, "VerifyShortageRelease": _CHECK | {"auditor"},
        **dict.fromkeys(
            ("GetShortageRelease", "ListShortageReleases", "ListReleasedCells", "CompareShortageReleases"), _ANYBODY),
    },
    "ShortageService": dict.fromkeys(("GetShortageGrid", "RankShortageCells", "GetShortageCell"), _ANYBODY),
    "ShortageWatchService": dict.fromkeys(
        ("CreateShortageWatch", "ListShortageWatches", "DeleteShortageWatch"), _MAP),
    "TalentProgressService": {"GetTalentProgress": _ANYBODY},
    "TalentExportService": {"ExportRecords": _KEEP, "ListExports": _TRAIL},
    "TalentImportService": {
        "ImportWorkbook": _KEEP, "UndoImport": _KEEP, "GetImport": _TRAIL, "ListImports": _TRAIL,
        "ListImportRows": _TRAIL,
    },
    "TeamService": {"CreateTeam": _KEEP, "UpdateTeam": _KEEP, "DissolveTeam": _KEEP, "GetTeamGaps": _LIBRARY},
    "TrainingService": {
        **dict.fromkeys(("CreateTrainingPlace", "UpdateTrainingPlace", "CancelTrainingPlace"), _KEEP),
        **dict.fromkeys(("GetTrainingPlace", "ListTrainingPlaces", "SearchTrainingPlaces"), _LIBRARY),
    },
}  # fmt: skip
CELLS = {(service, name): roles for service, methods in METHODS.items() for name, roles in methods.items()}


def test_the_matrix_names_every_method() -> None:
    paths = [way.path.rpartition(".")[2].split("/") for way in ways() if way.service == "talent"]
    assert {(service, name) for service, name in paths} == set(CELLS)


@pytest.mark.parametrize(("service", "name"), CELLS)
def test_a_method_is_open_to_the_roles_of_the_matrix_and_no_other(service: str, name: str) -> None:
    message_of("bole.talent.v1.Person")  # with all methods
    method = descriptor_pool.Default().FindMethodByName(f"bole.talent.v1.{service}.{name}")
    roles = CELLS[service, name]
    assert set(access_of(method).roles) == roles
    for role, city in product(sorted(ROLES), (None, "suzhou")):
        held = Principal("s", "staff", (Grant(role, city=city),))
        assert may_call(held, method, NOW) == bool(roles & {role, "*"}), (role, city)
        for scoped in (Grant(role, fund="f"), Grant(role, firm="f")):
            assert not may_call(Principal("s", "staff", (scoped,)), method, NOW)
