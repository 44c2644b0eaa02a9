"""Who is in a team: it takes part in what all its members allow, and lacks what they do not cover."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.matcher.domain.item import ItemKind, Purpose
from services.matcher.domain.known import Together
from services.matcher.domain.staff import Part
from services.matcher.store.items import next_change
from services.matcher.store.schema import item, team_member
from services.matcher.store.staff import pairs, written_parts

VERSION_STEP = 1 << 20
"""A team's version here is that of its own record times this, plus the changes of its members since."""


def put_members(session: Session, team: str, members: Iterable[Part]) -> None:
    """The people of a team, in place of those known."""
    session.execute(delete(team_member).where(team_member.c.team_id == team))
    rows = [
        {
            "team_id": team,
            "person_id": each.person,
            "share": each.share,
            "since": each.since,
            "until": each.until,
        }
        for each in members
    ]
    if rows:
        session.execute(insert(team_member), rows)


def together(session: Session, members: Sequence[Part]) -> Together:
    """What every one of these people allows, nothing when one of them is not in use, or when there is nobody; and
    their parts with what they declare, by id, without those who are not in use.
    """
    facts = select(item.c.id, item.c.facts).where(
        item.c.kind == ItemKind.PERSON.value,
        item.c.id.in_([each.person for each in members]),
        item.c.facts.is_not(None),
    )
    known = {row.id: row.facts for row in session.execute(facts)}
    there = sorted((each for each in members if each.person in known), key=lambda each: each.person)
    purposes: frozenset[Purpose] = frozenset()
    if members and len(there) == len(members):
        allowed = (frozenset(known[each.person]["purposes"]) for each in there)
        purposes = frozenset(Purpose(each) for each in frozenset.intersection(*allowed))
    return Together(
        purposes, tuple(replace(each, leaves=pairs(known[each.person]["leaves"])) for each in there)
    )


def members_changed(session: Session, people: Mapping[str, datetime]) -> dict[str, datetime]:
    """Let the teams of these people follow what they allow and declare now; `people` say when they changed. The teams
    that are not what they were, likewise.
    """
    touched: dict[str, datetime] = {}
    ids = list(people) if session.scalars(select(team_member.c.team_id).limit(1)).first() else []
    for some in chunks(ids):
        rows = session.execute(select(team_member).where(team_member.c.person_id.in_(some)))
        touched |= {row.team_id: people[row.person_id] for row in rows}
    return {team: at for team, at in sorted(touched.items()) if _follow(session, team, at)}


def _follow(session: Session, team: str, at: datetime) -> bool:
    """Whether the team is not what it was."""
    mine = (item.c.kind == ItemKind.TEAM.value) & (item.c.id == team)
    facts = session.execute(select(item.c.facts).where(mine)).scalar_one_or_none()
    if facts is None:
        return False
    known = together(session, _members(session, team))
    now = {**facts, "purposes": sorted(known.purposes)}
    if "staff" in facts:
        now["staff"] = {**facts["staff"], "parts": written_parts(known.parts)}
    if now == facts:
        return False
    changed = {"facts": now, "changed_at": at, "change": next_change(session)}
    session.execute(update(item).where(mine).values(version=item.c.version + 1, **changed))
    return True


def forget(session: Session, person: str) -> None:
    """Take somebody off all teams: erased."""
    session.execute(delete(team_member).where(team_member.c.person_id == person))


def _members(session: Session, team: str) -> list[Part]:
    rows = session.execute(select(team_member).where(team_member.c.team_id == team))
    return [Part(row.person_id, row.share, row.since, row.until) for row in rows]
