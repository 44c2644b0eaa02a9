"""A compliance report: what the checks said of a case, with all that they looked at, so that it can be proved again.

`inputs` and `results` are canonical JSON: the same case gives the same bytes, today and in ten years.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.chassis.columns import Document
from services.funding.domain.case import Case
from services.funding.domain.checks.check import CheckResult
from services.funding.domain.checks.run import run_checks
from services.funding.domain.screening import Standing, standing_of
from services.funding.store import schema


@dataclass(frozen=True)
class Report:
    """One run. `occasion`: the step it was made for, or REQUESTED. `digest`: SHA-256 over inputs and results."""

    deal_id: str
    occasion: str
    as_of: date
    fund_id: str
    mandate_revision: int
    fund_version: int
    firm_version: int
    deal_version: int
    standing: Standing
    inputs: str
    results: str
    digest: str
    at: datetime
    actor: str
    number: int = 0

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """What the checks said."""
        found: tuple[CheckResult, ...] = _results().decode(self.results)
        return found


@dataclass(frozen=True)
class Recomputed:
    """The same report made anew from its inputs. `same`: bit for bit; `differing`: codes that read otherwise."""

    same: bool
    digest: str
    differing: tuple[str, ...]


def report_of(case: Case, deal_id: str, deal_version: int, occasion: str, at: datetime, actor: str) -> Report:
    """Run the checks and put down what they looked at and said."""
    checks = run_checks(case)
    inputs, results = _cases().encode(case), _results().encode(checks)
    return Report(
        deal_id=deal_id,
        occasion=occasion,
        as_of=case.as_of,
        fund_id=case.fund.id,
        mandate_revision=case.mandate.revision,
        fund_version=case.fund.version,
        firm_version=case.firm.version,
        deal_version=deal_version,
        standing=standing_of(checks),
        inputs=inputs,
        results=results,
        digest=digest_of(inputs, results),
        at=at,
        actor=actor,
    )


def recompute(report: Report) -> Recomputed:
    """Run the checks again over the inputs that were put down."""
    return made_again(report.inputs, report.results, report.digest)


def made_again(inputs: str, results: str, digest: str) -> Recomputed:
    """The same of what was put down, wherever it is read from. Raises ValueError for what is no report."""
    checks, kept = run_checks(_cases().decode(inputs)), _results().decode(results)
    found = digest_of(inputs, _results().encode(checks))
    before, now = {each.code: each for each in kept}, {each.code: each for each in checks}
    differing = {code for code in before.keys() | now.keys() if before.get(code) != now.get(code)}
    return Recomputed(found == digest, found, tuple(sorted(differing)))


def digest_of(inputs: str, results: str) -> str:
    """SHA-256 over inputs and results, a line each, in hexadecimal."""
    return sha256(f"{inputs}\n{results}\n".encode()).hexdigest()


@cache
def _cases() -> Document:
    return Document(Case)


@cache
def _results() -> Document:
    return Document(tuple[CheckResult, ...])


def save(session: Session, report: Report) -> Report:
    """Append a report; the same with its number among those of the deal."""
    table = schema.compliance_report
    last = session.scalar(select(func.max(table.c.number)).where(table.c.deal_id == report.deal_id)) or 0
    numbered = replace(report, number=last + 1)
    session.execute(insert(table).values(**vars(numbered)))
    return numbered


def of_deal(session: Session, deal_id: str, below: int | None = None, most: int = 100) -> list[Report]:
    """The reports of a deal, newest first, those with a number below `below`."""
    table = schema.compliance_report
    query = select(table).where(table.c.deal_id == deal_id)
    if below is not None:
        query = query.where(table.c.number < below)
    rows = session.execute(query.order_by(table.c.number.desc()).limit(most)).mappings()
    return [Report(**{**row, "standing": Standing(row["standing"])}) for row in rows]


def one(session: Session, deal_id: str, number: int) -> Report | None:
    """One report, or None."""
    found = of_deal(session, deal_id, number + 1, 1)
    return found[0] if found and found[0].number == number else None
