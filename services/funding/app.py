"""The composition root of the funding service."""

from collections.abc import Sequence

from bole.funding.v1 import (
    amount_approval_service_pb2_grpc,
    capital_service_pb2_grpc,
    committee_service_pb2_grpc,
    compliance_service_pb2_grpc,
    deal_analysis_service_pb2_grpc,
    deal_document_service_pb2_grpc,
    deal_note_service_pb2_grpc,
    deal_service_pb2_grpc,
    dossier_service_pb2_grpc,
    export_service_pb2_grpc,
    firm_identity_service_pb2_grpc,
    firm_report_service_pb2_grpc,
    firm_service_pb2_grpc,
    fund_service_pb2_grpc,
    import_service_pb2_grpc,
    indicator_service_pb2_grpc,
    intellectual_property_service_pb2_grpc,
    interest_service_pb2_grpc,
    investment_service_pb2_grpc,
    loan_service_pb2_grpc,
    mandate_service_pb2_grpc,
    progress_service_pb2_grpc,
    reinvestment_service_pb2_grpc,
    round_service_pb2_grpc,
    saved_search_service_pb2_grpc,
    screening_service_pb2_grpc,
)
from services.catalogue import Catalogue
from services.chassis.house import Assembly, Blueprint, House
from services.chassis.imports.batches import Batches
from services.chassis.log.topics import FUNDING_AUDIT, FUNDING_RETURNS, FUNDING_TELLS
from services.chassis.redaction import Redactor
from services.chassis.regional import catalogue_of, require_known
from services.chassis.returns import Returns
from services.chassis.rpc.import_desk import ImportDesk
from services.chassis.rpc.registration import Service
from services.chassis.storage.migration import schema_is_current
from services.funding.rpc.deals.analysis import AnalysisRoom
from services.funding.rpc.deals.committees import CommitteeRoom
from services.funding.rpc.deals.compliance import ComplianceRoom
from services.funding.rpc.deals.deals import DealRoom
from services.funding.rpc.deals.documents import DocumentRoom
from services.funding.rpc.deals.dossiers import DossierRoom
from services.funding.rpc.deals.interests import InterestRoom
from services.funding.rpc.deals.notes import NoteRoom
from services.funding.rpc.deals.screening import ScreeningRoom
from services.funding.rpc.deals.searches import SearchRoom
from services.funding.rpc.files.exporting import ExportRoom
from services.funding.rpc.files.importing import IMPORTERS, READERS, ImportRoom
from services.funding.rpc.firms.firms import FirmRoom
from services.funding.rpc.firms.identity import FirmIdentityRoom
from services.funding.rpc.firms.indicators import IndicatorRoom
from services.funding.rpc.firms.property import PropertyRoom
from services.funding.rpc.firms.reports import FirmReportRoom
from services.funding.rpc.firms.rounds import RoundRoom
from services.funding.rpc.funds.amount_approvals import AmountApprovalRoom
from services.funding.rpc.funds.capital import CapitalRoom
from services.funding.rpc.funds.funds import FundRoom
from services.funding.rpc.funds.investments import InvestmentRoom
from services.funding.rpc.funds.lending import LoanRoom
from services.funding.rpc.funds.mandates import MandateRoom
from services.funding.rpc.funds.reinvestment import ReinvestmentRoom
from services.funding.rpc.progress import ProgressRoom
from services.funding.rpc.recording import Recorder
from services.funding.service.deals.analysis import Analysis
from services.funding.service.deals.committees import Committees
from services.funding.service.deals.compliance import Compliance
from services.funding.service.deals.deal_flow import DealFlow
from services.funding.service.deals.deals import Deals
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.documents import Documents
from services.funding.service.deals.notes import Notes
from services.funding.service.deals.recusals import Recusals
from services.funding.service.deals.reminding import Reminder
from services.funding.service.deals.screening.asking import Screens
from services.funding.service.deals.screening.keeping import Keeper
from services.funding.service.deals.screening.rows import RowMaker
from services.funding.service.deals.screening.turning import Turner
from services.funding.service.deals.searches import Searches, Watcher
from services.funding.service.deals.verifying import verify_ledger
from services.funding.service.dossier.determining import Determining
from services.funding.service.erasing import Erasing
from services.funding.service.firms.firm_reports import FirmReports
from services.funding.service.firms.firms import Firms
from services.funding.service.firms.identity import Identity
from services.funding.service.firms.indicators import Indicators
from services.funding.service.firms.property import Property
from services.funding.service.firms.rounds import Rounds
from services.funding.service.funds.capital import Capital
from services.funding.service.funds.caps import Caps
from services.funding.service.funds.lending import Lending
from services.funding.service.funds.mandates import Mandates
from services.funding.service.importing import FundingImport
from services.funding.service.lapsing import Lapser
from services.funding.service.laying import lay_histories
from services.funding.service.returns import FundingReturns
from services.funding.service.succeeding import Succeeding
from services.funding.service.undoing import Undo
from services.funding.store import repository
from services.funding.store.firms.findable import firms_not_findable
from services.funding.store.firms.identity import firms_without_blocks
from services.funding.store.mapping import map_aggregates
from services.funding.store.schema import imports as import_tables
from services.funding.store.schema import metadata, shared
from services.funding.store.succession import strange


def assemble(house: House) -> Assembly:
    """Put the service together."""
    map_aggregates()
    catalogue = _known(house)
    deals = Deals(catalogue, house.journal, house.clock, house.ids)
    keeper = Keeper(RowMaker(catalogue), house.clock)
    keeper.attach(house.database)
    screens = Screens(catalogue)
    watcher = Watcher(house.database, screens, catalogue, house.journal, house.clock, house.ids)
    turner = Turner(house.database, keeper, house.journal, house.clock)
    firms = Firms(catalogue, house.journal, house.clock, house.ids)
    indicators = Indicators(house.journal, house.clock, house.ids)
    documents = Documents(deals.trail, house.clock)
    recorder = Recorder(firms, indicators, documents)
    imports = FundingImport(catalogue, house.journal, house.clock, house.ids)
    return Assembly(
        [
            Service(
                firm_service_pb2_grpc.add_FirmServiceServicer_to_server,
                FirmRoom(house, firms, catalogue),
                "bole.funding.v1.FirmService",
            ),
            Service(
                fund_service_pb2_grpc.add_FundServiceServicer_to_server,
                FundRoom(house, catalogue),
                "bole.funding.v1.FundService",
            ),
            Service(
                mandate_service_pb2_grpc.add_MandateServiceServicer_to_server,
                MandateRoom(house, catalogue, Mandates(catalogue, house.clock), turner),
                "bole.funding.v1.MandateService",
            ),
            Service(
                capital_service_pb2_grpc.add_CapitalServiceServicer_to_server,
                CapitalRoom(house, Capital(house.clock, house.ids), catalogue),
                "bole.funding.v1.CapitalService",
            ),
            Service(
                deal_service_pb2_grpc.add_DealServiceServicer_to_server,
                DealRoom(house, deals, catalogue),
                "bole.funding.v1.DealService",
            ),
            Service(
                investment_service_pb2_grpc.add_InvestmentServiceServicer_to_server,
                InvestmentRoom(house, deals, deals.investments),
                "bole.funding.v1.InvestmentService",
            ),
            Service(
                round_service_pb2_grpc.add_RoundServiceServicer_to_server,
                RoundRoom(house, Rounds(house.clock, house.ids)),
                "bole.funding.v1.RoundService",
            ),
            Service(
                indicator_service_pb2_grpc.add_IndicatorServiceServicer_to_server,
                IndicatorRoom(house, indicators),
                "bole.funding.v1.IndicatorService",
            ),
            Service(
                firm_report_service_pb2_grpc.add_FirmReportServiceServicer_to_server,
                FirmReportRoom(house, FirmReports(house.journal, house.clock, house.ids), recorder),
                "bole.funding.v1.FirmReportService",
            ),
            Service(
                committee_service_pb2_grpc.add_CommitteeServiceServicer_to_server,
                CommitteeRoom(house, deals.voting, Committees(house.clock, house.ids), catalogue),
                "bole.funding.v1.CommitteeService",
            ),
            Service(
                interest_service_pb2_grpc.add_InterestServiceServicer_to_server,
                InterestRoom(house, Interests(deals.trail, Recusals(house.journal), house.clock, house.ids)),
                "bole.funding.v1.InterestService",
            ),
            Service(
                intellectual_property_service_pb2_grpc.add_IntellectualPropertyServiceServicer_to_server,
                PropertyRoom(house, Property(house.journal, house.clock, house.ids)),
                "bole.funding.v1.IntellectualPropertyService",
            ),
            Service(
                loan_service_pb2_grpc.add_LoanServiceServicer_to_server,
                LoanRoom(house, Lending(house.clock)),
                "bole.funding.v1.LoanService",
            ),
            Service(
                reinvestment_service_pb2_grpc.add_ReinvestmentServiceServicer_to_server,
                ReinvestmentRoom(house, catalogue),
                "bole.funding.v1.ReinvestmentService",
            ),
            Service(
                saved_search_service_pb2_grpc.add_SavedSearchServiceServicer_to_server,
                SearchRoom(house, catalogue, Searches(house.journal, house.clock), watcher),
                "bole.funding.v1.SavedSearchService",
            ),
            Service(
                deal_analysis_service_pb2_grpc.add_DealAnalysisServiceServicer_to_server,
                AnalysisRoom(house, catalogue, Analysis(catalogue, screens), DealFlow(screens)),
                "bole.funding.v1.DealAnalysisService",
            ),
            Service(
                compliance_service_pb2_grpc.add_ComplianceServiceServicer_to_server,
                ComplianceRoom(house, Compliance(catalogue, house.clock)),
                "bole.funding.v1.ComplianceService",
            ),
            Service(
                deal_document_service_pb2_grpc.add_DealDocumentServiceServicer_to_server,
                DocumentRoom(house, documents, Erasing(deals.trail, house.clock)),
                "bole.funding.v1.DealDocumentService",
            ),
            Service(
                deal_note_service_pb2_grpc.add_DealNoteServiceServicer_to_server,
                NoteRoom(house, Notes(deals.trail, house.clock, documents)),
                "bole.funding.v1.DealNoteService",
            ),
            Service(
                dossier_service_pb2_grpc.add_DossierServiceServicer_to_server,
                DossierRoom(house, Determining(deals.trail, house.clock)),
                "bole.funding.v1.DossierService",
            ),
            Service(
                screening_service_pb2_grpc.add_ScreeningServiceServicer_to_server,
                ScreeningRoom(house, catalogue, screens),
                "bole.funding.v1.ScreeningService",
            ),
            Service(
                export_service_pb2_grpc.add_FundingExportServiceServicer_to_server,
                ExportRoom(house, catalogue, Screens(catalogue), Redactor()),
                "bole.funding.v1.FundingExportService",
            ),
            Service(
                firm_identity_service_pb2_grpc.add_FirmIdentityServiceServicer_to_server,
                FirmIdentityRoom(house, Identity(firms)),
                "bole.funding.v1.FirmIdentityService",
            ),
            Service(
                amount_approval_service_pb2_grpc.add_AmountApprovalServiceServicer_to_server,
                AmountApprovalRoom(house, Caps(house.clock, house.ids)),
                "bole.funding.v1.AmountApprovalService",
            ),
            Service(
                progress_service_pb2_grpc.add_FundingProgressServiceServicer_to_server,
                ProgressRoom(house),
                "bole.funding.v1.FundingProgressService",
            ),
            Service(
                import_service_pb2_grpc.add_FundingImportServiceServicer_to_server,
                ImportRoom(
                    ImportDesk(
                        house,
                        Batches(house.database, house.clock, house.ids, import_tables),
                        IMPORTERS,
                        READERS,
                    ),
                    imports,
                    Undo(firms),
                ),
                "bole.funding.v1.FundingImportService",
            ),
        ],
        loops={
            "screening": turner.rounds,
            "searches": watcher.rounds(),
            "lapsing": Lapser(house.database, deals, house.clock).rounds,
            "reminding": Reminder(house.database, indicators).rounds,
            "returns": _returns(house).rounds,
        },
    )


def _returns(house: House) -> Returns:
    counting, history = FundingReturns(house.clock), house.tables.history
    return Returns(
        house.database, house.journal, history, FUNDING_RETURNS, counting, house.clock, house.precedence
    )


def complete(house: House) -> None:
    """Carry over to today's directions what stands under earlier ones; screen deals that never were, index firms, and
    tell of recusals that never were told.
    """
    map_aggregates()
    catalogue = _known(house)
    keeper = Keeper(RowMaker(catalogue), house.clock)
    firms = Firms(catalogue, house.journal, house.clock, house.ids)
    Succeeding(firms).run(house.database)
    Turner(house.database, keeper, house.journal, house.clock).turn()
    found = True
    while found:
        with house.database.write() as session:
            unknown, unnamed = firms_without_blocks(session, 500), firms_not_findable(session, 500)
            firms.make_findable(session, unknown)
            repository.index_firms(session, unnamed, catalogue)
            found = bool(unknown or unnamed)
    with house.database.write() as session:
        Recusals(house.journal).tell_all(session)


def _known(house: House) -> Catalogue:
    """A catalogue that knows every direction which firms stand under. Raises ConfigurationError."""
    catalogue = catalogue_of(house.settings)
    if schema_is_current(house.database.engine, BLUEPRINT.migrations, BLUEPRINT.name):
        known = {*(leaf.code for leaf in catalogue.leaves), *catalogue.succession.former}
        with house.database.read() as session:
            require_known(strange(session, known))
    return catalogue


def lay_sample_histories(house: House, arguments: Sequence[str]) -> int:
    """The past deals of a sample; see `laying`."""
    map_aggregates()
    catalogue = catalogue_of(house.settings)
    Keeper(RowMaker(catalogue), house.clock).attach(house.database)
    return lay_histories(house, catalogue, arguments)


BLUEPRINT = Blueprint(
    "funding",
    metadata,
    shared,
    "services.funding:migrations",
    assemble,
    FUNDING_AUDIT,
    FUNDING_TELLS,
    tools={"verify-ledger": verify_ledger, "sample-histories": lay_sample_histories},
    complete=complete,
)
