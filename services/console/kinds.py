"""Enums of the contract that templates name: `kinds.Nomination.State.Name(…)`."""

from bole.talent.v1.duplicate_pb2 import DuplicateBand, DuplicateVerdict
from bole.talent.v1.evidence_pb2 import EvidenceKind, EvidenceRecord, TargetProgress
from bole.talent.v1.import_pb2 import Import, ImportRow
from bole.talent.v1.nomination_pb2 import FollowUpResult, Nomination, NominationStep
from bole.talent.v1.person_pb2 import Availability
from bole.talent.v1.position_pb2 import Position, PositionOutcome

__all__ = [
    "Availability",
    "DuplicateBand",
    "DuplicateVerdict",
    "EvidenceKind",
    "EvidenceRecord",
    "FollowUpResult",
    "Import",
    "ImportRow",
    "Nomination",
    "NominationStep",
    "Position",
    "PositionOutcome",
    "TargetProgress",
]
