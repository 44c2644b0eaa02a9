"""A compliance report: what the checks said of a case, with all that they looked at, so that it can be proved again.

`inputs` and `results` are canonical JSON: the same case gives the same bytes, today and in ten years.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256

from sqlalchemy import RowMapping, and_, func, insert, or_, select
from sqlalchemy.orm import Session

from services.chassis.storage.columns import Document
from services.funding.domain.checks.check import CheckResult
from services.funding.domain.checks.run import VERSION, run_checks
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.screening import Standing, standing_of
from services.funding.store import schema
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

_UNSAID = Text("", "")


@dataclass(frozen=True)
class Report:
    """One run. `occasion`: the step it was made for, or REQUESTED. `digest`: SHA-256 over inputs and results.
    `rules_version`: the version of the checks that made it; None where runs did not say it yet.
    """

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
    rules_version: int | None = None
    number: int = 0

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """What the checks said."""
        found: tuple[CheckResult, ...] = _results().decode(self.results)
        return found


@dataclass(frozen=True)
class Recomputed:
    """The same report made anew from its inputs, by the checks of `rules_version`. `same`: bit for bit; `differing`:
    codes that read otherwise; `changed`: codes that the checks of today judge otherwise.
    """

    same: bool
    digest: str
    differing: tuple[str, ...]
    rules_version: int
    changed: tuple[str, ...]


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
        rules_version=VERSION,
    )


def recompute(report: Report) -> Recomputed:
    """Run the checks again over the inputs that were put down. Raises as `made_again`."""
    return made_again(report.inputs, report.results, report.digest, report.rules_version)


def made_again(inputs: str, results: str, digest: str, version: int | None) -> Recomputed:
    """The same of what was put down, wherever it is read from. A run that does not say its version is of the newest
    one that makes it again.

    Raises ValueError for what is no report, FailedPrecondition (RULES_VERSION_UNKNOWN) for checks that are not here.
    """
    if version is not None and not 1 <= version <= VERSION:
        raise _unknown_version(version)
    case, kept = _cases().decode(inputs), _results().decode(results)
    versions = range(VERSION, 0, -1) if version is None else (version,)
    made = [_made(case, inputs, kept, version) for version in versions]
    same = (each for text, each in made if text == results and each.digest == digest)
    return next((replace(each, same=True) for each in same), made[0][1])


def _made(case: Case, inputs: str, kept: tuple[CheckResult, ...], version: int) -> tuple[str, Recomputed]:
    """The results of a version as they would be kept, and what they are beside the kept ones."""
    checks = run_checks(case, version)
    text = _results().encode(checks)
    changed = _differing(_wordless(kept), _wordless(run_checks(case)))
    return text, Recomputed(False, digest_of(inputs, text), _differing(kept, checks), version, changed)


def _differing(before: tuple[CheckResult, ...], now: tuple[CheckResult, ...]) -> tuple[str, ...]:
    old, new = {each.code: each for each in before}, {each.code: each for each in now}
    return tuple(sorted(code for code in old.keys() | new.keys() if old.get(code) != new.get(code)))


def _wordless(checks: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """What was judged, whatever it was said in."""
    return tuple(
        replace(
            each,
            text=_UNSAID,
            observed=each.observed and replace(each.observed, text=_UNSAID),
            limit=each.limit and replace(each.limit, text=_UNSAID),
            headroom=each.headroom and replace(each.headroom, text=_UNSAID),
        )
        for each in checks
    )


def _unknown_version(version: int) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"该检查由第{version}版规则作出，本程序只有第1至{VERSION}版；请用作出该检查或更新的程序重算",
            f"this run was made by version {version} of the checks, and this program has versions 1 to {VERSION}; "
            "make it again with the program that made it or a newer one",
        ),
        reason="RULES_VERSION_UNKNOWN",
        metadata={"rules_version": str(version), "newest": str(VERSION)},
    )


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


def of_deal(
    session: Session, deal_id: str, below: int | None = None, most: int | None = None
) -> list[Report]:
    """The reports of a deal, newest first, those with a number below `below`."""
    table = schema.compliance_report
    query = select(table).where(table.c.deal_id == deal_id)
    if below is not None:
        query = query.where(table.c.number < below)
    rows = session.execute(query.order_by(table.c.number.desc()).limit(most)).mappings()
    return [_read(row) for row in rows]


def of_fund(session: Session, fund_id: str, after: tuple[str, int], most: int) -> list[Report]:
    """Reports of the deals of a fund by deal and number, those after a deal and a number."""
    table, (deal_id, number) = schema.compliance_report, after
    later = or_(table.c.deal_id > deal_id, and_(table.c.deal_id == deal_id, table.c.number > number))
    query = select(table).where(table.c.fund_id == fund_id, later)
    rows = session.execute(query.order_by(table.c.deal_id, table.c.number).limit(most)).mappings()
    return [_read(row) for row in rows]


def one(session: Session, deal_id: str, number: int) -> Report | None:
    """One report, or None."""
    found = of_deal(session, deal_id, number + 1, 1)
    return found[0] if found and found[0].number == number else None


def _read(row: RowMapping) -> Report:
    return Report(**{**row, "standing": Standing(row["standing"])})
