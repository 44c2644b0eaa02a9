"""The columns of an act that somebody means, which applications and approvals have in common."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from services.talent.domain.four_eyes import Act, Intent

NAMES = tuple(field.name for field in fields(Intent))


def values_of(intent: Intent) -> dict[str, Any]:
    """What stands in a row."""
    return {name: getattr(intent, name) for name in NAMES}


def intent_of(row: Row[Any]) -> Intent:
    """What a row says."""
    kept = row._mapping
    return Intent(**{name: kept[name] for name in NAMES} | {"act": Act(kept["act"])})
