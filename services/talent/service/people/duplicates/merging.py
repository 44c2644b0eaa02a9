"""Merging people without loss, and undoing it exactly.

A merge is a positive judgement: the records of both are shown as one person, the oldest, from what was stated
about all of them. Taking the judgement back parts them again: every record shows what was stated about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.kernel.errors import Aborted, FailedPrecondition
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.identity.comparison import compare
from services.talent.domain.identity.joining import check_joining
from services.talent.domain.identity.judgement import Judgement, Verdict, canonical, clusters, pair_of
from services.talent.domain.people.person import Person, PersonStatus, Purpose
from services.talent.service.people.duplicates.finding import Finding
from services.talent.service.people.duplicates.records import hide, restore, touch_teams
from services.talent.service.people.people import People, Why
from services.talent.store.people import duplicate_blocks, duplicates, statements

_KEYS = {"id_digest": "id_number", "orcid": "orcid"}


@dataclass(frozen=True)
class Merging:
    """The use cases of merging. Two writers on one person: the second is refused and reads again."""

    people: People
    finding: Finding
    ids: Ids

    def merge(
        self,
        session: Session,
        pair: tuple[Person, Person],
        reason: str,
        actor: str,
        *,
        automatic: bool = False,
    ) -> tuple[Person, Judgement]:
        """The one person, under the older id, and the judgement that keeps the records together.

        Raises InvalidArgument (SAME_RECORD), FailedPrecondition (CONFLICTING_KEYS, JUDGED_APART), Aborted.
        """
        left, right = pair_of(pair[0].id, pair[1].id)
        locked = duplicates.lock_persons(session, (left, right))
        if len(locked) < 2:
            raise _moved()
        records = statements.records_of(session, (left, right))
        every = [*records[left], *records[right]]
        standing = duplicates.judgements_about(session, every)
        check_joining(records[left], records[right], self._strong_keys(session, every), standing)
        judgement = self._judge(session, (left, right), reason, actor, automatic)
        kept, gone = locked[canonical((left, right))], locked[max(left, right)]
        self._keep(session, (kept, gone))
        keys = duplicate_blocks.keys_of(session, [gone.id])
        hide(session, self.people, gone, kept.id, actor)
        self._relink(session, every, kept.id)
        self._show(session, kept, every, actor)
        touch_teams(session, self.people, every, actor)
        self.finding.refresh(session, [kept.id], gone=keys)
        return kept, judgement

    def unmerge(self, session: Session, judgement: Judgement, person: Person, actor: str) -> list[Person]:
        """The people whom the judgement kept together, each on their own; one if others still join them.

        Raises FailedPrecondition (NOT_A_MERGE), Aborted.
        """
        if not judgement.live or judgement.verdict is not Verdict.POSITIVE:
            raise not_a_merge(judgement.id)
        kept = duplicates.lock_persons(session, [person.id]).get(person.id)
        if kept is None:
            raise _moved()
        members = statements.records_of(session, [kept.id])[kept.id]
        judgement.take_back(actor, self.people.clock.now())
        session.flush()
        parts = _parts(members, duplicates.judgements_about(session, members))
        if len(parts) == 1:
            self.people.reproject(session, [kept], actor, Why.MERGED)
            return [kept]
        for part in parts:
            self._relink(session, part, canonical(part))
        saved = duplicates.merged(session, members)
        shown = [self._part(session, kept, part, saved, actor) for part in parts]
        duplicates.drop_merged(session, [part[0] for part in parts if len(part) == 1])
        touch_teams(session, self.people, members, actor)
        self.finding.refresh(session, [each.id for each in shown])
        return shown

    def _part(
        self, session: Session, kept: Person, part: list[str], saved: Mapping[str, Row[Any]], actor: str
    ) -> Person:
        """The person of one part: the one who stayed, or one who comes back."""
        id_ = canonical(part)
        if id_ == kept.id:
            self._show(session, kept, part, actor, saved)
            return kept
        person = restore(session, self.people, saved[id_], _standing(part, saved), actor)
        if person.permits(Purpose.STATISTICS):
            self.people.moves.resume(session, part)
        return person

    def _strong_keys(self, session: Session, records: Sequence[str]) -> dict[str, dict[str, str]]:
        """The strong keys of each record, by kind, as stated about that very record."""
        said = self.people.assertions.of_records(session, records)
        chosen = {id_: self.people.assertions.chosen(each, _KEYS) for id_, each in said.items()}
        return {
            id_: {kind: mine[name] for name, kind in _KEYS.items() if mine.get(name)}
            for id_, mine in chosen.items()
        }

    def _judge(
        self, session: Session, pair: tuple[str, str], reason: str, actor: str, automatic: bool
    ) -> Judgement:
        before, now = duplicates.judgement_of(session, pair), self.people.clock.now()
        if before is not None:
            before.take_back(actor, now)
            session.flush()
        traits = self.finding.suggesting.traits(session, pair)
        weighed = compare(traits[pair[0]], traits[pair[1]], self.finding.method)
        made = Judgement(
            self.ids.new(), *pair, Verdict.POSITIVE, weighed.millibits, reason, automatic, actor, now
        )
        session.add(made)
        session.flush()
        return made

    def _keep(self, session: Session, persons: Iterable[Person]) -> None:
        """Keep of each row what no statement says, unless it is kept from an earlier merge."""
        listed = list(persons)
        saved = duplicates.merged(session, [each.id for each in listed])
        rows = [
            {
                "record_id": each.id,
                "ref": each.ref,
                "status": each.status,
                "status_reason": each.status_reason,
                "origin": each.origin,
                "created_at": each.created_at,
            }
            for each in listed
            if each.id not in saved
        ]
        duplicates.keep_merged(session, rows)

    def _relink(self, session: Session, records: Iterable[str], person_id: str) -> None:
        saved = duplicates.merged(session, records)
        duplicates.link(session, {id_: row.ref for id_, row in saved.items()}, person_id)

    def _show(
        self,
        session: Session,
        person: Person,
        records: Iterable[str],
        actor: str,
        saved: Mapping[str, Row[Any]] | None = None,
    ) -> None:
        """Show a person from the statements about these records; in use if any record is."""
        kept = saved if saved is not None else duplicates.merged(session, records)
        person.status, person.status_reason = _standing(records, kept)
        self.people.reproject(session, [person], actor, Why.MERGED)


def not_a_merge(judgement_id: str) -> FailedPrecondition:
    """The refusal to undo what is no merge that stands."""
    return FailedPrecondition(
        Text(
            f"duplicateJudgements/{judgement_id} 不是仍然有效的合并，无需撤销",
            f"duplicateJudgements/{judgement_id} is not a merge that stands; there is nothing to undo",
        ),
        reason="NOT_A_MERGE",
    )


def _parts(members: Sequence[str], judgements: Iterable[Judgement]) -> list[list[str]]:
    """Records that still belong together, the oldest first in each part and among the parts."""
    found = clusters(judgements)
    parts = {frozenset(found.get(id_, {id_})) for id_ in members}
    return sorted(sorted(part) for part in parts)


def _standing(records: Iterable[str], saved: Mapping[str, Row[Any]]) -> tuple[PersonStatus, str]:
    """In use if any of the records was; else withdrawn for the first one's reason."""
    rows = [saved[id_] for id_ in sorted(records)]
    if any(row.status is PersonStatus.ACTIVE for row in rows):
        return PersonStatus.ACTIVE, ""
    return PersonStatus.WITHDRAWN, rows[0].status_reason


def _moved() -> Aborted:
    return Aborted(
        Text(
            "其中一人刚被合并或删除，请重新读取后再提交",
            "one of them was merged or erased at this moment; read again and resubmit",
        ),
        reason="CONCURRENT_CHANGE",
    )
