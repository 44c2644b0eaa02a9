"""Runs over all anchors of a kind: started and stopped by people, worked out in portions by a loop of its own.

A portion and how far the run has come are one transaction: whatever stops the process, the run goes on with the next
anchor, and no pair is there twice. Each anchor is answered by the index as it is at that moment, without the firms in
which whoever started the run has an interest.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.process.background import Rounds
from services.chassis.storage.news import News
from services.kernel.errors import BoleError, FailedPrecondition, NotFound
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind, pair_kind
from services.matcher.domain.run import MatchRun, RunState
from services.matcher.service.engine import Engine
from services.matcher.service.runs.run_answers import Answers
from services.matcher.store import items, recusals, runs
from services.matcher.store.runs import FoundPair

KEPT = timedelta(days=30)
MOST_RUNNING = 3
PORTION = 64
_IDLE_SECONDS = 0.5
_BACK_OFF_SECONDS = (5.0, 5.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to be about."""

    kind: PairKind
    limit: int
    filter: str
    same_industry: bool
    by_city: bool
    cities: tuple[str, ...]
    creator: str


class Runs:
    """The use cases, and the loop. `leading`: whether this process is the one that works runs out; `portion`: how
    many anchors are one transaction.
    """

    def __init__(
        self,
        house: House,
        engine: Engine,
        catalogue: Catalogue,
        leading: threading.Event,
        portion: int = PORTION,
    ) -> None:
        self._house = house
        self._engine = engine
        self.catalogue = catalogue
        self._answers = Answers(engine, catalogue)
        self._leading = leading
        self._portion = portion
        self._wake = threading.Event()

    def start(self, session: Session, asked: Asked) -> MatchRun:
        """A new run. Raises InvalidArgument (INVALID_FILTER), FailedPrecondition (TOO_MANY_RUNS)."""
        now = self._house.clock.now()
        runs.expire(session, now - KEPT)
        _require_room(session, asked.creator)
        run = MatchRun(
            id=self._house.ids.new(),
            kind=asked.kind.key,
            limit=asked.limit,
            filter=asked.filter,
            same_industry=asked.same_industry,
            by_city=asked.by_city,
            cities=asked.cities,
            creator=asked.creator,
            model=self._engine.version,
            created_at=now,
            updated_at=now,
        )
        closed = recusals.firms_closed_to(session, asked.creator)
        run.anchors = len(self._answers.turns(self._engine.space, run, closed))
        session.add(run)
        return run

    def cancel(self, session: Session, id_: str) -> MatchRun:
        """Stop a run. Raises NotFound, FailedPrecondition."""
        run = self._locked(session, id_)
        run.cancel(self._house.clock.now())
        return run

    def resume(self, session: Session, id_: str) -> MatchRun:
        """Go on with a run. Raises NotFound, FailedPrecondition (RUN_NOT_STOPPED, TOO_MANY_RUNS)."""
        run = self._locked(session, id_)
        run.resume(self._house.clock.now())
        with session.no_autoflush:
            _require_room(session, run.creator)
        return run

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def rounds(self) -> Rounds:
        """Working runs out while this process leads; a portion that failed is worked out again."""
        news, busy = News(self._house.database), False

        def work(_stop: threading.Event) -> None:
            nonlocal busy
            if not self._leading.is_set():
                busy = False
                return
            with news.since() as came:
                busy = (busy or came) and self.step()

        return Rounds(
            work,
            "a run over all anchors could not go on",
            lambda: 0.0 if busy else _IDLE_SECONDS,
            again=_BACK_OFF_SECONDS,
            wake=self._wake,
        )

    def step(self) -> bool:
        """Work out the next portion of the run that has waited longest; whether there was one."""
        with self._house.database.read() as session:
            run = runs.running(session)
            closed = recusals.firms_closed_to(session, run.creator) if run else frozenset()
        if run is None:
            self._answers.rest()
            return False
        model = self._engine.version
        begun = run.model == model
        turns = self._answers.turns(self._engine.space, run, closed)
        todo = [turn for turn in turns if not begun or turn.key > run.cursor]
        part = todo[: self._portion]
        try:
            found = self._answers.found(run, todo, len(part), closed)
        except BoleError as error:
            self._fail(run, error.text)
            return True
        with self._house.database.write() as session:
            fresh = runs.get(session, run.id, lock=True)
            if fresh is None or fresh.state is not RunState.RUNNING or fresh.cursor != run.cursor:
                return True
            if not begun:
                runs.drop_pairs(session, run.id)
                fresh.begin_anew(model)
            kept = self._in_use(session, pair_kind(run.kind), found)
            # An anchor that has changed its industries meanwhile may have had its turn before.
            again = runs.drop_pairs_of(session, run.id, [turn.id for turn in part])
            runs.add_pairs(session, run.id, kept)
            keys = [turn.key for turn in part]
            fresh.worked_out(keys, len(kept) - again, len(todo) - len(part), self._house.clock.now())
        return True

    def _in_use(self, session: Session, kind: PairKind, found: Sequence[FoundPair]) -> list[FoundPair]:
        """Those whose sides have not been erased since they were found. Directions come from the catalogue."""
        candidates = items.in_use(session, kind.candidate, (each.candidate_id for each in found))
        anchors = {each.anchor_id for each in found}
        if kind.anchor is not ItemKind.DIRECTION:
            anchors = items.in_use(session, kind.anchor, anchors)
        return [each for each in found if each.candidate_id in candidates and each.anchor_id in anchors]

    def _fail(self, run: MatchRun, reason: Text) -> None:
        with self._house.database.write() as session:
            self._locked(session, run.id).fail(reason, self._house.clock.now())

    def _locked(self, session: Session, id_: str) -> MatchRun:
        run = runs.get(session, id_, lock=True)
        if run is None:
            raise NotFound.resource(f"matchRuns/{id_}")
        return run


def _require_room(session: Session, creator: str) -> None:
    """Raise FailedPrecondition (TOO_MANY_RUNS) where as many runs of somebody are running as may."""
    if runs.running_count(session, creator) >= MOST_RUNNING:
        raise FailedPrecondition(
            Text(
                f"同时最多运行 {MOST_RUNNING} 个任务，请等待完成或取消其中之一",
                f"at most {MOST_RUNNING} runs at a time; wait for one or cancel it",
            ),
            reason="TOO_MANY_RUNS",
        )


def still_admitted(engine: Engine, kind: PairKind, pairs: Sequence[FoundPair]) -> list[FoundPair]:
    """Those pairs of one anchor that may be matched now: both are there, and every gate is open."""
    space, finder = engine.view
    with space.lock:
        present = space.population(kind.candidate).row_of
        if not pairs or pairs[0].anchor_id not in space.population(kind.anchor).row_of:
            return []
        known = [each for each in pairs if each.candidate_id in present]
        open_ = finder.admitted(kind.key, pairs[0].anchor_id, [each.candidate_id for each in known])
    return [each for each, admitted in zip(known, open_, strict=True) if admitted]


def stored_anchor(kind: PairKind) -> bool:
    """Whether the anchors of a kind are entities of which the index keeps rows."""
    return kind.anchor is not ItemKind.CELL
