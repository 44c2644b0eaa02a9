"""Who is in a team: a team takes part in what all its members allow, and leaves with the first who does not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.matcher.domain.item import ItemKind, Purpose
from services.matcher.store.items import next_change
from services.matcher.store.schema import item, team_member

_CHUNK = 400
VERSION_STEP = 1 << 20
"""A team's version here is that of its own record times this, plus the changes of its members since."""


def put_members(session: Session, team: str, members: Iterable[str]) -> None:
    """The people of a team, in place of those known."""
    session.execute(delete(team_member).where(team_member.c.team_id == team))
    rows = [{"team_id": team, "person_id": each} for each in dict.fromkeys(members)]
    if rows:
        session.execute(insert(team_member), rows)


def allowed(session: Session, members: Sequence[str]) -> frozenset[Purpose]:
    """What every one of these people allows; nothing when one of them is not in use, or when there is nobody."""
    facts = select(item.c.id, item.c.facts).where(
        item.c.kind == ItemKind.PERSON.value, item.c.id.in_(members), item.c.facts.is_not(None)
    )
    known = {row.id: frozenset(row.facts["purposes"]) for row in session.execute(facts)}
    if not members or known.keys() != set(members):
        return frozenset()
    return frozenset(Purpose(each) for each in frozenset.intersection(*known.values()))


def members_changed(session: Session, people: Mapping[str, datetime]) -> None:
    """Let the teams of these people follow what they allow now; `people` say when they changed."""
    touched: dict[str, datetime] = {}
    ids = list(people) if session.scalars(select(team_member.c.team_id).limit(1)).first() else []
    for start in range(0, len(ids), _CHUNK):
        some = team_member.c.person_id.in_(ids[start : start + _CHUNK])
        rows = session.execute(select(team_member).where(some))
        touched |= {row.team_id: people[row.person_id] for row in rows}
    for team, at in sorted(touched.items()):
        mine = (item.c.kind == ItemKind.TEAM.value) & (item.c.id == team)
        facts = session.execute(select(item.c.facts).where(mine)).scalar_one_or_none()
        members = select(team_member.c.person_id).where(team_member.c.team_id == team)
        purposes = sorted(allowed(session, session.scalars(members).all()))
        if facts is not None and facts["purposes"] != purposes:
            changed = {
                "facts": {**facts, "purposes": purposes},
                "changed_at": at,
                "change": next_change(session),
            }
            session.execute(update(item).where(mine).values(version=item.c.version + 1, **changed))


def forget(session: Session, person: str) -> None:
    """Take somebody off all teams: erased."""
    session.execute(delete(team_member).where(team_member.c.person_id == person))
