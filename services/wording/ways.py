"""The way of a deal through its states, as page and command line show it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bole.funding.v1 import deal_pb2
from services.kernel.clock import CIVIL_ZONE

BEFORE = int(deal_pb2.Deal.STATE_UNSPECIFIED)
"""Stands for the time between the submission of a deal and its import, of which nothing is known."""
_IMPORT = "IMPORT"


def spans_of(
    deal: deal_pb2.Deal, steps: Sequence[deal_pb2.DealTransition], now: datetime
) -> list[tuple[int, datetime, datetime]]:
    """State by state with its first and last instant; the last one lasts until now.

    Of a deal that was imported nothing is known between its submission and the import: state `BEFORE`.
    """
    starts = [(int(each.to_state), each.transition_time.ToDatetime(tzinfo=UTC)) for each in steps]
    if not starts:
        starts = [(int(deal.state), deal.create_time.ToDatetime(tzinfo=UTC))]
    if deal.HasField("submitted_date") and (not steps or steps[0].action == _IMPORT):
        said = deal.submitted_date
        submitted = datetime.combine(date(said.year, said.month, said.day), time(tzinfo=CIVIL_ZONE))
        starts = [(BEFORE, min(submitted, starts[0][1])), *starts]
    merged: list[tuple[int, datetime]] = []
    for state, at in starts:
        if not merged or merged[-1][0] != state:
            merged.append((state, at))
    ends = [at for _, at in merged[1:]] + [now]
    return [(state, at, end) for (state, at), end in zip(merged, ends, strict=True)]
