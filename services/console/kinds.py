"""Enums of the contract that templates name: `kinds.Nomination.State.Name(…)`."""

from bole.funding.v1.committee_pb2 import Committee, CommitteeSeat
from bole.funding.v1.investment_pb2 import Investment
from bole.matcher.v1.partner_pb2 import PartnerKey
from bole.talent.v1.consent_service_pb2 import ConsentBasis, ConsentKind
from bole.talent.v1.duplicate_pb2 import DuplicateBand, DuplicateVerdict
from bole.talent.v1.evidence_pb2 import EvidenceKind, EvidenceRecord, TargetProgress
from bole.talent.v1.import_pb2 import Import, ImportRow
from bole.talent.v1.move_pb2 import Move
from bole.talent.v1.nomination_pb2 import FollowUpResult, Nomination, NominationStep
from bole.talent.v1.person_pb2 import Availability, ConsentPurpose
from bole.talent.v1.position_pb2 import Position, PositionOutcome
from bole.talent.v1.shortage_release_pb2 import ReleasedCellChange
from bole.talent.v1.team_pb2 import Team
from bole.talent.v1.training_pb2 import TrainingPlace

__all__ = [
    "Availability",
    "Committee",
    "CommitteeSeat",
    "ConsentBasis",
    "ConsentKind",
    "ConsentPurpose",
    "DuplicateBand",
    "DuplicateVerdict",
    "EvidenceKind",
    "EvidenceRecord",
    "FollowUpResult",
    "Import",
    "ImportRow",
    "Investment",
    "Move",
    "Nomination",
    "NominationStep",
    "PartnerKey",
    "Position",
    "PositionOutcome",
    "ReleasedCellChange",
    "TargetProgress",
    "Team",
    "TrainingPlace",
]
