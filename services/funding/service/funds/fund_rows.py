"""Import of the sheet 基金."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, Values, refs_of
from services.chassis.log.topics import FUNDS
from services.chassis.outbox.journal import Change
from services.chassis.storage.snapshots import snapshot
from services.funding import events
from services.funding.domain.fund import fund as fund_rules
from services.funding.domain.fund.fund import Fund, FundKind
from services.funding.domain.fund.mandate import Mandate, examine_mandate, with_published_limits
from services.funding.domain.ratio import Ratio
from services.funding.domain.restating import rename_fund
from services.funding.service.deals.batch import Batch, differs
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.funds.capital import brought_along
from services.funding.service.row_outcomes import of_kinds, outcomes
from services.funding.store import repository, schema
from services.funding.store.funds import ledger
from services.kernel.errors import InvalidArgument
from services.workbook.tables import Row

AMOUNTS = ("size", "paid_in", "government", "committed", "ticket_max", "valuation_max")
_FACTS = {
    "kind": "基金类型",
    "city": "所在城市",
    "size_fen": "认缴规模",
    "paid_in_fen": "实缴",
    "government_fen": "财政出资",
    "established": "设立日期",
    "life_years": "存续期年",
    "investment_years": "投资期年",
    "origin": "数据来源",
}
_RULES = {
    "ruleset": "规则集",
    "industries": "投资范围",
    "cities": "投资区域",
    "ticket_max_fen": "单笔上限",
    "valuation_below_fen": "投前估值上限",
    "concentration_max": "单项目占比上限",
    "early_floor": "早期占比下限",
}


class FundRows:
    """Rows of the sheet 基金."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the funds of these numbers."""
        self._known = repository.funds_by_ref(self._batch.session, refs_of(chunk))
        self._new: list[tuple[str, Fund, Mandate]] = []

    def judge(self, row: int, values: Values) -> Judged:
        """New, renamed or the same: all else changes by acts of its own, and a row that differs is refused."""
        self._batch.require_city(values["city"] or "")
        paid_in = values["paid_in"]
        if paid_in is not None and paid_in > values["size"]:
            raise InvalidArgument.field(
                "实缴", "PAID_IN_OVER_SIZE", "实缴大于认缴规模，请核对", "paid in is more than subscribed"
            )
        fund = self._stated(values)
        mandate = self._mandate(fund, values)
        examine_mandate(mandate)
        known = self._known.get(values["ref"])
        if known is not None:
            self._require_same(known, fund, mandate)
            if known.name == fund.name:
                return Judged(row, None)
            before = snapshot(schema.fund, known)
            rename_fund(known, fund.name, at=self._batch.clock.now())
            return Judged(row, RowOutcome.CHANGED, known, before)
        self._batch.require_amounts(f"fund:{values['ref']}", values, AMOUNTS)
        self._new.append((values["ref"], fund, mandate))
        return Judged(row, RowOutcome.NEW, fund)

    def _stated(self, values: Values) -> Fund:
        return fund_rules.establish(
            id=self._batch.ids.new(),
            name=values["name"],
            kind=FundKind[values["kind"]],
            city=values["city"] or "",
            size_fen=values["size"],
            established=values["established"],
            life_years=values["life_years"],
            investment_years=values["investment_years"],
            origin=values["origin"] or "REAL",
            at=self._batch.clock.now(),
            paid_in_fen=values["paid_in"],
            government_fen=values["government"],
            committed_fen=values["committed"] or 0,
        )

    def _require_same(self, known: Fund, stated: Fund, mandate: Mandate) -> None:
        """Commitments are left out: deals move them after the import. Capital that was subscribed or paid in since may
        be stated or not.
        """
        rules = repository.mandate_of(self._batch.session, known.id)
        stated_rules = replace(mandate, fund=known.id)
        others = [name for name in _FACTS if getattr(known, name) != getattr(stated, name)]
        before = brought_along(self._batch.session, known) if others else {}
        differing = [_FACTS[name] for name in others if getattr(stated, name) not in before.get(name, ())]
        differing += [
            header
            for name, header in _RULES.items()
            if _worth(getattr(rules, name)) != _worth(getattr(stated_rules, name))
        ]
        if differing:
            raise differs(differing, "基金", "fund", f"funds/{known.id}")

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them with their rules and tell of them."""
        _, renamed = of_kinds(judged)
        self._batch.session.add_all([fund for _, fund, _ in self._new])
        self._batch.session.flush()
        repository.save_refs(self._batch.session, "fund", ((ref, fund.id) for ref, fund, _ in self._new))
        at, actor = self._batch.clock.now(), self._batch.actor
        ledger.record(
            self._batch.session,
            [(fund_rules.opening(fund, actor=actor, at=at), 1) for _, fund, _ in self._new],
        )
        for _, _, mandate in self._new:
            repository.save_mandate(self._batch.session, mandate)
        touched = [(fund, mandate) for _, fund, mandate in self._new]
        touched += [fund_with_mandate(self._batch.session, fund.id) for fund in renamed]
        told = [
            Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), self._batch.actor)
            for fund, mandate in touched
        ]
        self._batch.record(told)
        return outcomes(judged, schema.fund)

    def _mandate(self, fund: Fund, values: Values) -> Mandate:
        catalogue = self._batch.catalogue
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


def _worth(value: object) -> object:
    """What is compared: 50/100 and 1/2 are one share."""
    return Fraction(*value) if isinstance(value, Ratio) else value


def _ratio(value: Fraction | None) -> Ratio | None:
    return None if value is None else Ratio(value.numerator, value.denominator)
