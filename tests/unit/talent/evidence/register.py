"""Records for tests of the evidence register."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from services.catalogue import load
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import Evidence, EvidenceFacts

CATALOGUE = load()
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
TARGETS = {each.id: each for each in CATALOGUE.targets}
_NUMBERS = count(1)


def facts(**changes: Any) -> EvidenceFacts:
    stated: dict[str, Any] = {
        "ref": f"E-{next(_NUMBERS)}",
        "kind": EvidenceKind.SCENARIO,
        "title": "港口氢能集卡示范",
        "city": "nantong",
        "approved": date(2024, 3, 1),
        "opened": date(2024, 9, 1),
        "document": "苏工信〔2024〕12号",
        "department": "gongxinting",
    }
    return EvidenceFacts(**{**stated, **changes})


def entered(**changes: Any) -> Evidence:
    made = facts(**changes)
    return Evidence.enter(made, id_=made.ref, origin="REAL", actor="ann", catalogue=CATALOGUE, now=NOW)


def confirmed(**changes: Any) -> Evidence:
    made = entered(**changes)
    made.confirm("bo", NOW)
    return made


def talent(subject: str, **changes: Any) -> Evidence:
    given = {
        "kind": EvidenceKind.LEADING_TALENT,
        "title": "",
        "approved": None,
        "subject": subject,
        **changes,
    }
    return confirmed(**given)
