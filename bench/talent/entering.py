"""One more person, entered through gRPC: what a change of the map is made by."""

import itertools

import grpc
from google.type.date_pb2 import Date

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2
from services.kernel.clock import SystemClock, civil_date


class Entering:
    """Every call enters another one into the same cell: 海水制氢, Nantong, SYNTHETIC."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._library = library_service_pb2_grpc.LibraryServiceStub(channel)
        self._number = itertools.count()

    def __call__(self) -> None:
        """Returns when the service has acknowledged it."""
        self._library.CreatePerson(_request(next(self._number)), timeout=60)


def _request(number: int) -> library_service_pb2.CreatePersonRequest:
    today = civil_date(SystemClock().now())
    return library_service_pb2.CreatePersonRequest(
        person=person_pb2.Person(
            source_ref=f"X-{number}",
            display_name="欧阳明",
            category_code="outstanding-engineer",
            city_code="nantong",
            availability=person_pb2.AVAILABILITY_NOW,
            direction_shares=[direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
            observed_date=Date(year=today.year, month=today.month, day=today.day),
            purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS],
            origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
        )
    )
