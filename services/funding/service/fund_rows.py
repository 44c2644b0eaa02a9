"""Import of the sheet 基金."""

from fractions import Fraction

from services.chassis.journal import Change
from services.chassis.topics import FUNDS
from services.funding import events
from services.funding.domain import fund as fund_rules
from services.funding.domain.fund import Fund, FundKind
from services.funding.domain.mandate import Mandate, examine_mandate, with_published_limits
from services.funding.domain.ratio import Ratio
from services.funding.service.batch import Batch, Values
from services.funding.store import ledger, repository
from services.kernel.errors import InvalidArgument
from services.workbook.tables import Table


class FundRows:
    """Rows of the sheet 基金."""

    def __init__(self, batch: Batch, _table: Table) -> None:
        self._batch = batch
        self._known = repository.funds_by_ref(batch.session)
        self._new: list[tuple[str, Fund, Mandate]] = []

    def judge(self, values: Values) -> str:
        """New, or the same: a fund's figures and rules change by acts of their own, not by an import."""
        self._batch.require_city(values["city"] or "")
        paid_in = values["paid_in"]
        if paid_in is not None and paid_in > values["size"]:
            raise InvalidArgument.field(
                "实缴", "PAID_IN_OVER_SIZE", "实缴大于认缴规模，请核对", "paid in is more than subscribed"
            )
        if values["ref"] in self._known:
            return "same"
        fund = fund_rules.establish(
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
        told = [
            Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), self._batch.actor)
            for _, fund, mandate in self._new
        ]
        self._batch.record(told)

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


def _ratio(value: Fraction | None) -> Ratio | None:
    return None if value is None else Ratio(value.numerator, value.denominator)
