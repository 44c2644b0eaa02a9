"""What a page says of where its records come from: their own word first, and the map's where they have none."""

from dataclasses import replace
from typing import Any

import grpc
import pytest

from bole.common.v1.data_origin_pb2 import (
    DATA_ORIGIN_REAL,
    DATA_ORIGIN_SYNTHETIC,
    DATA_ORIGIN_UNSPECIFIED,
    DataOrigin,
)
from bole.talent.v1 import shortage_service_pb2 as service
from services.console.pages import origins
from services.console.pages.called import Called
from services.console.web.visits import Visit
from tests.unit.console.pages.visiting import Nobody, visit


class Map(Nobody):
    """A shortage map of such data; one that is away without."""

    def __init__(self, origin: DataOrigin | None) -> None:
        self.origin = origin

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def GetShortageGrid(self, *_: Any, **__: Any) -> service.GetShortageGridResponse:
        """The map, without cells."""
        if self.origin is None:
            raise grpc.RpcError
        return service.GetShortageGridResponse(origin=self.origin)


def of(origin: DataOrigin | None) -> Visit:
    return replace(visit(), backend=Map(origin))


def records(*found: DataOrigin) -> list[Called]:
    return [Called("", origin=each) for each in found]


@pytest.mark.parametrize(("house", "marked"), [(DATA_ORIGIN_SYNTHETIC, True), (DATA_ORIGIN_REAL, False)])
def test_where_no_record_says_it_the_map_does(house: DataOrigin, marked: bool) -> None:
    assert origins.among(of(house)) is marked
    assert origins.among(of(house), records(DATA_ORIGIN_UNSPECIFIED)) is marked


def test_what_records_say_of_themselves_counts_before_the_map() -> None:
    assert not origins.among(of(DATA_ORIGIN_SYNTHETIC), records(DATA_ORIGIN_REAL, DATA_ORIGIN_UNSPECIFIED))
    assert origins.among(of(DATA_ORIGIN_REAL), records(DATA_ORIGIN_REAL, DATA_ORIGIN_SYNTHETIC))


def test_nothing_is_marked_while_the_map_is_away() -> None:
    assert not origins.among(of(None))
