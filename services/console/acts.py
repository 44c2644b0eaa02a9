"""What pages offer to do, each by the method of the contract that does it: an act is offered to whom it is open.

The service decides all the same; nobody fills in a form that is bound to be refused.
"""

from collections.abc import Mapping
from datetime import datetime

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from bole.funding.v1 import (
    capital_service_pb2,
    committee_service_pb2,
    deal_document_service_pb2,
    deal_note_service_pb2,
    deal_service_pb2,
    dossier_service_pb2,
    export_service_pb2,
    firm_service_pb2,
    fund_service_pb2,
    indicator_service_pb2,
    intellectual_property_service_pb2,
    interest_service_pb2,
    investment_service_pb2,
)
from bole.funding.v1 import import_service_pb2 as funding_import_service_pb2
from bole.matcher.v1 import (
    match_run_service_pb2,
    matching_service_pb2,
    partner_certificate_service_pb2,
    partner_service_pb2,
    partner_topic_service_pb2,
    proposal_service_pb2,
)
from bole.talent.v1 import (
    act_application_service_pb2,
    consent_service_pb2,
    duplicate_service_pb2,
    evidence_service_pb2,
    import_service_pb2,
    library_service_pb2,
    move_service_pb2,
    nomination_service_pb2,
    position_service_pb2,
    report_service_pb2,
    shortage_release_service_pb2,
    shortage_watch_service_pb2,
    training_service_pb2,
)
from bole.talent.v1 import export_service_pb2 as talent_export_service_pb2
from services.chassis.contract import access_of
from services.chassis.identity.identity import Principal
from services.chassis.policy import may_call
from services.kernel.text import Text
from services.wording.codes import roles_named


def _service(module: object, name: str) -> Mapping[str, MethodDescriptor]:
    services: Mapping[str, ServiceDescriptor] = module.DESCRIPTOR.services_by_name  # type: ignore[attr-defined]  # of any contract's module
    return services[name].methods_by_name


_APPLICATIONS = _service(act_application_service_pb2, "ActApplicationService")
_CAPITAL = _service(capital_service_pb2, "CapitalService")
_COMMITTEES = _service(committee_service_pb2, "CommitteeService")
_DUPLICATES = _service(duplicate_service_pb2, "DuplicateService")
_DOCUMENTS = _service(deal_document_service_pb2, "DealDocumentService")
_DOSSIERS = _service(dossier_service_pb2, "DossierService")
_FUNDING_IMPORTS = _service(funding_import_service_pb2, "FundingImportService")
_INDICATORS = _service(indicator_service_pb2, "IndicatorService")
_IMPORTS = _service(import_service_pb2, "TalentImportService")
_LIBRARY = _service(library_service_pb2, "LibraryService")
_MATCHING = _service(matching_service_pb2, "MatchingService")
_NOTES = _service(deal_note_service_pb2, "DealNoteService")
_POSITIONS = _service(position_service_pb2, "PositionService")
_PROPOSALS = _service(proposal_service_pb2, "ProposalService")
_RELEASES = _service(shortage_release_service_pb2, "ShortageReleaseService")
ACTS: Mapping[str, MethodDescriptor] = {
    "import": _IMPORTS["ImportWorkbook"],
    "undo import": _IMPORTS["UndoImport"],
    "import deals": _FUNDING_IMPORTS["ImportWorkbook"],
    "undo import of deals": _FUNDING_IMPORTS["UndoImport"],
    "see approvals": _APPLICATIONS["ListActApplications"],
    "ask approval": _APPLICATIONS["CreateActApplication"],
    "merge": _DUPLICATES["MergePersons"],
    "unmerge": _DUPLICATES["UnmergePersons"],
    "confirm evidence": _service(evidence_service_pb2, "EvidenceService")["ConfirmEvidenceRecord"],
    "consent": _service(consent_service_pb2, "ConsentService")["RecordConsent"],
    "erase": _LIBRARY["ErasePerson"],
    "nominate": _service(nomination_service_pb2, "NominationService")["CreateNomination"],
    "set quota": _service(nomination_service_pb2, "NominationService")["SetNominationQuota"],
    "cancel training": _service(training_service_pb2, "TrainingService")["CancelTrainingPlace"],
    "void move": _service(move_service_pb2, "MoveService")["VoidMove"],
    "watch": _service(shortage_watch_service_pb2, "ShortageWatchService")["CreateShortageWatch"],
    "draft release": _RELEASES["CreateShortageRelease"],
    "verify release": _RELEASES["VerifyShortageRelease"],
    "draft report": _service(report_service_pb2, "ReportService")["CreateReport"],
    "see people": _LIBRARY["SearchPersons"],
    "export people": _service(talent_export_service_pb2, "TalentExportService")["ExportRecords"],
    "see positions": _POSITIONS["SearchPositions"],
    "see teams": _LIBRARY["ListTeams"],
    "see firms": _service(firm_service_pb2, "FirmService")["ListFirms"],
    "see funds": _service(fund_service_pb2, "FundService")["ListFunds"],
    "state ownership": _service(intellectual_property_service_pb2, "IntellectualPropertyService")[
        "StateIpOwnership"
    ],
    "see holdings": _service(investment_service_pb2, "InvestmentService")["ListInvestments"],
    "plan tranches": _service(investment_service_pb2, "InvestmentService")["SetTranchePlan"],
    "report indicators": _INDICATORS["CreateIndicatorReport"],
    "answer alert": _INDICATORS["AnswerIndicatorAlert"],
    "match": _MATCHING["FindMatches"],
    "match all": _service(match_run_service_pb2, "MatchRunService")["MatchAll"],
    "listen": _MATCHING["WatchMatches"],
    "propose": _PROPOSALS["CreateProposal"],
    "advance proposal": _PROPOSALS["AdvanceProposal"],
    "commit capital": _CAPITAL["CreateCommitment"],
    "call capital": _CAPITAL["CreateCapitalCall"],
    "receive capital": _CAPITAL["RecordReceipt"],
    "pay fee": _CAPITAL["RecordFee"],
    "distribute": _CAPITAL["RecordDistribution"],
    "move deal": _service(deal_service_pb2, "DealService")["ListDealActions"],
    "state terms": _service(deal_service_pb2, "DealService")["SetDealTerms"],
    "reopen deal": _service(deal_service_pb2, "DealService")["ReopenDeal"],
    "record team": _service(deal_service_pb2, "DealService")["SetDealParties"],
    "set up committee": _COMMITTEES["CreateCommittee"],
    "call sitting": _COMMITTEES["CreateSitting"],
    "plan sitting": _COMMITTEES["UpdateSitting"],
    "open vote": _COMMITTEES["OpenVote"],
    "close vote": _COMMITTEES["CloseVote"],
    "declare interest": _service(interest_service_pb2, "InterestService")["DeclareInterest"],
    "note": _NOTES["CreateDealNote"],
    "settle reminder": _NOTES["SettleDealReminder"],
    "register document": _DOCUMENTS["RegisterDealDocument"],
    "verify document": _DOCUMENTS["VerifyDealDocument"],
    "see dossier": _DOSSIERS["GetDutyDossier"],
    "determine": _DOSSIERS["CreateDetermination"],
    "export deals": _service(export_service_pb2, "FundingExportService")["ExportRecords"],
    "see partners": _service(partner_service_pb2, "PartnerService")["ListPartners"],
    "certify": _service(partner_certificate_service_pb2, "PartnerCertificateService")[
        "CreatePartnerCertificate"
    ],
    "open topic": _service(partner_topic_service_pb2, "PartnerTopicService")["CreatePartnerTopic"],
}


def may(principal: Principal | None, act: str, now: datetime) -> bool:
    """Whether an act is open to the visitor. Raises KeyError for an act that no page offers."""
    method = ACTS[act]
    return principal is not None and may_call(principal, method, now)


def doers(act: str) -> Text:
    """The roles that an act is open to."""
    return roles_named(access_of(ACTS[act]).roles)
