"""Putting pairs forward, the steps they take, and their end when a pair may not be proposed any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from bole.events.v1 import proposal_event_pb2
from services.chassis.log.topics import PROPOSALS
from services.chassis.outbox.journal import Change, Journal
from services.chassis.request_log import RequestLog
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import Aborted, AlreadyExists, FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.matcher.domain.cells import cell_of
from services.matcher.domain.item import Item, ItemKind, not_matched
from services.matcher.domain.kinds import PairKind, pair_kind
from services.matcher.domain.proposal import (
    SYSTEM,
    UNDECIDED,
    UNSEEN,
    Proposal,
    ProposalState,
    Refusal,
    Shown,
    Step,
)
from services.matcher.domain.returns import foremost
from services.matcher.score.explaining import Explanation
from services.matcher.service.engine import Engine
from services.matcher.store import items, proposals

_COLLECTIONS = {kind.collection: kind for kind in ItemKind}


class Amounts(NamedTuple):
    """What a firm asks for, and its value before the round, in fen; None where it is not said."""

    ask: int | None = None
    valuation: int | None = None

    def of(self, firm: Item) -> Item:
        """The firm with what is said; the index keeps no amounts of firms."""
        said = {name: value for name, value in self._asdict().items() if value is not None}
        return replace(firm, **said) if said else firm


class Ranked(NamedTuple):
    """Anchor and candidate as they were when their place was worked out, and the candidate's place among all that
    pass, from 1; 0 where the index does not know it yet.
    """

    pair: tuple[Item, Item]
    rank: int


@dataclass(frozen=True)
class Proposals:
    """The use cases."""

    engine: Engine
    journal: Journal
    requests: RequestLog
    ids: Ids
    clock: Clock

    def there(
        self, session: Session, kind: PairKind, pair: tuple[str, str], amounts: Amounts
    ) -> tuple[Item, Item] | None:
        """Anchor and candidate by id as they are committed; None unless both are there."""
        try:
            return self._pair(session, kind, pair, amounts)
        except NotFound:
            return None

    def ranked(self, kind: PairKind, pair: tuple[Item, Item]) -> Ranked:
        """The place of a pair: everybody is scored for it, so ask before anything is written."""
        anchor, candidate = pair
        return Ranked(pair, self.engine.view.finder.rank(kind.key, anchor, candidate))

    def create(
        self,
        session: Session,
        kind: PairKind,
        pair: tuple[str, str],
        amounts: Amounts,
        ranked: Ranked | None,
        actor: str,
        note: str,
        shown: Shown = UNSEEN,
    ) -> Proposal:
        """Put a pair forward, anchor and candidate by id. `ranked`: its place, None where one was not there.
        `amounts` of the candidate count in the gates and the score, and are not kept. `shown`: where it was seen.

        Raises NotFound, FailedPrecondition (GATE_SHUT), AlreadyExists (PROPOSED_ALREADY), Aborted (CONCURRENT_CHANGE)
        when it is not what was ranked any more.
        """
        anchor, candidate = self._pair(session, kind, pair, amounts)
        view = self.engine.view
        explanation = view.finder.explain(kind.key, anchor, candidate, terms=False)
        if not explanation.admitted:
            raise _shut(explanation)
        known = proposals.live(session, kind.key, anchor.name, candidate.name)
        if known is not None:
            raise _known(known)
        if ranked is None or ranked.pair != (anchor, candidate):
            raise _changed()
        now = self.clock.now()
        made = Proposal(
            self.ids.new(),
            kind.key,
            anchor.name,
            candidate.name,
            ProposalState.PROPOSED,
            None,
            actor,
            explanation.log_odds,
            explanation.probability,
            ranked.rank,
            {part.name: part.value for part in explanation.contributions},
            explanation.features,
            view.space.encoder.version,
            False,
            self.ids.new(),
            self._origin(session, kind, pair),
            1,
            now,
            now,
            *shown,
            explanation.calibrated,
        )
        session.add(made)
        try:
            session.flush()
        except IntegrityError:  # somebody else has put the same pair forward this moment
            raise _known(None) from None
        self._noted(session, made, Step(made.state, actor, now, None, note), candidate)
        return made

    def advance(self, session: Session, id_: str, step: Step) -> Proposal:
        """Take a step. Raises NotFound, and as `Proposal.step`."""
        found = proposals.get(session, id_, lock=True)
        if found is None:
            raise NotFound.resource(f"proposals/{id_}")
        found.step(step)
        self._noted(session, found, step, self._candidate(session, found))
        return found

    def city_of(self, session: Session, of: Proposal) -> str:
        """Where a proposal belongs: the anchor's city, or else the candidate's; empty for the province's own."""
        for name in (of.anchor, of.candidate):
            try:
                city = self._named(session, name).city
            except NotFound:
                continue
            if city:
                return city
        return ""

    def follow(self, session: Session, changed: Iterable[tuple[ItemKind, str]]) -> None:
        """End what may not be proposed any more now that these entities have changed, by kind and id.

        Withdrawn consent ends every live proposal; another gate those that nobody has decided on.
        """
        if not proposals.any_live(session):
            return
        for each in proposals.live_with(session, [f"{kind.collection}/{id_}" for kind, id_ in changed]):
            self._end_if_shut(session, each)

    def recheck(self, session: Session, ids: Sequence[str]) -> int:
        """The same for proposals of which nothing has changed but the day; how many ended."""
        return sum(self._end_if_shut(session, each) for each in proposals.live_among(session, ids))

    def erase(self, session: Session, person: str) -> None:
        """Delete every proposal with a person, all words about it and all kept answers; tell of it."""
        gone = proposals.all_with(session, f"{ItemKind.PERSON.collection}/{person}")
        self.journal.record(
            session, [Change(PROPOSALS, each.id, each.version + 1, None, SYSTEM) for each in gone]
        )
        for each in gone:
            self.requests.forget(session, f"proposals/{each.id}")
            session.expunge(each)
        proposals.forget(session, [each.id for each in gone])

    def _end_if_shut(self, session: Session, each: Proposal) -> bool:
        refused, shut = self._standing(session, each)
        if not (refused or (shut and each.state in UNDECIDED)):
            return False
        step = Step(ProposalState.WITHDRAWN, SYSTEM, self.clock.now(), Refusal.NOT_ADMITTED)
        each.step(step)
        self._noted(session, each, step, self._candidate(session, each))
        return True

    def _standing(self, session: Session, of: Proposal) -> tuple[bool, bool]:
        """Whether somebody concerned allows it no more, or is gone; and whether any gate is shut."""
        kind = pair_kind(of.kind)
        try:
            pair = self._named(session, of.anchor), self._named(session, of.candidate)
        except NotFound:
            return bool(kind.purposes) and self._candidate(session, of) is None, True
        gates = self.engine.view.finder.explain(of.kind, *pair, terms=False).gates
        return any(gate.name == "consent" and not gate.passed for gate in gates), not all(
            gate.passed for gate in gates
        )

    def _noted(self, session: Session, of: Proposal, step: Step, candidate: Item | None) -> None:
        """Steps, event, history and what is left to learn from."""
        session.flush()
        proposals.add_step(session, of.id, step)
        place = (candidate.city or "", candidate.category or "") if candidate else ("", "")
        if of.viewed and of.state is not ProposalState.WITHDRAWN:
            proposals.put_feedback(session, of, place, civil_date(step.at))
        state = proposal_event(of, step.actor)
        self.journal.record(session, [Change(PROPOSALS, of.id, of.version, state, step.actor)])

    def _candidate(self, session: Session, of: Proposal) -> Item | None:
        try:
            return self._named(session, of.candidate)
        except NotFound:
            return None

    def _pair(
        self, session: Session, kind: PairKind, pair: tuple[str, str], amounts: Amounts
    ) -> tuple[Item, Item]:
        anchor = self._item(session, kind.anchor, pair[0])
        return anchor, amounts.of(self._item(session, kind.candidate, pair[1]))

    def _named(self, session: Session, name: str) -> Item:
        collection, _, id_ = name.partition("/")
        return self._item(session, _COLLECTIONS[collection], id_)

    def _item(self, session: Session, kind: ItemKind, id_: str) -> Item:
        """An item as it is committed, which the lists may not have followed yet. Raises NotFound."""
        codes = self.engine.space.codes
        if kind is ItemKind.CELL:
            return cell_of(codes, id_)
        if kind is ItemKind.DIRECTION:
            return self.engine.space.item(kind, id_)
        found = items.known(session, kind, id_)
        if found is None:
            raise not_matched(kind, id_)
        return found

    def _origin(self, session: Session, kind: PairKind, pair: tuple[str, str]) -> str:
        """`SYNTHETIC` as soon as one side is sample data."""
        sides = zip((kind.anchor, kind.candidate), pair, strict=True)
        labels = [items.labels(session, sort, [id_]) for sort, id_ in sides]
        sample = any(row.origin == "SYNTHETIC" for found in labels for row in found.values())
        return "SYNTHETIC" if sample else "REAL"


def proposal_event(of: Proposal, actor: str) -> proposal_event_pb2.ProposalState:
    """The state of a proposal, by ids alone."""
    sample = of.origin == "SYNTHETIC"
    return proposal_event_pb2.ProposalState(
        id=of.id,
        version=of.version,
        kind=of.kind,
        anchor=of.anchor,
        candidate=of.candidate,
        state=f"STATE_{of.state}",
        reason=f"REASON_{of.reason}" if of.reason else None,
        actor=actor,
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL,
        foremost=foremost(of.parts),
    )


def _shut(explanation: Explanation) -> FailedPrecondition:
    shut: Sequence[Text] = [gate.reason for gate in explanation.gates if not gate.passed]
    return FailedPrecondition(
        Text(
            f"不能推荐：{'；'.join(each.zh for each in shut)}",
            f"cannot be proposed: {'; '.join(each.en for each in shut)}",
        ),
        reason="GATE_SHUT",
    )


def _known(known: Proposal | None) -> AlreadyExists:
    which = f"proposals/{known.id}" if known else ""
    named = Text(f"（{which}）", f" ({which})") if which else Text("", "")
    return AlreadyExists(
        Text(
            f"该配对已推荐{named.zh}，请在原推荐上继续",
            f"the pair is put forward already{named.en}; go on with that proposal",
        ),
        reason="PROPOSED_ALREADY",
        metadata={"proposal": which, "resource": which} if which else {},
    )


def _changed() -> Aborted:
    return Aborted(
        Text("双方之一刚被更改，请重新提交", "one of the two was changed this moment; submit it again"),
        reason="CONCURRENT_CHANGE",
    )
