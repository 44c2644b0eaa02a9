"""Import of the sheet 企业."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, Values
from services.chassis.storage.snapshots import snapshot
from services.funding.domain.findings import Findings
from services.funding.domain.firm import firm as firms
from services.funding.domain.firm.firm import EARLIEST_FOUNDING, Firm, FirmFacts
from services.funding.domain.firm.snapshots import examine_correction
from services.funding.service.deals.batch import Batch
from services.funding.service.firms.firms import STATED, Firms
from services.funding.service.row_outcomes import of_kinds, outcomes
from services.funding.service.stated import firm_facts
from services.funding.store import repository, schema
from services.funding.store.firms import firms as store
from services.kernel.text import Text
from services.workbook.tables import Row


class FirmRows:
    """Rows of the sheet 企业."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the firms of these codes."""
        codes = (row.cells.get("uscc", "") for row in chunk)
        self._known = repository.KnownFirms(self._batch.session, codes)

    def judge(self, row: int, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises."""
        facts, at = firm_facts(values), self._batch.clock.now()
        known = self._known.get(values["uscc"])
        for city in {facts.city, known.city if known else facts.city}:
            self._batch.require_city(city)
        if known is not None and _facts_of(known) == _ordered(facts, known):
            return Judged(row, None)
        self._batch.require_amounts(f"firm:{values['uscc']}", values, STATED)
        if known is None:
            made = firms.register(
                id=self._batch.ids.new(),
                uscc=values["uscc"],
                facts=facts,
                origin=values["origin"] or "REAL",
                at=at,
                founding_confirmed=bool(values["founded_checked"]),
            )
            return Judged(row, RowOutcome.NEW, made)
        self._require_corrects(known, facts)
        before = snapshot(schema.firm, known)
        checked = bool(values["founded_checked"])
        firms.revise(known, _ordered(facts, known), at=at, founding_confirmed=checked)
        return Judged(row, RowOutcome.CHANGED, known, before)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them and tell of them."""
        batch = self._batch
        use_case = Firms(batch.catalogue, batch.journal, batch.clock, batch.ids)
        made, changed = of_kinds(judged)
        use_case.keep(batch.session, made, changed, batch.actor, batch.source)
        return outcomes(judged, schema.firm, _remarks)

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


def _remarks(judged: Judged) -> dict[str, Any]:
    """What the report says of a row beside its changes."""
    found = [each for each in (_renamed(judged), _taken_at_its_word(judged)) if each is not None]
    return {"remarks": [[each.zh, each.en] for each in found]} if found else {}


def _renamed(judged: Judged) -> Text | None:
    """Of a known credit code under another name: the code decides, and the former name stays known."""
    former, name = (judged.before or {}).get("name"), judged.subject.name
    if former is None or former == name:
        return None
    return Text(
        f"信用代码已登记在“{former}”名下，将更名为“{name}”；原名称留在历史中，若不是同一企业请核对代码",
        f"the credit code is on record as {former}; the firm is renamed {name} and the former name stays in its "
        "history; check the code if this is another firm",
    )


def _taken_at_its_word(judged: Judged) -> Text | None:
    """Of a founding date that came with the word that it was checked."""
    founded = judged.subject.founded
    if (
        founded is None
        or founded >= EARLIEST_FOUNDING
        or (judged.before or {}).get("founded") == str(founded)
    ):
        return None
    return Text(
        f"成立日期 {founded} 早于{EARLIEST_FOUNDING}，按“成立日期已核对”采纳",
        f"founded {founded}, before {EARLIEST_FOUNDING}: taken as checked, which the row says",
    )


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
        sought_fen=firm.sought_fen,
    )


def _ordered(facts: FirmFacts, known: Firm) -> FirmFacts:
    """As the domain keeps facts: the largest share first; months, which no column states, as they are known."""
    shares = tuple(sorted(facts.direction_shares, key=lambda share: (-share[1], share[0])))
    figures = facts.snapshot
    if figures and known.snapshot and known.snapshot.as_of == figures.as_of:
        figures = replace(figures, months=known.snapshot.months)
    return replace(facts, direction_shares=shares, snapshot=figures)
