"""One question by one person: page, total, counts, sums, export and alerts are over the very same deals, whatever
happened to the deals before and whoever asks.
"""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select, update

from bole.funding.v1 import export_service_pb2
from services.catalogue import load
from services.chassis.filtering import parse, parse_order
from services.chassis.identity.identity import Grant, Principal
from services.chassis.policy import clearance
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.chassis.telemetry.trace import start
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.step import Actor
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.firm.firm import Firm, FirmFacts, revise
from services.funding.rpc.files.export_source import Source
from services.funding.rpc.seeing import Sight
from services.funding.service.deals.compliance import Compliance
from services.funding.service.deals.screening.asking import Question
from services.funding.store import repository, schema
from services.funding.store.deals.screening import SORTABLE
from services.funding.store.deals.screening import schema as fields
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError
from tests.integration.funding.screening import CATALOGUE, FILTERS, ORDERS, Kept, funds, names
from tests.integration.funding.test_deals import step

EVERYBODY = Actor("everybody", frozenset(Role))
VERBS = (Action.SUBMIT, Action.START_SCREENING, Action.INITIATE, Action.HOLD, Action.RESUME, Action.DECLINE)
MEMBER = "m1"
FACETS = ("owner", "channel", "state", "eligible")


class Agreement(RuleBasedStateMachine):
    """Changes of every kind between questions."""

    kept: Kept

    @initialize(data=st.data())
    def choose(self, data: st.DataObject) -> None:
        """The fund, and its deals."""
        self.fund = data.draw(st.sampled_from(sorted(funds(self.kept))))
        with self.kept.funding.database.read() as session:
            table = schema.deal.c
            query = select(table.id).where(table.fund_id == self.fund).order_by(table.id)
            self.deals = list(session.scalars(query))

    @rule(data=st.data(), verb=st.sampled_from(VERBS))
    def step(self, data: st.DataObject, verb: Action) -> None:
        funding, id_ = self.kept.funding, data.draw(st.sampled_from(self.deals))
        more: dict[str, Any] = {}
        if verb is Action.HOLD:
            more["review_on"] = civil_date(funding.clock.now()) + timedelta(days=30)
        if verb is Action.DECLINE:
            more["decline_codes"] = (DeclineCode.TEAM,)
        with suppress(BoleError), funding.database.write() as session:
            deal = funding.deals.get(session, id_)
            funding.deals.take(session, deal, step(funding, verb, EVERYBODY, **more))

    @rule(data=st.data(), abnormal=st.sampled_from([True, False, None]), staff=st.integers(1, 400))
    def learn(self, data: st.DataObject, abnormal: bool | None, staff: int) -> None:
        """Other figures of a firm."""
        id_ = data.draw(st.sampled_from(self.deals))
        with self.kept.funding.database.write() as session:
            firm = session.get_one(Firm, session.get_one(Deal, id_).firm_id)
            known = {name: getattr(firm, name) for name in FirmFacts.__dataclass_fields__}
            if firm.snapshot:
                known["snapshot"] = replace(
                    firm.snapshot, abnormal=abnormal, staff=staff, rd_staff=None, bachelor_staff=None
                )
            with suppress(BoleError):
                revise(firm, FirmFacts(**known), at=self.kept.funding.clock.now())

    @rule(data=st.data(), code=st.sampled_from(["FIRM_ABNORMAL", "SINGLE_PROJECT_CONCENTRATION"]))
    def waive(self, data: st.DataObject, code: str) -> None:
        id_ = data.draw(st.sampled_from(self.deals))
        waiver = Waiver(code, "纪要", "secretary", self.kept.today + timedelta(days=1), "补充材料")
        with suppress(BoleError), self.kept.funding.database.write() as session:
            deal = session.get_one(Deal, id_)
            Compliance(load(), self.kept.funding.clock).waive(session, deal, waiver)

    @rule(fen=st.sampled_from([100, 10**8]))
    def pay_in(self, fen: int) -> None:
        """Another part of the fund is paid in: its limits move for all deals at once."""
        with self.kept.funding.database.write() as session:
            changed = update(schema.fund).where(schema.fund.c.id == self.fund)
            session.execute(changed.values(paid_in_fen=fen))

    @rule()
    def turn(self) -> None:
        """A day passes."""
        self.kept.funding.clock.advance(timedelta(days=1))
        self.kept.turner.turn()

    @rule(data=st.data())
    def declare(self, data: st.DataObject) -> None:
        """A member of the committee declares that they have no interest."""
        id_ = data.draw(st.sampled_from(self.deals))
        with suppress(BoleError), self.kept.funding.database.write() as session:
            deal = self.kept.funding.deals.get(session, id_)
            self.kept.funding.declare(session, deal, MEMBER)

    @rule(
        filter_=st.sampled_from(FILTERS),
        order=st.sampled_from(ORDERS),
        size=st.integers(1, 9),
        member=st.booleans(),
    )
    def ask(self, filter_: str, order: str, size: int, member: bool) -> None:
        kept, call = self.kept, self.call(member=member)
        with kept.funding.database.read() as session:
            asked = Question(
                fund_id=self.fund,
                expression=parse(filter_, fields(CATALOGUE)),
                order=parse_order(order, SORTABLE),
                facets=FACETS,
                size=size,
                only=Sight.of(call).of_fund(session, self.fund),
            )
            first = answer = kept.screens.ask(session, asked, kept.today)
            paged = list(answer.judged)
            while answer.cursor is not None:
                answer = kept.screens.ask(session, replace(asked, cursor=answer.cursor), kept.today)
                paged += answer.judged
            ids = names(paged)
            deals = [each.opened.deal for each in paged]
            assert (len(ids), len(set(ids))) == (first.total, first.total)
            assert sum(each.terms.ask_fen for each in deals) == first.ask_fen
            self.counted(first, filter_)
            assert {each.deal_id for each in kept.screens.found(session, asked, kept.today)} == set(ids)
            again = replace(asked, revision=first.mandate.revision, as_of=kept.today, size=10_000)
            assert set(names(kept.screens.ask(session, again, kept.today).judged)) == set(ids)
            refs = repository.refs_of_deals(session, ids)
            request = export_service_pb2.ExportRecordsRequest(
                sheet="deals", fund=f"funds/{self.fund}", filter=filter_, order_by=order
            )
            source = Source(CATALOGUE, kept.screens, Redactor(), kept.funding.clock, call)
            lines = list(source.lines(session, request))
        assert [(each.cells["ref"], each.amounts["ticket"]) for each in lines] == [
            (refs.get(each.id, ""), each.terms.ask_fen) for each in deals
        ]

    def counted(self, first: Any, filter_: str) -> None:
        """Counts and sums of what the filter does not name add up to the total."""
        for name in FACETS:
            if name not in filter_:
                pairs = first.facets[name].values()
                assert sum(count for count, _ in pairs) == first.total
                assert sum(fen for _, fen in pairs) == first.ask_fen

    def call(self, *, member: bool) -> Call:
        grant, now = Grant("committee_member" if member else "fund_manager"), self.kept.funding.clock.now()
        caller = Principal(MEMBER if member else "manager", "staff", (grant,))
        return Call(
            caller, clearance(caller, None, now), None, "", start(), "", "", now, time.monotonic() + 60
        )


def test_whatever_happened_what_one_person_asks_once_agrees(kept: Kept) -> None:
    class Machine(Agreement):
        pass

    Machine.kept = kept
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=3, stateful_step_count=12, deadline=None)
    )
