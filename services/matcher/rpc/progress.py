"""MatcherProgressService: how far the service is."""

from dataclasses import dataclass
from typing import Any

from bole.common.v1 import progress_pb2
from bole.matcher.v1 import progress_service_pb2 as wire
from bole.matcher.v1 import progress_service_pb2_grpc
from services.chassis.house import House


@dataclass(frozen=True)
class ProgressRoom(progress_service_pb2_grpc.MatcherProgressServiceServicer):
    """The servicer."""

    house: House

    def GetMatcherProgress(
        self, request: wire.GetMatcherProgressRequest, context: Any
    ) -> progress_pb2.ServiceProgress:
        """As it was last looked at."""
        return self.house.progress.read()
