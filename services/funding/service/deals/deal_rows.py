"""Import of the sheet 项目."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, Values, refs_of
from services.chassis.log.topics import DEALS, FUNDS
from services.chassis.outbox.journal import Change
from services.chassis.storage.snapshots import snapshot
from services.funding import events
from services.funding.domain.deal import recusal
from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal, open_deal
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.machine import perform
from services.funding.domain.deal.states import ACTIVE, DealState
from services.funding.domain.deal.step import Actor, DealContext, Step
from services.funding.domain.firm.firm import Firm, require_present
from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.balances import Balances
from services.funding.domain.ledger.holding import arriving
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.domain.restating import replan, restate_deal
from services.funding.service.deals.batch import Batch, differs
from services.funding.service.deals.cases import fund_with_mandate, holding_of, standing_mandate
from services.funding.service.deals.interests import recusals_of
from services.funding.service.deals.trail import Trail
from services.funding.service.firms import hiring
from services.funding.service.funds.investments import Investments, is_written_off
from services.funding.service.row_outcomes import of_kinds, outcomes
from services.funding.service.stated import deal_terms, stated_plan
from services.funding.store import repository, schema
from services.funding.store.deals import trails
from services.funding.store.funds import ledger
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import InvalidArgument
from services.workbook.tables import Row

AMOUNTS = ("ticket", "pre_money", "round_total", "follow_on")


class DealRows:
    """Rows of the sheet 项目. A deal's later life happens by its verbs: the state of a repeated row is not looked at.

    Until it is initiated a repeated row changes its terms, owner and rating, and its hiring plan until it ends; a row
    about another fund, firm or round than on record is refused.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the deals of these numbers, their funds and firms."""
        session = self._batch.session
        funds, firms = ({row.cells.get(key, "") for row in chunk} for key in ("fund", "firm"))
        self._funds = repository.funds_by_ref(session, sorted(funds))
        self._firms = repository.KnownFirms(session, firms)
        self._known = repository.deals_by_ref(session, refs_of(chunk))
        self._open = repository.OpenRounds(session)
        self._new: list[tuple[str, Deal]] = []
        self._balances: dict[str, Balances] = {}
        self._barred = recusals_of(session, self._batch.actor)
        self._posted: list[Journal] = []

    def judge(self, row: int, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises, and for a fund or firm that is not there."""
        fund = self._funds.get(values["fund"])
        if fund is None:
            raise _unknown("基金编号", "UNKNOWN_FUND", values["fund"], "基金", "fund")
        self._batch.require_city(fund.city)
        firm = self._firms.get(values["firm"])
        if firm is None:
            raise _unknown("企业信用代码", "UNKNOWN_FIRM", values["firm"], "企业", "firm")
        if firm.merged_into:
            firm = self._batch.session.get_one(Firm, firm.merged_into)
        known = self._known.get(values["ref"])
        if known is not None:
            _require_same(known, fund, firm, values)
            return self._restate(row, known, firm, values)
        self._batch.require_amounts(f"deal:{values['ref']}", values, AMOUNTS)
        at, state = self._batch.clock.now(), DealState[values["state"] or "LEAD"]
        deal = open_deal(
            id=self._batch.ids.new(),
            fund_id=fund.id,
            firm_id=firm.id,
            round_name=values["round"],
            channel="import",
            terms=deal_terms(values),
            origin=values["origin"] or "REAL",
            at=at,
            owner=values["owner"],
            expert_rating=values["expert_rating"],
            submitted_at=midnight(values["submitted"]),
        )
        deal.hiring_plan = stated_plan(values)
        open_rounds = self._open.of_firm(firm.id)
        round_ = (fund.id, deal.round_name)
        if state in ACTIVE:
            require_present(firm)
        if state in ACTIVE and round_ in open_rounds:
            raise _already_open(open_rounds[round_])
        if state is not DealState.LEAD:
            self._arrive(deal, fund, state, values["ticket"], at)
            hiring.settle(self._batch.session, deal, firm)
        if state in ACTIVE:
            open_rounds[round_] = deal.id
        self._new.append((values["ref"], deal))
        return Judged(row, RowOutcome.NEW, deal)

    def _restate(self, row: int, known: Deal, firm: Firm, values: Values) -> Judged:
        """What a repeated row changes. Raises what the domain raises."""
        terms, owner, rating = deal_terms(values), values["owner"] or "", values["expert_rating"]
        restated = (terms, owner, rating) != (known.terms, known.owner, known.expert_rating)
        plan = stated_plan(values) or known.hiring_plan
        if not restated and plan == known.hiring_plan:
            return Judged(row, None)
        if known.id in self._barred:
            raise recusal.refusal()
        at, before = self._batch.clock.now(), snapshot(schema.deal, known)
        repository.load_transitions(self._batch.session, [known])
        if restated:
            self._batch.require_amounts(f"deal:{values['ref']}", values, AMOUNTS)
            restate_deal(known, terms, owner, rating, at=at)
        if plan != known.hiring_plan:
            replan(known, plan, at=at)
            if not is_written_off(self._batch.session, known.id):
                hiring.settle(self._batch.session, known, firm)
        return Judged(row, RowOutcome.CHANGED, known, before)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them with their histories and tell of them."""
        deals, changed = of_kinds(judged)
        self._batch.session.add_all(deals)
        repository.save_transitions(self._batch.session, deals)
        repository.save_refs(self._batch.session, "deal", ((ref, deal.id) for ref, deal in self._new))
        told = [
            Change(DEALS, each.id, each.version, events.deal_event(each), self._batch.actor)
            for each in (*deals, *changed)
        ]
        self._batch.record(told)
        trail = Trail(self._batch.clock, self._batch.ids)
        for each in changed:
            said = {"terms": trails.plain(each.terms), "source": self._batch.source}
            trail.note(self._batch.session, each.id, "RESTATED", self._batch.actor, said)
        Investments(self._batch.journal, self._batch.clock, self._batch.ids).open(
            self._batch.session, deals, self._batch.actor
        )
        ledger.post(self._batch.session, self._posted)
        self._batch.record(
            [self._fund_changed(id_) for id_ in sorted({each.fund_id for each in self._posted})]
        )
        return outcomes(judged, schema.deal)

    def _fund_changed(self, fund_id: str) -> Change:
        fund, newest = fund_with_mandate(self._batch.session, fund_id)
        today = civil_date(self._batch.clock.now())
        mandate = standing_mandate(self._batch.session, fund_id, today) or newest
        return Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), self._batch.actor)

    def _arrive(self, deal: Deal, fund: Fund, state: DealState, ticket: int, at: datetime) -> None:
        """One transition to where the deal stands, if the fund can bear what that state holds of it."""
        balances = self._balances.setdefault(fund.id, fund.balances)
        held = state in (DealState.APPROVED, DealState.SIGNED, DealState.INVESTED)
        parked = state in (DealState.INFO_REQUESTED, DealState.ON_HOLD)
        step = Step(
            action=Action.IMPORT,
            actor=Actor(self._batch.actor, frozenset(Role)),
            at=at,
            evidence=(
                Evidence(
                    EvidenceKind.SOURCE_DOCUMENT,
                    self._batch.upload.header.filename,
                    self._batch.upload.sha256,
                    at,
                ),
            ),
            amount_fen=ticket if held else None,
            import_state=state,
            import_origin=DealState.SCREENING if parked else None,
        )
        perform(deal, step, DealContext(headroom_fen=balances[Account.FREE]))
        if held:
            lines = arriving(balances, holding_of(deal))
            self._balances[fund.id] = balances.after(lines)
            self._posted.append(
                Journal(fund.id, Act.IMPORT, lines, self._batch.actor, at, f"deals/{deal.id}")
            )


def _require_same(known: Deal, fund: Fund, firm: Firm, values: Values) -> None:
    differing = [
        header
        for header, on_record, stated in (
            ("基金编号", known.fund_id, fund.id),
            ("企业信用代码", known.firm_id, firm.id),
            ("轮次", known.round_name, values["round"]),
            ("申报日期", known.submitted_at, midnight(values["submitted"])),
            ("数据来源", known.origin, values["origin"] or "REAL"),
        )
        if on_record != stated
    ]
    if differing:
        raise differs(differing, "项目", "deal", f"deals/{known.id}")


def _unknown(header: str, reason: str, value: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(
        header,
        reason,
        f"没有编号为 {value} 的{zh}，请先导入该{zh}或更正编号",
        f"there is no {en} {value}; import it first or correct the number",
    )


def _already_open(standing: str) -> InvalidArgument:
    return InvalidArgument.field(
        "轮次",
        "DEAL_OPEN",
        f"该基金对此企业本轮已有进行中的项目（deals/{standing}），请核对轮次或状态",
        f"the fund has an open deal for this firm and round (deals/{standing}); check round and state",
    )
