"""Whether what a page shows is sample data (演示数据): as its records say, else as the shortage map does."""

from collections.abc import Iterable
from typing import Protocol

from bole.common.v1.data_origin_pb2 import DATA_ORIGIN_SYNTHETIC, DataOrigin
from bole.talent.v1 import shortage_service_pb2, shortage_service_pb2_grpc
from bole.talent.v1.shortage_pb2 import ShortageDimension
from services.console.backend import SECONDS
from services.console.pages.beside import beside
from services.console.web.visits import Visit


class _Told(Protocol):
    @property
    def origin(self) -> DataOrigin: ...


def is_sample(record: _Told) -> bool:
    """Whether a record is sample data."""
    return record.origin == DATA_ORIGIN_SYNTHETIC


def among(visit: Visit, records: Iterable[_Told] = ()) -> bool:
    """Whether any of the records is sample data; if none says where it comes from, whether the installation has any."""
    told = [is_sample(each) for each in records if each.origin]
    return any(told) if told else _of_house(visit)


def _of_house(visit: Visit) -> bool:
    """What the map says of all that it counts, which every visitor may ask; False where it does not answer."""
    stub = visit.stub(shortage_service_pb2_grpc.ShortageServiceStub)
    request = shortage_service_pb2.GetShortageGridRequest(
        rows=ShortageDimension.SHORTAGE_DIMENSION_INDUSTRY,
        columns=ShortageDimension.SHORTAGE_DIMENSION_CATEGORY,
    )
    answer = beside(lambda: stub.GetShortageGrid(request, timeout=SECONDS)).answer
    return answer is not None and is_sample(answer)
