"""FundingProgressService: how far the service is."""

from dataclasses import dataclass
from typing import Any

from bole.common.v1 import progress_pb2
from bole.funding.v1 import progress_service_pb2 as wire
from bole.funding.v1 import progress_service_pb2_grpc
from services.chassis.house import House


@dataclass(frozen=True)
class ProgressRoom(progress_service_pb2_grpc.FundingProgressServiceServicer):
    """The servicer."""

    house: House

    def GetFundingProgress(
        self, request: wire.GetFundingProgressRequest, context: Any
    ) -> progress_pb2.ServiceProgress:
        """As it was last looked at."""
        return self.house.progress.read()
