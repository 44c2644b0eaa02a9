"""TalentProgressService: how far the service is."""

from dataclasses import dataclass
from typing import Any

from bole.common.v1 import progress_pb2
from bole.talent.v1 import progress_service_pb2 as wire
from bole.talent.v1 import progress_service_pb2_grpc
from services.chassis.house import House


@dataclass(frozen=True)
class ProgressRoom(progress_service_pb2_grpc.TalentProgressServiceServicer):
    """The servicer."""

    house: House

    def GetTalentProgress(
        self, request: wire.GetTalentProgressRequest, context: Any
    ) -> progress_pb2.ServiceProgress:
        """As it was last looked at."""
        return self.house.progress.read()
