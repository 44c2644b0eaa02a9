"""Reading and writing rights, pledges, loans and looks at credit records."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.property.loan import CreditCheck, FirstLoan, FirstLoanRecord, Loan
from services.funding.domain.property.pledge import Pledge, PledgeState, PledgeStep
from services.funding.domain.property.right import IpRight, Ownership
from services.funding.store import schema

_DERIVED = ("pledged_ranks",)


def rights(session: Session, firm_id: str, ids: Sequence[str] | None = None) -> list[IpRight]:
    """Rights of a firm, all or these, by number, with the ranks under which live pledges stand."""
    table = schema.ip_right
    query = select(table).where(table.c.firm_id == firm_id).order_by(table.c.number)
    if ids is not None:
        query = query.where(table.c.id.in_(ids))
    found = [IpRight(**row) for row in session.execute(query).mappings()]
    ranks = _ranks(session, [each.id for each in found])
    return [replace(each, pledged_ranks=ranks.get(each.id, ())) for each in found]


def number_taken(session: Session, number: str) -> bool:
    """Whether a right of this number is recorded, whoever's."""
    query = select(schema.ip_right.c.id).where(schema.ip_right.c.number == number)
    return session.execute(query).scalar_one_or_none() is not None


def save_right(session: Session, right: IpRight) -> None:
    """Add a right."""
    facts = {name: value for name, value in asdict(right).items() if name not in _DERIVED}
    session.execute(insert(schema.ip_right).values(**facts))


def lapse(session: Session, right: IpRight, reason: str) -> bool:
    """Let a right lapse; False if its version is no longer the one given."""
    table = schema.ip_right
    same = (table.c.id == right.id) & (table.c.version == right.version)
    changed = update(table).where(same).values(lapse_reason=reason, version=right.version + 1)
    return session.execute(changed.returning(table.c.id)).one_or_none() is not None


def state_ownership(session: Session, right: IpRight, ownership: Ownership, document: str) -> bool:
    """Put down whose a right is; False if its version is no longer the one given."""
    table = schema.ip_right
    same = (table.c.id == right.id) & (table.c.version == right.version)
    facts = {"ownership": ownership, "ownership_document": document, "version": right.version + 1}
    changed = update(table).where(same).values(**facts)
    return session.execute(changed.returning(table.c.id)).one_or_none() is not None


def first_loan_standings(session: Session, firm_ids: Collection[str]) -> dict[str, FirstLoan]:
    """Whether a loan would be the first of each of these firms; those of which nothing is known are left out.

    The same as `domain.property.loan.standing` says of one firm: what is known of records that are merged into it is
    known of the firm.
    """
    loan, check, home, found = schema.loan, schema.credit_check, schema.firm, dict[str, FirstLoan]()
    firm, listed = func.coalesce(home.c.merged_into, home.c.id), sorted(firm_ids)
    for some in chunks(listed):
        chosen = firm.in_(some)
        seen = select(firm, func.max(check.c.earliest)).join(home, home.c.id == check.c.firm_id)
        for id_, earliest in session.execute(seen.where(chosen).group_by(firm)):
            found[id_] = FirstLoan.CANDIDATE if earliest is None else FirstLoan.HAD_LOAN
        lent = select(firm).select_from(loan).join(home, home.c.id == loan.c.firm_id).where(chosen).distinct()
        found |= dict.fromkeys(session.scalars(lent), FirstLoan.HAD_LOAN)
    return found


def lock_rights(session: Session, ids: Sequence[str]) -> None:
    """Let nobody else change these rights, nor pledge or lapse them, until this transaction ends."""
    table = schema.ip_right
    session.execute(
        select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update()
    ).all()


def pledges(session: Session, firm_id: str) -> list[Pledge]:
    """Pledges of a firm with their histories, newest first."""
    table = schema.pledge
    query = (
        select(Pledge)
        .where(table.c.firm_id == firm_id)
        .order_by(table.c.created_at.desc(), table.c.id.desc())
    )
    found = list(session.scalars(query))
    load_steps(session, found)
    return found


def load_steps(session: Session, found: Sequence[Pledge]) -> None:
    """Give these pledges their histories."""
    table, steps = schema.pledge_step, defaultdict[str, list[PledgeStep]](list)
    chosen = table.c.pledge_id.in_([each.id for each in found])
    for row in session.execute(select(table).where(chosen).order_by(table.c.sequence)):
        steps[row.pledge_id].append(row.step)
    for each in found:
        each.steps = steps[each.id]


def save_pledge(session: Session, made: Pledge) -> None:
    """Add a pledge with its rights and its first step."""
    session.add(made)
    session.flush()
    rows = [
        {"pledge_id": made.id, "right_id": id_, "rank": made.rank, "live": False} for id_ in made.right_ids
    ]
    session.execute(insert(schema.pledged_right), rows)
    _save_step(session, made)


def save_move(session: Session, moved: Pledge) -> None:
    """Keep the last step of a pledge, and whether it is live now. Raises IntegrityError for a rank that is taken."""
    session.flush()
    live = moved.state is PledgeState.REGISTERED
    table = schema.pledged_right
    session.execute(update(table).where(table.c.pledge_id == moved.id).values(live=live))
    _save_step(session, moved)


def records_of(session: Session, firm_id: str) -> list[str]:
    """The records that stand for the same firm: first the one that the others are merged into."""
    table = schema.firm.c
    into = session.scalar(select(table.merged_into).where(table.id == firm_id)) or firm_id
    return [into, *session.scalars(select(table.id).where(table.merged_into == into).order_by(table.id))]


def loans(session: Session, *firm_ids: str) -> list[Loan]:
    """Loans of these records by the day they were paid out."""
    table = schema.loan
    query = select(table).where(table.c.firm_id.in_(firm_ids))
    query = query.order_by(table.c.disbursed, table.c.at, table.c.id)
    return [Loan(**row) for row in session.execute(query).mappings()]


def save_loan(session: Session, made: Loan) -> None:
    """Add a loan."""
    session.execute(insert(schema.loan).values(**asdict(made)))


def checks(session: Session, *firm_ids: str) -> list[CreditCheck]:
    """Looks at the credit record of these records of a firm, in the order recorded."""
    table = schema.credit_check
    query = select(table).where(table.c.firm_id.in_(firm_ids)).order_by(table.c.at, table.c.sequence)
    rows = (dict(row) for row in session.execute(query).mappings())
    return [CreditCheck(**{name: value for name, value in row.items() if name != "sequence"}) for row in rows]


def save_check(session: Session, made: CreditCheck) -> None:
    """Add a look at the credit record."""
    table = schema.credit_check
    query = select(func.count()).select_from(table).where(table.c.firm_id == made.firm_id)
    session.execute(insert(table).values(**asdict(made), sequence=(session.scalar(query) or 0) + 1))


def first_loans(session: Session, firm_id: str) -> list[FirstLoanRecord]:
    """Which loan counted as a firm's first, oldest record first."""
    table = schema.first_loan
    query = select(table).where(table.c.firm_id == firm_id).order_by(table.c.sequence)
    return [FirstLoanRecord(**row) for row in session.execute(query).mappings()]


def save_first_loan(session: Session, made: FirstLoanRecord) -> None:
    """Add a record."""
    session.execute(insert(schema.first_loan).values(**{**asdict(made), "reason": made.reason}))


def _save_step(session: Session, pledge: Pledge) -> None:
    last = pledge.steps[-1]
    row = {"pledge_id": pledge.id, "sequence": last.sequence, "step": last}
    session.execute(insert(schema.pledge_step).values(row))


def _ranks(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    table, found = schema.pledged_right, defaultdict[str, list[int]](list)
    query = select(table.c.right_id, table.c.rank).where(table.c.right_id.in_(ids), table.c.live)
    for id_, rank in session.execute(query.order_by(table.c.rank)):
        found[id_].append(rank)
    return {id_: tuple(ranks) for id_, ranks in found.items()}
