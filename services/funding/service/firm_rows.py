"""Import of the sheet 企业."""

from dataclasses import replace

from services.chassis.imports.batch import RowOutcome
from services.chassis.snapshots import snapshot
from services.funding.domain import firm as firms
from services.funding.domain.findings import Findings
from services.funding.domain.firm import Firm, FirmFacts
from services.funding.domain.snapshots import examine_correction
from services.funding.service.batch import Batch, Judged, Values
from services.funding.service.firms import AMOUNTS, Firms
from services.funding.service.stated import firm_facts
from services.funding.store import firms as store
from services.funding.store import repository, schema
from services.workbook.tables import Table


class FirmRows:
    """Rows of the sheet 企业."""

    def __init__(self, batch: Batch, table: Table) -> None:
        self._batch = batch
        self._known = repository.KnownFirms(batch.session, (row.cells.get("uscc", "") for row in table.rows))
        self._new: list[Firm] = []
        self._changed: list[Firm] = []

    def judge(self, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises."""
        facts, at = firm_facts(values), self._batch.clock.now()
        known = self._known.get(values["uscc"])
        for city in {facts.city, known.city if known else facts.city}:
            self._batch.require_city(city)
        if known is not None and _facts_of(known) == _ordered(facts, known):
            return Judged(None)
        self._batch.require_amounts(f"firm:{values['uscc']}", values, AMOUNTS)
        if known is None:
            made = firms.register(
                id=self._batch.ids.new(),
                uscc=values["uscc"],
                facts=facts,
                origin=values["origin"] or "REAL",
                at=at,
            )
            self._new.append(made)
            return Judged(RowOutcome.NEW, made)
        self._require_corrects(known, facts)
        before = snapshot(schema.firm, known)
        firms.revise(known, _ordered(facts, known), at=at)
        self._changed.append(known)
        return Judged(RowOutcome.CHANGED, known, before)

    def write(self) -> None:
        """Keep them and tell of them."""
        batch = self._batch
        use_case = Firms(batch.catalogue, batch.journal, batch.clock, batch.ids)
        use_case.keep(batch.session, self._new, self._changed, batch.actor, batch.source)

    def _require_corrects(self, known: Firm, facts: FirmFacts) -> None:
        """Raise InvalidArgument (SNAPSHOT_VERIFIED) for declared figures in the place of verified ones."""
        if facts.snapshot is None:
            return
        with self._batch.session.no_autoflush:
            records = store.figures_of(self._batch.session, [known.id]).get(known.id, [])
        findings = Findings()
        same_day = [each for each in records if each.figures.as_of == facts.snapshot.as_of]
        examine_correction(facts.snapshot, same_day, findings)
        findings.finish()


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


def _ordered(facts: FirmFacts, known: Firm) -> FirmFacts:
    """As the domain keeps facts: the largest share first; months, which no column states, as they are known."""
    shares = tuple(sorted(facts.direction_shares, key=lambda share: (-share[1], share[0])))
    figures = facts.snapshot
    if figures and known.snapshot and known.snapshot.as_of == figures.as_of:
        figures = replace(figures, months=known.snapshot.months)
    return replace(facts, direction_shares=shares, snapshot=figures)
