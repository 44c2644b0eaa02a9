"""The visitor's watches: beside what each waits for stands how its cell is now."""

from dataclasses import replace
from typing import Any

from bole.common.v1 import text_pb2
from bole.talent.v1 import (
    shortage_pb2,
    shortage_service_pb2,
    shortage_watch_pb2,
    shortage_watch_service_pb2,
)
from services.console.pages.shortage import watches
from tests.unit.console.pages.visiting import Nobody, visit


class Map(Nobody):
    """Two watches: of a cell with an index, and of one whose numbers are hidden."""

    def stub(self, *_: Any) -> Any:
        """The services."""
        return self

    def ListShortageWatches(self, *_: Any, **__: Any) -> Any:
        """Both."""
        found = [
            shortage_watch_pb2.ShortageWatch(
                name=f"shortageWatches/{city}",
                scope=shortage_pb2.ShortageScope(industry_code="hydrogen", city_code=city),
                stars=3,
            )
            for city in ("suzhou", "nantong")
        ]
        return shortage_watch_service_pb2.ListShortageWatchesResponse(watches=found, total_size=2)

    def GetShortageCell(self, request: Any, **_: Any) -> Any:
        """How it stands."""
        if request.scope.city_code == "suzhou":
            cell = shortage_pb2.ShortageCell(index=53.1, stars=1, watch=True)
        else:
            cell = shortage_pb2.ShortageCell(hidden=True, band=text_pb2.Text(zh="样本过少", en="too few"))
        return shortage_service_pb2.GetShortageCellResponse(cell=cell)


def test_how_a_watched_cell_stands_now_is_told_beside_what_it_is_watched_for() -> None:
    page = bytes(watches.show(replace(visit(), backend=Map())).body).decode()
    assert "53 <span" in page
    assert '★（观察）</span> · <span class="quiet">未达到' in page
    assert '样本过少 · <span class="quiet">未达到' in page
