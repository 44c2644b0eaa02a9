"""What the matcher tells of proposals: those that came to something are kept, to see who is still there a year on."""

from google.protobuf.message import DecodeError
from sqlalchemy.orm import Session

from bole.events.v1.proposal_event_pb2 import ProposalState
from bole.matcher.v1.proposal_pb2 import Proposal
from services.chassis.feed.received import Poison, Received
from services.talent.store.shortage import done_proposals
from services.talent.store.shortage.done_proposals import DoneProposal

_UNKNOWN = "unknown"
"""What spoke for a proposal that was told before proposals said it."""


def keep(session: Session, event: Received) -> None:
    """Keep one that is done, which it stays; forget one that is taken back because somebody was erased.

    Raises Poison for bytes that are not what the topic promises.
    """
    if event.value is None:
        done_proposals.drop(session, event.key)
        return
    try:
        state = ProposalState.FromString(event.value)
    except DecodeError as error:
        raise Poison(f"{event.topic}: {type(error).__name__}") from error
    if state.id != event.key:
        raise Poison(f"{event.topic}: the state is of another proposal than the key says")
    if state.state == Proposal.STATE_DONE and (found := _done(state)) is not None:
        done_proposals.put(session, found)


def _done(state: ProposalState) -> DoneProposal | None:
    """A pair of which a year on something can be said; None of another kind."""
    sides = dict(name.split("/", 1) for name in (state.anchor, state.candidate) if "/" in name)
    part = state.foremost or _UNKNOWN
    if sides.keys() == {"persons", "positions"}:
        return DoneProposal(state.id, state.kind, part, sides["persons"], sides["positions"])
    if sides.keys() == {"firms", "funds"}:
        return DoneProposal(state.id, state.kind, part, None, f"{sides['funds']}/{sides['firms']}")
    return None
