"""Random walks: whatever is tried, the history stays whole and tells the state."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import origins_of, replay
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.machine import actions, perform
from services.funding.domain.deal.states import PARKED, TERMINAL, DealState
from services.funding.domain.deal.step import Actor, Step
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from tests.unit.funding.cases import AT
from tests.unit.funding.deals import GOOD, PATH, new_deal, papers, step

IMPORTED = (DealState.DUE_DILIGENCE, DealState.SIGNED, DealState.DECLINED, DealState.ON_HOLD)


class DealWalk(RuleBasedStateMachine):
    """Tries steps of all kinds by all kinds of people."""

    def __init__(self) -> None:
        super().__init__()
        self.deal = new_deal()
        self.now = AT
        self.left: list[DealState] = []

    @rule(
        action=st.sampled_from([*Action, *PATH]),
        everyone=st.booleans(),
        subject=st.sampled_from(["甲", "乙", "丙"]),
        documented=st.booleans(),
        imported=st.sampled_from(IMPORTED),
    )
    def attempt(
        self, action: Action, everyone: bool, subject: str, documented: bool, imported: DealState
    ) -> None:
        roles = frozenset(Role) if everyone else frozenset({Role.INVESTMENT_MANAGER})
        wanted = step(
            action,
            at=self.now,
            actor=Actor(subject, roles),
            evidence=papers(action, str(len(self.deal.transitions))) if documented else (),
            import_state=imported,
            import_origin=DealState.SCREENING if documented else None,
            amount_fen=1,
            review_on=civil_date(self.now) + timedelta(days=30),
        )
        shown = {view.action: view for view in actions(self.deal, wanted, GOOD)}[action]
        before, history = self.deal.state, list(self.deal.transitions)
        try:
            done = perform(self.deal, wanted, GOOD)
        except (FailedPrecondition, PermissionDenied) as refusal:
            assert not shown.permitted
            assert (self.deal.state, self.deal.transitions) == (before, history)
            self.check_refusal(refusal, action)
        except InvalidArgument:
            assert action is Action.IMPORT
            assert self.deal.transitions == history
        else:
            assert shown.permitted
            assert self.deal.transitions == [*history, done]
            self.follow(action, before)

    def check_refusal(self, refusal: FailedPrecondition | PermissionDenied, action: Action) -> None:
        if refusal.reason == "ILLEGAL_TRANSITION":
            assert action not in refusal.metadata["allowedActions"].split(",")

    def follow(self, action: Action, before: DealState) -> None:
        assert before not in TERMINAL
        if action is Action.IMPORT and self.deal.state in PARKED:
            self.left = [DealState.SCREENING]
        elif self.deal.state in PARKED and before not in PARKED | {self.deal.state}:
            self.left = [before]
        elif action is Action.HOLD:
            self.left.append(before)
        elif action in (Action.RESUME, Action.ANSWER_INFORMATION):
            assert self.deal.state is self.left.pop()

    @rule(choice=st.integers(0, 100), subject=st.sampled_from(["甲", "乙", "丙"]))
    def advance(self, choice: int, subject: str) -> None:
        """Take one of the steps that are open to this person, the ends of a deal left out."""
        salt = str(len(self.deal.transitions))
        actor = Actor(subject, frozenset(Role))
        tried = [step(a, at=self.now, actor=actor, evidence=papers(a, salt)) for a in Action]
        ends = (Action.DECLINE, Action.WITHDRAW, Action.LAPSE, Action.IMPORT)
        able = [t for t in tried if t.action not in ends and self.is_open(t)]
        if able:
            wanted, before = able[choice % len(able)], self.deal.state
            perform(self.deal, replace(wanted, review_on=civil_date(self.now) + timedelta(days=9)), GOOD)
            self.follow(wanted.action, before)

    def is_open(self, wanted: Step) -> bool:
        return next(v.permitted for v in actions(self.deal, wanted, GOOD) if v.action is wanted.action)

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def history_tells_the_state(self) -> None:
        steps = self.deal.transitions
        assert [t.sequence for t in steps] == list(range(1, len(steps) + 1))
        assert all(a.target is b.source for a, b in pairwise(steps))
        assert replay(steps) is self.deal.state
        assert self.deal.version == len(steps) + 1

    @invariant()
    def parked_exactly_when_there_is_a_way_back(self) -> None:
        assert bool(origins_of(self.deal.transitions)) == (self.deal.state in PARKED)

    @invariant()
    def amounts_never_grow(self) -> None:
        deal = self.deal
        assert (deal.paid_fen or 0) <= (deal.signed_fen or 0) <= (deal.approved_fen or 0)

    @invariant()
    def every_step_has_its_papers_and_none_came_after_it(self) -> None:
        for done in self.deal.transitions:
            edge = EDGES.get((done.action, done.source))
            asked = edge.requires if edge is not None else ()
            in_time = {each.kind for each in done.evidence if each.received_at <= done.at}
            assert {each.kind for each in asked} <= in_time

    @invariant()
    def two_people_signed_and_paid(self) -> None:
        for first, second in ((Action.PREPARE_SIGNING, Action.SIGN), (Action.PREPARE_CLOSING, Action.CLOSE)):
            hands = [t.actor for t in self.deal.transitions if t.action in (first, second)]
            if any(t.action is second for t in self.deal.transitions):
                assert len(set(hands[-2:])) == 2


TestDealWalk = DealWalk.TestCase
TestDealWalk.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
