"""What may become of a pair that was put forward, and why: for the forms that say so."""

from collections.abc import Mapping, Sequence
from typing import Any

from bole.matcher.v1 import proposal_pb2
from services.wording.codes import PROPOSAL_REASONS, PROPOSAL_STATES

Proposal = proposal_pb2.Proposal
# What may be chosen next, by the present state; the service judges.
NEXT: Mapping[int, Sequence[str]] = {
    Proposal.STATE_PROPOSED: ("VIEWED", "ACCEPTED", "REJECTED", "WITHDRAWN"),
    Proposal.STATE_VIEWED: ("ACCEPTED", "REJECTED", "WITHDRAWN"),
    Proposal.STATE_ACCEPTED: ("CONTACTED", "DONE", "REJECTED", "WITHDRAWN"),
    Proposal.STATE_CONTACTED: ("DONE", "REJECTED", "WITHDRAWN"),
}
AT_ONCE = ("ACCEPTED", "REJECTED")
"""What may be said of a pair in the moment in which it is put forward."""


def choices() -> dict[str, Any]:
    """What the forms choose from, with the words for it."""
    return {
        "reasons": list(PROPOSAL_REASONS),
        "said": PROPOSAL_REASONS,
        "called": PROPOSAL_STATES,
        "following": NEXT,
        "at_once": AT_ONCE,
    }
