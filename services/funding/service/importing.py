"""Import of firms, funds and deals: every row is read, judged and reported; good rows are written together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.catalogue import Catalogue
from services.chassis.importing import Tally, Upload
from services.chassis.journal import Change, Journal
from services.chassis.topics import DEALS, FIRMS, FUNDS
from services.funding import events
from services.funding.domain import firm as firms
from services.funding.domain import fund as fund_rules
from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal, open_deal
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.machine import perform
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, DealContext, Step
from services.funding.domain.firm import Firm, FirmFacts
from services.funding.domain.fund import Fund, FundKind
from services.funding.domain.mandate import Mandate, examine_mandate, with_published_limits
from services.funding.domain.ratio import Ratio
from services.funding.service.stated import deal_terms, firm_facts
from services.funding.store import repository
from services.kernel.clock import Clock, midnight
from services.kernel.errors import BoleError, InvalidArgument
from services.kernel.ids import Ids
from services.workbook.duplicates import find_duplicates
from services.workbook.reading import read_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Table

SHEET_ORDER = ("firms", "funds", "deals")
Values = Mapping[str, Any]
_FIELDS = {
    "direction_shares": "技术方向",
    "terms.ask_fen": "拟投金额",
    "terms.round_total_fen": "本轮总额",
    "amount_fen": "拟投金额",
    "invested_fen": "已承诺投资额",
    "committed_fen": "已承诺投资额",
    "round_name": "轮次",
    "submitted_at": "申报日期",
}


@dataclass(frozen=True)
class FundingImport:
    """The import use case."""

    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids

    def run(self, session: Session, upload: Upload, actor: str) -> ImportReport:
        """Write what the mode allows within the transaction of `session`.

        Raises InvalidArgument for a file that is no workbook or has none of the sheets, and NothingWritten,
        which carries the report, when nothing may be written.
        """
        book = read_workbook(upload.data, filename=upload.header.filename, sheet=upload.header.sheet or None)
        if not set(SHEET_ORDER) & set(book.tables):
            raise InvalidArgument.field(
                "file",
                "SHEET_MISSING",
                "文件中没有企业、基金或项目表，请使用模板",
                "the file has no sheet of firms, funds or deals; use the template",
            )
        tally = Tally()
        ways: dict[str, type[_Firms | _Funds | _Deals]] = {"firms": _Firms, "funds": _Funds, "deals": _Deals}
        for key in SHEET_ORDER:
            if key in book.tables:
                self._sheet(book.tables[key], tally, ways[key](self, session, actor, upload))
        return tally.settle(upload)

    def _sheet(self, table: Table, tally: Tally, way: "_Firms | _Funds | _Deals") -> None:
        tally.read(table.sheet)
        reader, repeated = RowReader(SHEETS[table.sheet], self.catalogue), find_duplicates(table)
        headers = {column.key: column.header_zh for column in SHEETS[table.sheet].columns}
        fields = {**_FIELDS, **headers, **{f"{key}_fen": header for key, header in headers.items()}}
        fields.update({f"snapshot.{key}": header for key, header in list(fields.items())})
        for row in table.rows:
            if row.number in repeated.same:
                tally.same(table.sheet)
                continue
            try:
                values = reader.read(row)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                outcome = way.judge(values)
            except BoleError as error:
                tally.refused(table.sheet, row.number, error.renamed(fields))
                continue
            {"created": tally.created, "changed": tally.changed, "same": tally.same}[outcome](table.sheet)
        way.write()


class _Firms:
    """Rows of the sheet 企业."""

    def __init__(self, parent: FundingImport, session: Session, actor: str, _upload: Upload) -> None:
        self._parent, self._session, self._actor = parent, session, actor
        self._new: list[Firm] = []
        self._changed: list[Firm] = []

    def judge(self, values: Values) -> str:
        """New, changed or the same. Raises what the domain raises."""
        facts, at = firm_facts(values), self._parent.clock.now()
        known = repository.firms_by_uscc(self._session, [values["uscc"]]).get(values["uscc"])
        if known is None:
            made = firms.register(
                id=self._parent.ids.new(),
                uscc=values["uscc"],
                facts=facts,
                origin=values["origin"] or "REAL",
                at=at,
            )
            self._new.append(made)
            return "created"
        before = _facts_of(known)
        if before == _ordered(facts):
            return "same"
        firms.revise(known, facts, at=at)
        self._changed.append(known)
        return "changed"

    def write(self) -> None:
        """Keep them and tell of them."""
        self._session.add_all(self._new)
        touched = [*self._new, *self._changed]
        repository.index_firms(self._session, touched, self._parent.catalogue)
        told = [
            Change(FIRMS, each.id, each.version, events.firm_event(each), self._actor) for each in touched
        ]
        self._parent.journal.record(self._session, told)


class _Funds:
    """Rows of the sheet 基金."""

    def __init__(self, parent: FundingImport, session: Session, actor: str, _upload: Upload) -> None:
        self._parent, self._session, self._actor = parent, session, actor
        self._known = repository.funds_by_ref(session)
        self._new: list[tuple[str, Fund, Mandate]] = []

    def judge(self, values: Values) -> str:
        """New, or the same: a fund's figures and rules change by acts of their own, not by an import."""
        paid_in = values["paid_in"]
        if paid_in is not None and paid_in > values["size"]:
            raise InvalidArgument.field(
                "实缴", "PAID_IN_OVER_SIZE", "实缴大于认缴规模，请核对", "paid in is more than subscribed"
            )
        if values["ref"] in self._known:
            return "same"
        fund = fund_rules.establish(
            id=self._parent.ids.new(),
            name=values["name"],
            kind=FundKind[values["kind"]],
            city=values["city"] or "",
            size_fen=values["size"],
            established=values["established"],
            life_years=values["life_years"],
            investment_years=values["investment_years"],
            origin=values["origin"] or "REAL",
            at=self._parent.clock.now(),
            paid_in_fen=paid_in,
            government_fen=values["government"],
            committed_fen=values["committed"] or 0,
        )
        mandate = self._mandate(fund, values)
        examine_mandate(mandate)
        self._new.append((values["ref"], fund, mandate))
        return "created"

    def write(self) -> None:
        """Keep them with their rules and tell of them."""
        self._session.add_all([fund for _, fund, _ in self._new])
        self._session.flush()
        repository.save_refs(self._session, "fund", ((ref, fund.id) for ref, fund, _ in self._new))
        for _, _, mandate in self._new:
            repository.save_mandate(self._session, mandate)
        told = [
            Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), self._actor)
            for _, fund, mandate in self._new
        ]
        self._parent.journal.record(self._session, told)

    def _mandate(self, fund: Fund, values: Values) -> Mandate:
        catalogue = self._parent.catalogue
        industries = tuple(sorted(values["industries"]))
        scope = industries or tuple(industry.id for industry in catalogue.industries)
        leaves = tuple(sorted(leaf.code for industry in scope for leaf in catalogue.leaves_of(industry)))
        return with_published_limits(
            Mandate(
                fund=fund.id,
                revision=1,
                ruleset=values["ruleset"],
                industries=industries,
                leaves=leaves,
                effective_from=fund.established,
                cities=tuple(sorted(values["cities"])),
                ticket_max_fen=values["ticket_max"],
                valuation_below_fen=values["valuation_max"],
                concentration_max=_ratio(values["concentration_max"]),
                early_floor=_ratio(values["early_floor"]),
            )
        )


class _Deals:
    """Rows of the sheet 项目. A deal's later life happens here, by its verbs: a repeated row changes nothing."""

    def __init__(self, parent: FundingImport, session: Session, actor: str, upload: Upload) -> None:
        self._parent, self._session, self._actor, self._upload = parent, session, actor, upload
        self._funds = repository.funds_by_ref(session)
        self._known = repository.deals_by_ref(session)
        self._new: list[tuple[str, Deal]] = []

    def judge(self, values: Values) -> str:
        """New or the same. Raises what the domain raises, and for a fund or firm that is not there."""
        fund = self._funds.get(values["fund"])
        if fund is None:
            raise _unknown("基金编号", "UNKNOWN_FUND", values["fund"], "基金", "fund")
        firm = repository.firms_by_uscc(self._session, [values["firm"]]).get(values["firm"])
        if firm is None:
            raise _unknown("企业信用代码", "UNKNOWN_FIRM", values["firm"], "企业", "firm")
        if values["ref"] in self._known:
            return "same"
        at = self._parent.clock.now()
        deal = open_deal(
            id=self._parent.ids.new(),
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
        state = DealState[values["state"] or "LEAD"]
        if state is not DealState.LEAD:
            self._arrive(deal, fund, state, values["ticket"], at)
        self._new.append((values["ref"], deal))
        return "created"

    def write(self) -> None:
        """Keep them with their histories and tell of them."""
        deals = [deal for _, deal in self._new]
        self._session.add_all(deals)
        repository.save_transitions(self._session, deals)
        repository.save_refs(self._session, "deal", ((ref, deal.id) for ref, deal in self._new))
        told = [Change(DEALS, each.id, each.version, events.deal_event(each), self._actor) for each in deals]
        self._parent.journal.record(self._session, told)

    def _arrive(self, deal: Deal, fund: Fund, state: DealState, ticket: int, at: datetime) -> None:
        """One transition to where the deal stands, and the fund's balance as that state demands."""
        held = state in (DealState.APPROVED, DealState.SIGNED, DealState.INVESTED)
        if held and ticket > fund.headroom_fen:
            raise fund_rules.insufficient_capital(fund.id, ticket, fund.headroom_fen)
        parked = state in (DealState.INFO_REQUESTED, DealState.ON_HOLD)
        step = Step(
            action=Action.IMPORT,
            actor=Actor(self._actor, frozenset(Role)),
            at=at,
            reason="导入 import",
            evidence=(
                Evidence(EvidenceKind.SOURCE_DOCUMENT, self._upload.header.filename, self._upload.sha256, at),
            ),
            amount_fen=ticket if held else None,
            import_state=state,
            import_origin=DealState.SCREENING if parked else None,
        )
        perform(deal, step, DealContext(headroom_fen=fund.headroom_fen))
        if held:
            fund.reserve(ticket, at=at)
        if state in (DealState.SIGNED, DealState.INVESTED):
            fund.commit(ticket, at=at)
        if state is DealState.INVESTED:
            fund.pay(ticket, at=at)


def _facts_of(firm: Firm) -> FirmFacts:
    return FirmFacts(
        name=firm.name,
        city=firm.city,
        direction_shares=firm.direction_shares,
        stage=firm.stage,
        founded=firm.founded,
        technology=firm.technology,
        product=firm.product,
        snapshot=firm.snapshot,
    )


def _ordered(facts: FirmFacts) -> FirmFacts:
    """As the domain keeps facts: the largest share first."""
    shares = tuple(sorted(facts.direction_shares, key=lambda share: (-share[1], share[0])))
    return FirmFacts(**{**vars(facts), "direction_shares": shares})


def _ratio(value: Fraction | None) -> Ratio | None:
    return None if value is None else Ratio(value.numerator, value.denominator)


def _unknown(header: str, reason: str, value: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(
        header,
        reason,
        f"没有编号为 {value} 的{zh}，请先导入该{zh}或更正编号",
        f"there is no {en} {value}; import it first or correct the number",
    )
