"""Import of the sheet 企业."""

from services.funding.domain import firm as firms
from services.funding.domain.firm import Firm, FirmFacts
from services.funding.service.batch import Batch, Values
from services.funding.service.firms import Firms
from services.funding.service.stated import firm_facts
from services.funding.store import repository
from services.workbook.tables import Table


class FirmRows:
    """Rows of the sheet 企业."""

    def __init__(self, batch: Batch, table: Table) -> None:
        self._batch = batch
        self._known = repository.KnownFirms(batch.session, (row.cells.get("uscc", "") for row in table.rows))
        self._new: list[Firm] = []
        self._changed: list[Firm] = []

    def judge(self, values: Values) -> str:
        """New, changed or the same. Raises what the domain raises."""
        facts, at = firm_facts(values), self._batch.clock.now()
        known = self._known.get(values["uscc"])
        for city in {facts.city, known.city if known else facts.city}:
            self._batch.require_city(city)
        if known is None:
            made = firms.register(
                id=self._batch.ids.new(),
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
        batch = self._batch
        firms = Firms(batch.catalogue, batch.journal, batch.clock, batch.ids)
        source = f"{batch.upload.header.filename} {batch.upload.sha256[:12]}"
        firms.keep(batch.session, self._new, self._changed, batch.actor, source)


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
