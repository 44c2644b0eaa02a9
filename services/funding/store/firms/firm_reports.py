"""Reading what firms report of themselves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.firm.firm_report import ReportKind, ReportState
from services.funding.domain.indicators.periods import Period, parse_period
from services.funding.store import schema

_STANDING = (ReportState.REPORTED, ReportState.CONFIRMED)


def handed_in(session: Session, firm_ids: Sequence[str]) -> Mapping[str, list[tuple[Period, datetime]]]:
    """Periods of which these firms have reported indicators themselves, and when, by firm; none that was rejected
    or withdrawn.
    """
    table, found = schema.firm_report.c, defaultdict[str, list[tuple[Period, datetime]]](list)
    query = select(table.firm_id, table.about, table.reported_at).where(
        table.firm_id.in_(firm_ids), table.kind == ReportKind.INDICATORS, table.state.in_(_STANDING)
    )
    for firm_id, about, at in session.execute(query):
        if about:
            found[firm_id].append((parse_period(about), at))
    return found
