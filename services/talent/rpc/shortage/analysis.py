"""ShortageAnalysisService: questions to the shortage map, and what is kept of the answers."""

from dataclasses import dataclass

from bole.talent.v1 import shortage_analysis_service_pb2_grpc
from services.talent.rpc.people.keepsakes import Keepsakes
from services.talent.rpc.positions.questions import Questions


@dataclass(frozen=True)
class AnalysisRoom(Keepsakes, Questions, shortage_analysis_service_pb2_grpc.ShortageAnalysisServiceServicer):
    """The servicer."""
