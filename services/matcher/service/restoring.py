"""Weights that stood before, or those set by hand, put back by a person who answers for it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.house import House
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.text import Text
from services.matcher.domain.kinds import Weighing, pair_kind
from services.matcher.service.training import Signature, signing
from services.matcher.store import weighings

BY_HAND = "by-hand"
"""Stands for the weights set by hand where a version is asked for."""


def history(house: House, key: str) -> list[dict[str, Any]]:
    """All weights of a kind, the newest first, as JSON values: which stand (of each family of encoders one), which
    never did, who signed, and of those put back whose they are (`restored`).

    Raises InvalidArgument (UNKNOWN_PAIR_KIND).
    """
    pair_kind(key)
    with house.database.read() as session:
        rows = weighings.all_of(session, key)
        standing = {each.version for each in weighings.newest(session, key)}
    return [
        {
            "version": row.version,
            "create_time": _written(row.created_at),
            "adopted": row.adopted,
            "standing": row.version in standing,
            "by_hand": not row.factors,
            "restored": row.figures.get("restored", ""),
            "encoder": row.encoder or "",
            "signed_by": row.signed_by or "",
            "signed_reason": row.signed_reason or "",
            "weights": {"constant": row.constant, **row.factors} if row.factors else {},
        }
        for row in rows
    ]


def restore(house: House, key: str, version: str, signature: Signature, *, keep: bool) -> dict[str, Any]:
    """Let weights stand again that stood before, or (`by-hand`) those set by hand; all lists follow. A version stands
    for the family of encoders that it was learnt with, those by hand for every family.

    What is put back is kept as weights of its own, whose signature exposure is measured from. Returns the versions that
    it made. Raises InvalidArgument (UNKNOWN_PAIR_KIND), NotFound, FailedPrecondition (WEIGHTS_NEVER_STOOD,
    WEIGHTS_STAND).
    """
    pair_kind(key)
    at = house.clock.now()
    with house.database.write() as session:
        found = _by_hand(session, key) if version == BY_HAND else [_stood(session, key, version)]
        made = [Weighing(key, house.ids.new(), each.constant, each.factors, each.encoder) for each in found]
        if keep:
            for each in made:
                _keep(house, session, each, version, signature, at)
    return {"kind": key, "restored": version, "versions": [each.version for each in made], "kept": keep}


def _by_hand(session: Session, key: str) -> list[Weighing]:
    """What says that nothing learnt stands, for each family of encoders of which something does."""
    learnt = [each for each in weighings.newest(session, key) if each.factors]
    if not learnt:
        raise FailedPrecondition(
            Text(f"{key} 现行的已是人工设定的权重", f"{key} is weighed by hand already"),
            reason="WEIGHTS_STAND",
        )
    return [Weighing(key, "", 0.0, {}, each.encoder) for each in learnt]


def _stood(session: Session, key: str, version: str) -> Weighing:
    rows = {row.version: row for row in weighings.all_of(session, key)}
    row = rows.get(version)
    if row is None:
        raise NotFound(
            Text(
                f"{key} 没有版本为 {version[:64]} 的权重；`bole matcher weights` 列出全部版本",
                f"{key} has no weights of the version {version[:64]}; `bole matcher weights` lists all",
            )
        )
    if not row.adopted:
        raise FailedPrecondition(
            Text(
                f"{version} 未通过比较，从未生效，不能恢复",
                f"{version} was not adopted and never stood; it cannot be put back",
            ),
            reason="WEIGHTS_NEVER_STOOD",
        )
    if version in {each.version for each in weighings.newest(session, key)}:
        raise FailedPrecondition(
            Text(f"{version} 现已生效", f"{version} stands already"), reason="WEIGHTS_STAND"
        )
    return Weighing(key, version, row.constant, row.factors, row.encoder or "")


def _keep(
    house: House, session: Session, made: Weighing, restored: str, signature: Signature, at: datetime
) -> None:
    weighings.keep(
        session,
        made,
        {"restored": restored},
        at,
        adopted=True,
        signed=(signature.by, signature.reason),
    )
    house.audit.append(session, signing("restore-weights", made, signature, at))


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
