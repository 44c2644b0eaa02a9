"""Rights and pledges on a database: of two registrations at once one holds, whoever asks first."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.funding.domain.firm.firm import Firm
from services.funding.domain.property.loan import Loan, Security
from services.funding.domain.property.pledge import Pledge, PledgeState
from services.funding.domain.property.right import IpRight, RightKind
from services.funding.service.firms.firms import Firms
from services.funding.service.firms.identity import Identity
from services.funding.service.firms.property import Property
from services.funding.service.funds.lending import Lending
from services.funding.store import schema
from services.funding.store.firms import property as store
from services.kernel.errors import BoleError, FailedPrecondition
from services.kernel.ids import TimeOrderedIds
from tests.integration.funding.installed import Funding


def cases(funding: Funding) -> Property:
    return Property(funding.deals.journal, funding.clock, TimeOrderedIds(funding.clock))


@pytest.fixture
def right(stocked: Funding) -> IpRight:
    """A right of a firm of the sample."""
    with stocked.database.read() as session:
        firm = session.scalars(select(Firm).order_by(schema.firm.c.id)).first()
    assert firm is not None
    given = IpRight(
        "right-1",
        firm.id,
        RightKind.INVENTION,
        "ZL1",
        "电解槽",
        date(2024, 1, 1),
        date(2043, 1, 1),
        "证书",
        "analyst",
        stocked.clock.now(),
    )
    with stocked.database.write() as session:
        return cases(stocked).record(session, given)


def drafted(funding: Funding, right: IpRight, id_: str) -> Pledge:
    made = Pledge(
        id=id_,
        firm_id=right.firm_id,
        state=PledgeState.DRAFT,
        right_ids=(right.id,),
        rank=1,
        pledgee="某银行",
        secured_fen=5,
        valuation_fen=None,
        valuation_basis="",
        starts=date(2026, 7, 1),
        ends=date(2028, 7, 1),
        registration="",
        version=1,
        created_at=funding.clock.now(),
    )
    with funding.database.write() as session:
        return cases(funding).draft(session, made, "合同", "analyst")


def register(funding: Funding, right: IpRight, id_: str) -> str:
    property_ = cases(funding)
    try:
        with funding.database.write() as session:
            property_.move(
                session,
                property_.pledge(session, right.firm_id, id_),
                PledgeState.REGISTERED,
                effective=date(2026, 7, 1),
                document="通知书",
                actor="analyst",
                registration="Y1",
            )
    except BoleError as error:
        return error.reason
    return "DONE"


def test_of_two_registrations_at_once_one_holds(stocked: Funding, right: IpRight) -> None:
    names = [f"pledge-{number}" for number in range(6)]
    for name in names:
        drafted(stocked, right, name)
    with ThreadPoolExecutor(len(names)) as pool:
        outcomes = list(pool.map(lambda name: register(stocked, right, name), names))
    assert outcomes.count("DONE") == 1
    assert set(outcomes) <= {"DONE", "RIGHT_PLEDGED", "CONCURRENT_CHANGE"}
    with stocked.database.read() as session:
        [now] = store.rights(session, right.firm_id)
        told = session.scalars(
            select(schema.shared.history.c.version).where(schema.shared.history.c.entity == "pledge")
        ).all()
    assert now.pledged_ranks == (1,)
    assert sorted(told) == [1] * len(names) + [2]


def test_the_first_loan_moves_by_a_further_record(stocked: Funding, right: IpRight) -> None:
    lending = Lending(stocked.clock)
    for number, day in enumerate((date(2026, 3, 1), date(2025, 3, 1), date(2026, 5, 1))):
        made = loan_of(f"loan-{number}", right.firm_id, day, stocked.clock.now())
        with stocked.database.write() as session:
            lending.record(session, made)
    with stocked.database.read() as session:
        assert [each.loan_id for each in store.first_loans(session, right.firm_id)] == ["loan-0", "loan-1"]
        assert [each.id for each in store.loans(session, right.firm_id)] == ["loan-1", "loan-0", "loan-2"]
    for table in ("loan", "first_loan"):
        with pytest.raises(DBAPIError, match="append-only"), stocked.database.write() as session:
            session.execute(text(f"DELETE FROM {table}"))


def test_however_firms_are_merged_and_parted_one_loan_at_most_is_the_first(stocked: Funding) -> None:
    """A random walk over three records of what may be one firm."""
    lending, draw, days = Lending(stocked.clock), random.Random(20260701), date(2020, 1, 1)
    deals = stocked.deals
    identity = Identity(Firms(stocked.imports.catalogue, deals.journal, stocked.clock, deals.ids))
    with stocked.database.read() as session:
        ids = list(session.scalars(select(schema.firm.c.id).order_by(schema.firm.c.id).limit(3)))
    for number in range(30):
        one, other = draw.sample(ids, 2)
        stocked.clock.advance(timedelta(hours=1))
        with suppress(FailedPrecondition), stocked.database.write() as session:
            firm, second = (session.get_one(Firm, id_) for id_ in (one, other))
            if draw.random() < 0.4:
                when = days + timedelta(days=draw.randrange(2000))
                lending.record(session, loan_of(f"walk-{number}", one, when, stocked.clock.now()))
            elif firm.merged_into:
                identity.split(session, firm, "误并", "manager")
            else:
                identity.merge(session, firm, second, "同一企业", "manager")
        with stocked.database.read() as session:
            clusters = {tuple(store.records_of(session, id_)) for id_ in ids}
            assert sorted(id_ for records in clusters for id_ in records) == sorted(ids)
            for records in clusters:
                found = store.loans(session, *records)
                known = store.first_loans(session, records[0])
                assert [each.sequence for each in known] == list(range(1, len(known) + 1))
                assert (known[-1].loan_id if known else None) == (found[0].id if found else None)


def loan_of(id_: str, firm_id: str, day: date, at: datetime) -> Loan:
    due = day + timedelta(days=365)
    return Loan(id_, firm_id, "某银行", 5, day, due, Security.CREDIT, None, "合同", "finance", at)
