"""Roles that somebody may have at a firm (在企业中的角色): part of the question, with weights set by hand."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from services.kernel.errors import InvalidArgument
from services.matcher.domain.kinds import KINDS, FeatureUse, PairKind

OF_FIRM = KINDS["person-firm"].key


class Role(StrEnum):
    """As what a person would join a firm."""

    FOUNDER = "FOUNDER"
    TECHNICAL_LEAD = "TECHNICAL_LEAD"
    ADVISER = "ADVISER"


_COUNTED: Mapping[Role, tuple[FeatureUse, ...]] = {
    # Stands for what the firm is about, is there with all the time, and in its city.
    Role.FOUNDER: (
        FeatureUse("text", 0.8),
        FeatureUse("placed"),
        FeatureUse("directions", 0.5),
        FeatureUse("city"),
        FeatureUse("availability", 1.5),
        FeatureUse("founder"),
    ),
    # Knows the very technology, and is there.
    Role.TECHNICAL_LEAD: (
        FeatureUse("text", 1.2),
        FeatureUse("placed", 0.8),
        FeatureUse("directions", 0.3),
        FeatureUse("city"),
        FeatureUse("availability"),
        FeatureUse("technical_lead"),
    ),
    # Knows the field; may stay where they are, in what they do.
    Role.ADVISER: (
        FeatureUse("text", 0.8),
        FeatureUse("placed"),
        FeatureUse("directions", 0.3),
        FeatureUse("city", 0.25),
        FeatureUse("availability", 0.2),
        FeatureUse("adviser"),
    ),
}


def in_role(kind: PairKind, role: Role) -> PairKind:
    """The kind as it is asked for a role: what was learnt of the kind without one says nothing of it.

    Raises InvalidArgument (ROLE_WITHOUT_FIRM) for kinds other than person-firm.
    """
    if kind.key != OF_FIRM:
        raise InvalidArgument.field(
            "role",
            "ROLE_WITHOUT_FIRM",
            f"只有人才与企业的配对（{OF_FIRM}）才有角色，类型 {kind.key} 请勿填写",
            f"only a person and a firm ({OF_FIRM}) have a role; leave it out for {kind.key}",
        )
    by_hand = KINDS[kind.key]
    return replace(by_hand, features=_COUNTED[role])
