"""Kept rows follow whatever they rest on: capital, rights, loans, mergers, and writers at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from sqlalchemy import select, tuple_, update

from services.catalogue import load
from services.chassis.filtering import parse
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm, FirmFacts, revise
from services.funding.domain.property.loan import CreditCheck, Loan, Security
from services.funding.domain.property.right import IpRight, Ownership, RightKind
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.service.deals.screening.asking import Question
from services.funding.service.firms.firms import Firms
from services.funding.service.firms.identity import Identity
from services.funding.service.firms.property import Property
from services.funding.service.funds.lending import Lending
from services.funding.store import schema
from services.funding.store.deals.screening import schema as fields
from services.funding.store.firms import property as property_store
from services.kernel.errors import Aborted, Unavailable
from tests.integration.funding.screening import CATALOGUE, FILTERS, Kept, level
from tests.integration.funding.test_deals import MANAGER, leads, step


def test_capital_and_floors_that_move_are_seen_by_every_row_at_once(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.read() as session:
        fund_id = session.get_one(Deal, id_).fund_id
        of_fund = select(schema.screened).where(schema.screened.c.fund_id == fund_id)
        rows = of_fund.order_by(schema.screened.c.deal_id)
        before = session.execute(rows).all()
    with kept.funding.database.write() as session:
        session.execute(
            update(schema.fund)
            .where(schema.fund.c.id == fund_id)
            .values(
                reserved_fen=schema.fund.c.size_fen
                - schema.fund.c.fee_reserve_fen
                - schema.fund.c.committed_fen
                - schema.fund.c.invested_fen
                - 100,
                paid_in_fen=10**8,
            )
        )
    level(kept)
    with kept.funding.database.read() as session:
        assert before == session.execute(rows).all()
        question = Question(
            fund_id=fund_id, expression=parse("blocking:INSUFFICIENT_FUND_CAPITAL", fields(CATALOGUE))
        )
        assert kept.screens.ask(session, question, kept.today).total > 0


def test_rights_loans_and_mergers_are_seen_by_the_rows_at_once(kept: Kept) -> None:
    funding = kept.funding
    [id_] = leads(funding, 1)
    property_, lending = (
        Property(funding.deals.journal, funding.clock, funding.deals.ids),
        Lending(funding.clock),
    )
    now, today = funding.clock.now(), kept.today
    with funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        firm_id, fund_id = deal.firm_id, deal.fund_id
        right = IpRight(
            id=funding.deals.ids.new(),
            firm_id=firm_id,
            kind=RightKind.INVENTION,
            number=f"ZL{funding.deals.ids.new()}",
            title="电解槽密封结构",
            granted=date(2023, 1, 1),
            expires=today + timedelta(days=1),
            document="证书",
            actor="tester",
            at=now,
        )
        right = property_.record(session, right)

    def row() -> tuple[str, str]:
        with funding.database.read() as session:
            found = session.execute(select(schema.screened).where(schema.screened.c.deal_id == id_)).one()
        return found.ip_pledge.name, found.first_loan.name

    assert row() == ("FREE", "UNKNOWN")
    with funding.database.write() as session:
        lending.check(session, CreditCheck(firm_id, today, "授权书", "人民银行征信", None, "tester", now))
    assert row() == ("FREE", "CANDIDATE")
    with funding.database.write() as session:
        lending.record(
            session,
            Loan(
                funding.deals.ids.new(),
                firm_id,
                "某银行",
                10**8,
                today,
                today + timedelta(days=300),
                Security.CREDIT,
                None,
                "合同",
                "tester",
                now,
            ),
        )
        disputed = property_.state_ownership(session, right, Ownership.DISPUTED, "法院受理通知")
    assert row() == ("FREE", "HAD_LOAN")
    with funding.database.read() as session:
        fund, mandate = fund_with_mandate(session, fund_id)
        case = next(open_cases(session, load(), fund, mandate, today, id_)).case
        assert case.rights.unclear == (disputed.title,)
    level(kept, ("ip_pledge = FREE AND first_loan = HAD_LOAN",))
    funding.clock.advance(timedelta(days=2))
    kept.turner.turn()
    assert row() == ("NO_RIGHTS", "HAD_LOAN")
    assert level(kept, ("ip_pledge = NO_RIGHTS",)) > 0
    _merged_and_parted(kept, id_)


def _merged_and_parted(kept: Kept, one: str) -> None:
    """The deals of a merged firm are judged by the record that stands for it, until they are parted."""
    funding = kept.funding
    with funding.database.read() as session:
        deal = session.get_one(Deal, one)
        table = schema.deal.c
        own_rounds = select(table.fund_id, table.round_name).where(table.firm_id == deal.firm_id)
        clashing = select(table.firm_id).where(tuple_(table.fund_id, table.round_name).in_(own_rounds))
        elsewhere = select(table.id).where(
            table.fund_id == deal.fund_id, table.firm_id != deal.firm_id, table.firm_id.not_in(clashing)
        )
        other = session.scalars(elsewhere.order_by(table.id)).first()
    assert other
    firms = Firms(CATALOGUE, funding.deals.journal, funding.clock, funding.deals.ids)
    identity = Identity(firms)

    def judged_as(id_: str) -> str:
        with funding.database.read() as session:
            row = session.execute(select(schema.screened).where(schema.screened.c.deal_id == id_)).one()
            fund, mandate = fund_with_mandate(session, row.fund_id)
            opened = next(open_cases(session, load(), fund, mandate, kept.today, id_))
        assert opened.firm.id == row.firm_id
        return str(row.firm_id)

    own = {id_: judged_as(id_) for id_ in (one, other)}
    with funding.database.write() as session:
        duplicate, survivor = (session.get_one(Firm, own[id_]) for id_ in (other, one))
        identity.merge(session, duplicate, survivor, "同一企业", "manager")
    assert judged_as(other) == judged_as(one) == own[one]
    level(kept, FILTERS[:4])
    with funding.database.write() as session:
        survivor = session.get_one(Firm, own[one])
        known = {name: getattr(survivor, name) for name in FirmFacts.__dataclass_fields__}
        revise(survivor, FirmFacts(**{**known, "city": "nantong"}), at=funding.clock.now())
    with funding.database.read() as session:
        row = session.execute(select(schema.screened).where(schema.screened.c.deal_id == other)).one()
    assert row.city == "nantong"
    with funding.database.write() as session:
        identity.split(session, session.get_one(Firm, own[other]), "并非同一企业", "manager")
    assert judged_as(other) == own[other]
    level(kept, FILTERS[:4])


def test_pledged_rights_are_named_where_rights_are_on_record(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        at = kept.funding.clock.now()
        for number, title in enumerate(("电解槽密封结构", "制氢控制方法")):
            right = IpRight(
                id=f"right-{number}",
                firm_id=deal.firm_id,
                kind=RightKind.INVENTION,
                number=f"ZL20231{number}",
                title=title,
                granted=date(2023, 1, 1),
                expires=date(2043, 1, 1),
                document="证书",
                actor="tester",
                at=at,
            )
            property_store.save_right(session, right)
        fund, mandate = fund_with_mandate(session, deal.fund_id)
        case = next(open_cases(session, load(), fund, mandate, kept.today, id_)).case
        rights = case.rights
        assert (rights.pledged, rights.unclear, len(rights.unstated)) == ((), (), rights.recorded)


def test_writers_at_once_leave_every_row_level(kept: Kept) -> None:
    """Deals of one firm, and the firm itself, changed by eight writers at the same time."""
    funding = kept.funding
    ids = leads(funding, 8)
    barrier = Barrier(len(ids))

    def attempt(at: int) -> None:
        barrier.wait()
        while True:
            try:
                with funding.database.write() as session:
                    deal = funding.deals.get(session, ids[at])
                    funding.deals.take(session, deal, step(funding, Action.SUBMIT, MANAGER))
                    if at == 0:
                        firm = session.get_one(Firm, deal.firm_id)
                        known = {name: getattr(firm, name) for name in FirmFacts.__dataclass_fields__}
                        revise(firm, FirmFacts(**{**known, "city": "nantong"}), at=funding.clock.now())
                return
            except (Aborted, Unavailable):
                continue

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(attempt, range(len(ids))))
    assert level(kept, FILTERS[:4]) > 0
    with funding.database.read() as session:
        rows = session.execute(
            select(schema.screened.c.state, schema.screened.c.city).where(schema.screened.c.deal_id.in_(ids))
        )
        assert {(row.state.name, row.city) for row in rows} == {("SUBMITTED", "nantong")}
