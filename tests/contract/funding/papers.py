"""Documents for steps of deals: new ones each time."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bole.funding.v1 import deal_action_pb2
from services.chassis.rpc.wire import instant_to_wire


def papers_for(*kinds: str) -> list[deal_action_pb2.DealEvidence]:
    """One document of each kind, received a minute ago."""
    received = instant_to_wire(datetime.now(UTC) - timedelta(minutes=1))
    return [
        deal_action_pb2.DealEvidence(
            kind=kind, title=kind, sha256=hashlib.sha256(uuid4().bytes).hexdigest(), receive_time=received
        )
        for kind in kinds
    ]
