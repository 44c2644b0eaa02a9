"""Nominations for the talent programmes (人才工程申报), from nomination to follow-up."""

from services.talent.domain.nomination.nomination import Nomination, NominationFacts, check_nomination
from services.talent.domain.nomination.programme import Quota, Rules, check_award
from services.talent.domain.nomination.steps import (
    Clause,
    Detail,
    FollowUp,
    Step,
    StepKind,
)
from services.talent.domain.nomination.steps import (
    NominationState as State,
)

__all__ = [
    "Clause",
    "Detail",
    "FollowUp",
    "Nomination",
    "NominationFacts",
    "Quota",
    "Rules",
    "State",
    "Step",
    "StepKind",
    "check_award",
    "check_nomination",
]
