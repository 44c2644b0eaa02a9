"""Reading and writing holdings, their steps, and plans of payment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.investment.investment import Investment, InvestmentStep, replay
from services.funding.domain.investment.tranches import TranchePlan
from services.funding.domain.ledger.accounts import Account
from services.funding.store import schema
from services.funding.store.funds.ledger import Difference


def load_steps(session: Session, investments: Sequence[Investment]) -> None:
    """Give these holdings their histories."""
    table, found = schema.investment_step, defaultdict[str, list[InvestmentStep]](list)
    ids = [each.id for each in investments]
    for some in chunks(ids):
        chosen = table.c.investment_id.in_(some)
        for row in session.execute(select(table).where(chosen).order_by(table.c.sequence)):
            found[row.investment_id].append(row.step)
    for each in investments:
        each.steps = found[each.id]


def save_steps(session: Session, investments: Iterable[Investment], known: int = 0) -> None:
    """Append the steps after the first `known` ones."""
    rows = [
        {"investment_id": each.id, "sequence": step.sequence, "step": step}
        for each in investments
        for step in each.steps[known:]
    ]
    session.flush()
    if rows:
        session.execute(insert(schema.investment_step), rows)


def of_fund(session: Session, fund_id: str) -> list[Investment]:
    """Every holding of a fund, oldest first, without histories."""
    table = schema.investment
    query = select(Investment).where(table.c.fund_id == fund_id).order_by(table.c.closed, table.c.id)
    return list(session.scalars(query))


def plan_of(session: Session, deal_id: str) -> TranchePlan | None:
    """The newest revision of a deal's plan of payment."""
    return plans_of(session, [deal_id]).get(deal_id)


def plans_of(session: Session, deal_ids: Sequence[str]) -> dict[str, TranchePlan]:
    """The newest revisions of the plans of these deals, by deal; those without a plan are left out."""
    table, found = schema.tranche_plan, dict[str, TranchePlan]()
    for some in chunks(deal_ids):
        chosen = table.c.deal_id.in_(some)
        rows = session.execute(select(table).where(chosen).order_by(table.c.revision))
        found |= {row["deal_id"]: TranchePlan(**row) for row in rows.mappings()}
    return found


def save_plan(session: Session, plan: TranchePlan) -> None:
    """Add a revision."""
    session.execute(insert(schema.tranche_plan).values(**vars(plan)))


def posted(session: Session, account: Account, fund_id: str | None = None) -> dict[str, int]:
    """What the journals about a deal or its holding add up to on an account, by its id; fen."""
    journal, line = schema.journal, schema.journal_line
    joined = (journal.c.fund_id == line.c.fund_id) & (journal.c.sequence == line.c.sequence)
    query = (
        select(journal.c.reference, func.sum(line.c.fen))
        .join(journal, joined)
        .where(line.c.account == account, journal.c.reference.not_like("funds/%"))
        .group_by(journal.c.reference)
    )
    if fund_id is not None:
        query = query.where(journal.c.fund_id == fund_id)
    found = defaultdict[str, int](int)
    for reference, fen in session.execute(query):
        found[reference.rpartition("/")[2]] += int(fen)
    return dict(found)


def differences(session: Session, fund_id: str | None = None) -> Iterator[Difference]:
    """Holdings whose figures are not what their steps, or the ledger's journals about them, add up to."""
    query = select(Investment).order_by(schema.investment.c.id)
    if fund_id is not None:
        query = query.where(schema.investment.c.fund_id == fund_id)
    held = list(session.scalars(query.execution_options(populate_existing=True)))
    load_steps(session, held)
    cost, recycled = (posted(session, account, fund_id) for account in (Account.COST, Account.RECYCLED))
    for each in held:
        standing = replay(each.steps)
        name, again = f"investments/{each.id}", recycled.get(each.id, 0)
        if each.cost_fen != cost.get(each.id, 0):
            yield Difference(each.fund_id, f"{name} COST", cost.get(each.id, 0), each.cost_fen)
        if not 0 <= again <= standing.returned_fen:
            yield Difference(each.fund_id, f"{name} RECYCLED", again, standing.returned_fen)
        for name in ("paid_fen", "cost_fen", "proceeds_fen", "gain_fen", "written_off_fen", "value_fen"):
            if getattr(each, name) != getattr(standing, name):
                what = f"investments/{each.id} {name}"
                yield Difference(each.fund_id, what, getattr(standing, name), getattr(each, name))
