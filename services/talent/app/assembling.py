"""What serves: the rooms of the talent service with everything behind them."""

from functools import partial

from bole.talent.v1 import (
    act_application_service_pb2_grpc,
    act_approval_service_pb2_grpc,
    assertion_service_pb2_grpc,
    consent_service_pb2_grpc,
    duplicate_service_pb2_grpc,
    evidence_service_pb2_grpc,
    expected_hire_service_pb2_grpc,
    export_service_pb2_grpc,
    import_service_pb2_grpc,
    library_service_pb2_grpc,
    move_service_pb2_grpc,
    nomination_service_pb2_grpc,
    position_service_pb2_grpc,
    progress_service_pb2_grpc,
    report_service_pb2_grpc,
    shortage_analysis_service_pb2_grpc,
    shortage_release_service_pb2_grpc,
    shortage_service_pb2_grpc,
    shortage_watch_service_pb2_grpc,
    team_service_pb2_grpc,
    training_service_pb2_grpc,
)
from services.catalogue import Catalogue
from services.chassis.feed.feed import Feed
from services.chassis.house import Assembly, House
from services.chassis.imports.batches import Batches
from services.chassis.keys import load_key
from services.chassis.redaction import Redactor
from services.chassis.regional import catalogue_of
from services.chassis.rpc.import_desk import ImportDesk
from services.chassis.rpc.registration import Service
from services.paper.geography import load_map
from services.talent.app.parts import calendar_of, counting_of, known_axes, people_of, withheld_of
from services.talent.domain.identity.blocking import blocking_secret
from services.talent.domain.shortage.method import Method
from services.talent.feed import duplicates as duplicate_feed
from services.talent.feed import returns as return_feed
from services.talent.feed.hires import make_feed
from services.talent.rpc.act_applications import ActApplicationRoom
from services.talent.rpc.act_approvals import ActApprovalRoom
from services.talent.rpc.files.exporting import ExportRoom
from services.talent.rpc.files.importing import IMPORTERS, READERS, ImportRoom
from services.talent.rpc.people.assertions import AssertionRoom
from services.talent.rpc.people.consents import ConsentRoom
from services.talent.rpc.people.duplicates import DuplicateRoom
from services.talent.rpc.people.evidence import EvidenceRoom
from services.talent.rpc.people.library import Library
from services.talent.rpc.people.moves import MoveRoom
from services.talent.rpc.people.nominations import NominationRoom
from services.talent.rpc.people.persons import PersonDesk
from services.talent.rpc.people.teams import TeamRoom
from services.talent.rpc.people.training import TrainingRoom
from services.talent.rpc.positions.expected_hires import ExpectedHireRoom
from services.talent.rpc.positions.intents import Intents
from services.talent.rpc.positions.positions import PositionRoom
from services.talent.rpc.progress import ProgressRoom
from services.talent.rpc.reports.releases import ReleaseRoom
from services.talent.rpc.reports.reports import ReportRoom
from services.talent.rpc.shortage.analysis import AnalysisRoom
from services.talent.rpc.shortage.grid import Grids
from services.talent.rpc.shortage.reading import MapReader
from services.talent.rpc.shortage.shortage import ShortageRoom
from services.talent.rpc.shortage.shortage_wire import CellWire
from services.talent.rpc.shortage.watches import WatchRoom
from services.talent.service.finding.flow_search import FlowSearch
from services.talent.service.finding.search import Search
from services.talent.service.imports.run import TalentImport
from services.talent.service.imports.undo import Undo
from services.talent.service.people.duplicates.crowds import Crowds
from services.talent.service.people.duplicates.finding import Finding
from services.talent.service.people.duplicates.judging import Judging
from services.talent.service.people.duplicates.linking import Linking
from services.talent.service.people.duplicates.merging import Merging
from services.talent.service.people.evidence import EvidenceRegister
from services.talent.service.people.moves import Moves
from services.talent.service.people.nominations import Nominations
from services.talent.service.people.people import People
from services.talent.service.people.stating import turn
from services.talent.service.people.teams import Teams
from services.talent.service.people.training import Training
from services.talent.service.positions.hires import ExpectedHires
from services.talent.service.positions.positions import Positions
from services.talent.service.privacy.approving import Approving
from services.talent.service.privacy.clearing import Clearing
from services.talent.service.privacy.consenting import Consenting
from services.talent.service.shortage.analysis import Analysis
from services.talent.service.shortage.counting import start_counting
from services.talent.service.shortage.counting.publishing import Publisher
from services.talent.service.shortage.releases import Releases
from services.talent.service.shortage.reports.gathering import Gathering
from services.talent.service.shortage.reports.inner import InnerFacts
from services.talent.service.shortage.reports.registered import RegisteredFacts
from services.talent.service.shortage.reports.reports import Reports
from services.talent.service.shortage.reports.targets import TargetFacts
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.service.shortage.telling import Teller
from services.talent.service.shortage.watching import Watching
from services.talent.service.turning import AtTurn
from services.talent.store.mapping import map_aggregates
from services.talent.store.people import statements
from services.talent.store.schema import imports as imports_tables

# Suggestions of duplicates are for people to look at: those of a burst of entries are found together.
_GATHER_SECONDS, _PATIENCE_SECONDS = 0.1, 0.5


def assemble(house: House) -> Assembly:
    """Put the service together."""
    map_aggregates()
    catalogue = catalogue_of(house.settings)
    axes = known_axes(house, catalogue)
    keys_dir = house.settings.keys_dir
    digest_key = load_key(keys_dir, "digest")
    moves = Moves(catalogue, axes, house.clock, house.ids)
    people = people_of(house, catalogue, axes, moves)
    finding = Finding(people.assertions, blocking_secret(digest_key), house.clock)
    positions = Positions(catalogue, axes, house.journal, house.clock, house.ids)
    training = Training(catalogue, axes, house.clock, house.ids)
    search = Search(catalogue, house.pages)
    flow_search = FlowSearch(catalogue, house.pages)
    approving = Approving(house.clock, house.ids, people.consents)
    library = Library(house, people, search, finding, approving, digest_key)
    counter, ticker = start_counting(
        house.database,
        axes,
        Method(),
        catalogue.version,
        house.clock,
        (AtTurn(positions.due, positions.expire), AtTurn(statements.bounded_records, partial(turn, people))),
    )
    shortage_map, cells = ShortageMap(counter), CellWire(axes, catalogue)
    reader = MapReader(house, shortage_map)
    publisher = Publisher(house.database, counter.live, house.clock, house.precedence)
    teller = Teller(house.database, counter.live, house.journal, house.clock, house.precedence)
    shortage = ShortageRoom(reader, cells, Grids(cells))
    asking = Analysis(shortage_map, house.clock, house.ids)
    analysis = AnalysisRoom(reader, cells, asking, house)
    register = EvidenceRegister(catalogue, house.clock, house.ids, counting_of(house.settings))
    nominations = Nominations(catalogue, axes, people, house.clock, house.ids)
    batches = Batches(house.database, house.clock, house.ids, imports_tables)
    imports = ImportRoom(
        ImportDesk(house, batches, IMPORTERS, READERS),
        TalentImport(catalogue, people, positions, digest_key, counter),
        Undo(people, positions, counter),
        finding,
        approving,
    )
    intents = Intents(people, approving, batches)
    releasing = Releases(shortage_map, catalogue, house.journal, house.clock, house.ids)
    inner = InnerFacts(catalogue, shortage_map, asking, people.assertions, RegisteredFacts(register))
    gathering = Gathering(
        catalogue, TargetFacts(register), inner, calendar_of(house.settings), withheld_of(house.settings)
    )
    reports = Reports(gathering, releasing, house.clock, house.ids)
    return Assembly(
        [
            Service(
                library_service_pb2_grpc.add_LibraryServiceServicer_to_server,
                library,
                "bole.talent.v1.LibraryService",
            ),
            Service(
                act_approval_service_pb2_grpc.add_ActApprovalServiceServicer_to_server,
                ActApprovalRoom(house, intents),
                "bole.talent.v1.ActApprovalService",
            ),
            Service(
                act_application_service_pb2_grpc.add_ActApplicationServiceServicer_to_server,
                ActApplicationRoom(house, intents),
                "bole.talent.v1.ActApplicationService",
            ),
            Service(
                assertion_service_pb2_grpc.add_AssertionServiceServicer_to_server,
                AssertionRoom(house, people, digest_key),
                "bole.talent.v1.AssertionService",
            ),
            Service(
                duplicate_service_pb2_grpc.add_DuplicateServiceServicer_to_server,
                _duplicates(house, catalogue, people, finding, digest_key),
                "bole.talent.v1.DuplicateService",
            ),
            Service(
                position_service_pb2_grpc.add_PositionServiceServicer_to_server,
                PositionRoom(house, positions, search),
                "bole.talent.v1.PositionService",
            ),
            Service(
                training_service_pb2_grpc.add_TrainingServiceServicer_to_server,
                TrainingRoom(house, training, flow_search),
                "bole.talent.v1.TrainingService",
            ),
            Service(
                move_service_pb2_grpc.add_MoveServiceServicer_to_server,
                MoveRoom(house, moves, flow_search),
                "bole.talent.v1.MoveService",
            ),
            Service(
                expected_hire_service_pb2_grpc.add_ExpectedHireServiceServicer_to_server,
                ExpectedHireRoom(house, catalogue, Method()),
                "bole.talent.v1.ExpectedHireService",
            ),
            Service(
                consent_service_pb2_grpc.add_ConsentServiceServicer_to_server,
                ConsentRoom(house, Consenting(people)),
                "bole.talent.v1.ConsentService",
            ),
            Service(
                team_service_pb2_grpc.add_TeamServiceServicer_to_server,
                TeamRoom(house, Teams(people)),
                "bole.talent.v1.TeamService",
            ),
            Service(
                nomination_service_pb2_grpc.add_NominationServiceServicer_to_server,
                NominationRoom(house, nominations, reader, cells),
                "bole.talent.v1.NominationService",
            ),
            Service(
                shortage_service_pb2_grpc.add_ShortageServiceServicer_to_server,
                shortage,
                "bole.talent.v1.ShortageService",
            ),
            Service(
                shortage_analysis_service_pb2_grpc.add_ShortageAnalysisServiceServicer_to_server,
                analysis,
                "bole.talent.v1.ShortageAnalysisService",
            ),
            Service(
                evidence_service_pb2_grpc.add_EvidenceServiceServicer_to_server,
                EvidenceRoom(house, register),
                "bole.talent.v1.EvidenceService",
            ),
            Service(
                shortage_release_service_pb2_grpc.add_ShortageReleaseServiceServicer_to_server,
                ReleaseRoom(house, releasing, cells),
                "bole.talent.v1.ShortageReleaseService",
            ),
            Service(
                report_service_pb2_grpc.add_ReportServiceServicer_to_server,
                ReportRoom(house, reports, load_map(house.settings, catalogue)),
                "bole.talent.v1.ReportService",
            ),
            Service(
                shortage_watch_service_pb2_grpc.add_ShortageWatchServiceServicer_to_server,
                WatchRoom(house, cells, Watching(house.journal, house.clock, house.ids)),
                "bole.talent.v1.ShortageWatchService",
            ),
            Service(
                export_service_pb2_grpc.add_TalentExportServiceServicer_to_server,
                ExportRoom(house, catalogue, PersonDesk(house, people), search, Redactor(), approving),
                "bole.talent.v1.TalentExportService",
            ),
            Service(
                progress_service_pb2_grpc.add_TalentProgressServiceServicer_to_server,
                ProgressRoom(house),
                "bole.talent.v1.TalentProgressService",
            ),
            Service(
                import_service_pb2_grpc.add_TalentImportServiceServicer_to_server,
                imports,
                "bole.talent.v1.TalentImportService",
            ),
        ],
        feeds=[
            make_feed(house, ExpectedHires(house.clock), axes),
            _following(house, finding),
            return_feed.make_feed(house),
        ],
        loops={
            "day": ticker.rounds,
            "tell": teller.rounds(),
            "publish": publisher.rounds(),
            "clear": Clearing(house.database, house.requests).rounds,
        },
        is_ready=lambda: ticker.has_counted() and publisher.has_published(),
    )


def _duplicates(
    house: House, catalogue: Catalogue, people: People, finding: Finding, digest_key: bytes
) -> DuplicateRoom:
    merging = Merging(people, finding, house.ids)
    return DuplicateRoom(
        house,
        catalogue,
        PersonDesk(house, people),
        Judging(finding, house.ids),
        merging,
        Linking(merging),
        Crowds(house.clock, finding.method.oldest),
        digest_key,
    )


def _following(house: House, finding: Finding) -> Feed:
    """Named after the method: another method reads every person anew."""
    return Feed(
        f"talent-{finding.method.version}",
        house.database,
        house.log,
        duplicate_feed.TOPICS,
        duplicate_feed.DuplicateFeed(finding),
        house.clock,
        tables=house.tables.feed,
        gather_seconds=_GATHER_SECONDS,
        precedence=house.precedence,
        patience_seconds=_PATIENCE_SECONDS,
    )
