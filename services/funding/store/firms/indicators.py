"""Reading and writing reports and answers to alerts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.funding.domain.firm.firm import Firm
from services.funding.domain.indicators.answer import IndicatorAnswer
from services.funding.domain.indicators.metrics import Metric
from services.funding.domain.indicators.report import IndicatorReport
from services.funding.domain.investment.states import ENDED
from services.funding.store import schema


def reports(session: Session, firm_ids: Sequence[str]) -> Mapping[str, list[IndicatorReport]]:
    """The reports of these firms in the order they came, by firm."""
    table, found = schema.indicator_report, defaultdict[str, list[IndicatorReport]](list)
    query = select(table).where(table.c.firm_id.in_(firm_ids)).order_by(table.c.at, table.c.id)
    for row in session.execute(query):
        values = {Metric(code): value for code, value in row.metrics.items()}
        found[row.firm_id].append(
            IndicatorReport(
                row.id, row.firm_id, row.period, values, row.source, row.document, row.actor, row.at
            )
        )
    return found


def save_report(session: Session, report: IndicatorReport) -> None:
    """Add a report."""
    facts = {
        name: getattr(report, name)
        for name in ("id", "firm_id", "period", "source", "document", "actor", "at")
    }
    metrics = {metric.name: value for metric, value in report.values.items()}
    session.execute(insert(schema.indicator_report).values(**facts, metrics=metrics))


def answers(
    session: Session, firm_ids: Sequence[str]
) -> Mapping[tuple[str, str, str], list[IndicatorAnswer]]:
    """What was done about alerts of these firms, by firm, code and period, oldest first."""
    table, found = schema.indicator_answer, defaultdict[tuple[str, str, str], list[IndicatorAnswer]](list)
    query = select(table).where(table.c.firm_id.in_(firm_ids)).order_by(table.c.sequence)
    for row in session.execute(query):
        found[row.firm_id, row.code, row.period].append(IndicatorAnswer(row.text, row.actor, row.at))
    return found


def save_answer(session: Session, firm_id: str, code: str, period: str, answer: IndicatorAnswer) -> None:
    """Add an answer."""
    table = schema.indicator_answer
    count = session.scalar(select(func.count()).select_from(table).where(table.c.firm_id == firm_id)) or 0
    row = {"firm_id": firm_id, "sequence": count + 1, "code": code, "period": period}
    session.execute(insert(table).values(**row, text=answer.text, actor=answer.actor, at=answer.at))


def held(
    session: Session,
    fund_id: str | None = None,
    firm_id: str | None = None,
    *,
    within: Collection[str] | None = None,
) -> list[tuple[Firm, date]]:
    """Firms that are held, by a fund or by any, and since when; `within`: by these holdings alone."""
    table = schema.investment
    query = (
        select(Firm, func.min(table.c.closed))
        .join(table, table.c.firm_id == schema.firm.c.id)
        .where(table.c.state.not_in([state.name for state in ENDED]))
        .group_by(*schema.firm.c)
        .order_by(schema.firm.c.id)
    )
    if fund_id is not None:
        query = query.where(table.c.fund_id == fund_id)
    if firm_id is not None:
        query = query.where(table.c.firm_id == firm_id)
    if within is not None:
        query = query.where(table.c.id.in_(within))
    return [(firm, since) for firm, since in session.execute(query)]
