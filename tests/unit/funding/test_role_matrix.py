"""Roles × actions: the whole matrix, every cell of it, against the machine and against the contract."""

import importlib
import pkgutil

import pytest

import bole.funding.v1
from bole.common.v1 import policy_pb2
from bole.funding.v1 import (
    committee_service_pb2,
    deal_document_service_pb2,
    deal_note_service_pb2,
    deal_service_pb2,
    dossier_service_pb2,
    firm_service_pb2,
    fund_service_pb2,
    interest_service_pb2,
    progress_service_pb2,
)
from services.chassis.identity.identity import ROLES as ACCOUNTS
from services.chassis.policy import OF_ITS_FIRM, WITHOUT_PURPOSE, Level
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.edges import EDGES
from services.funding.service.deals.deals import ROLES

A = Action
_MANAGER = {
    A.SUBMIT, A.START_SCREENING, A.REQUEST_INFORMATION, A.ANSWER_INFORMATION, A.INITIATE, A.START_DUE_DILIGENCE,
    A.SUBMIT_TO_COMMITTEE, A.PREPARE_SIGNING, A.CLOSE, A.DECLINE, A.WITHDRAW, A.HOLD, A.RESUME, A.IMPORT,
}  # fmt: skip
STEPS = {
    "firm_representative": {A.SUBMIT, A.ANSWER_INFORMATION, A.WITHDRAW},
    "partner_scout": {A.SUBMIT},
    "fund_analyst": {A.START_SCREENING, A.REQUEST_INFORMATION, A.ANSWER_INFORMATION},
    "fund_manager": _MANAGER,
    "committee_secretary": {
        A.PASS_INTERNAL, A.RETURN_TO_DUE_DILIGENCE, A.APPROVE, A.RETURN_TO_INTERNAL, A.DECLINE,
    },
    "legal": {A.SIGN},
    "finance": {A.PREPARE_CLOSING},
    "service": {A.LAPSE, A.IMPORT},
}  # fmt: skip
_FILES = {"fund_manager", "fund_analyst", "committee_secretary", "supervisor", "auditor", "committee_member"}
METHODS = {
    (deal_service_pb2, "GetDeal"): _FILES | {"legal", "finance", "firm_representative", "partner_scout"},
    (deal_service_pb2, "ListDealTransitions"): _FILES | {"legal", "finance"},
    (firm_service_pb2, "GetFirm"): _FILES | {"legal", "finance", "talent_officer", "firm_representative"},
    (fund_service_pb2, "GetFund"): _FILES | {"legal", "finance"},
    (fund_service_pb2, "ListFunds"): _FILES | {"legal", "finance"},
    (committee_service_pb2, "CastBallot"): {"committee_member"},
    (committee_service_pb2, "CastVeto"): {"committee_member", "supervisor"},
    (committee_service_pb2, "OpenVote"): {"committee_secretary"},
    (committee_service_pb2, "CloseVote"): {"committee_secretary"},
    (committee_service_pb2, "CorrectDecision"): {"committee_secretary"},
    (interest_service_pb2, "ResolveInterest"): {"committee_secretary"},
    (deal_document_service_pb2, "ListDealDocuments"): _FILES | {"legal", "finance"},
    (deal_note_service_pb2, "CreateDealNote"): {
        "fund_manager", "fund_analyst", "committee_secretary", "legal", "finance",
    },
    (deal_note_service_pb2, "ListDealNotes"): _FILES | {"legal", "finance"},
    (deal_note_service_pb2, "ListDealReminders"): _FILES | {"legal", "finance"},
    (deal_note_service_pb2, "SettleDealReminder"): (_FILES | {"legal", "finance"}) - {"auditor"},
    (dossier_service_pb2, "CreateDetermination"): {"auditor"},
    (progress_service_pb2, "GetFundingProgress"): {"*"},
    (dossier_service_pb2, "ExportDutyDossier"): {
        "fund_manager", "committee_secretary", "supervisor", "auditor",
    },
}  # fmt: skip


@pytest.mark.parametrize("account", sorted(ACCOUNTS))
@pytest.mark.parametrize("action", list(Action))
def test_a_role_takes_the_steps_of_the_matrix_and_no_other(account: str, action: Action) -> None:
    held = ROLES.get(account, set())
    able = any(edge.roles & held for (taken, _), edge in EDGES.items() if taken is action)
    assert able == (action in STEPS.get(account, set()))


@pytest.mark.parametrize(("module", "method"), METHODS, ids=lambda part: getattr(part, "__name__", part))
def test_a_method_is_open_to_the_roles_of_the_matrix_and_no_other(module: object, method: str) -> None:
    services = module.DESCRIPTOR.services_by_name.values()  # type: ignore[attr-defined]
    [found] = [each.methods_by_name[method] for each in services if method in each.methods_by_name]
    roles = set(found.GetOptions().Extensions[policy_pb2.access].roles)
    assert roles == METHODS[module, method]  # type: ignore[index]


def test_admins_and_the_talent_office_have_nothing_to_do_with_deals() -> None:
    for module in (deal_service_pb2, committee_service_pb2, interest_service_pb2, dossier_service_pb2):
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                roles = set(method.GetOptions().Extensions[policy_pb2.access].roles)
                assert not roles & {"admin", "talent_officer", "talent_viewer", "partner", "*"}, method.name


_OF_A_FIRM = {
    "GetFirm", "ListFirmSnapshots", "ListIndicators", "ListIndicatorReports", "GetIndicatorSeries",
    "ListIndicatorRequests",
    "GetDeal", "ListDeals", "SubmitDeal", "AnswerInformation", "WithdrawDeal",
    "CreateFirmReport", "GetFirmReport", "ListFirmReports", "WithdrawFirmReport",
}  # fmt: skip
_NOT_OF_A_FUND = {
    "ApproveAmount", "ListAmountApprovals", "LapseDeal", "CreateFirm", "UpdateFirm", "WithdrawFirm",
    "SetFirmPeople", "ListFirmPeople", "ForgetFirmPerson", "ListFirmDuplicates", "MergeFirms", "SplitFirm",
    "ImportWorkbook", "GetImport", "ListImports", "ListImportRows", "UndoImport",
    "CreateFirmReport", "WithdrawFirmReport", "GetFundingProgress",
}  # fmt: skip


def test_grants_for_one_fund_or_firm_open_the_methods_of_the_matrix_and_no_other() -> None:
    seen = set()
    for name in pkgutil.iter_modules(bole.funding.v1.__path__):
        if not name.name.endswith("_service_pb2"):
            continue
        module = importlib.import_module(f"bole.funding.v1.{name.name}")
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                scopes = set(method.GetOptions().Extensions[policy_pb2.access].scopes)
                wanted = {"firm"} if method.name in _OF_A_FIRM else set()
                wanted |= set() if method.name in _NOT_OF_A_FUND else {"fund"}
                assert scopes == wanted, method.full_name
                seen.add(method.name)
    assert seen > _OF_A_FIRM | _NOT_OF_A_FUND


def test_no_role_of_the_firm_side_reaches_more_than_cards_without_its_firm() -> None:
    assert WITHOUT_PURPOSE["firm_representative"] == Level.PUBLIC
    assert set(OF_ITS_FIRM) == {"firm_representative"}
