"""Financing rounds on a database: one for a firm's round, every revision kept, one correction at a time."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.funding.domain.capital.commitment import PartyKind
from services.funding.domain.capital.leverage import of_deals
from services.funding.domain.firm.round import Participant, RoundFacts, RoundRevision
from services.funding.domain.investment.investment import Investment
from services.funding.service.firms.rounds import Rounds
from services.funding.store import schema
from services.funding.store.firms import rounds
from services.funding.store.funds import capital
from services.kernel.clock import civil_date
from services.kernel.errors import Aborted, AlreadyExists
from services.kernel.ids import TimeOrderedIds
from tests.integration.funding.installed import Funding


def cases(funding: Funding) -> Rounds:
    return Rounds(funding.clock, TimeOrderedIds(funding.clock))


def facts(funding: Funding, held: Investment, outside: int) -> RoundFacts:
    return RoundFacts(
        held.round_name,
        civil_date(funding.clock.now()),
        None,
        held.signed_fen + outside,
        (
            Participant(PartyKind.FUND, "", held.fund_id, held.signed_fen, lead=True),
            Participant(PartyKind.SOCIAL_PRIVATE, "某创投（演示）", None, outside),
        ),
        "增资协议",
    )


@pytest.fixture
def held(stocked: Funding) -> Investment:
    """A holding of the sample."""
    with stocked.database.read() as session:
        return session.scalars(select(Investment).order_by(schema.investment.c.id)).first()  # type: ignore[return-value]


def create(funding: Funding, held: Investment, outside: int) -> RoundRevision:
    with funding.database.write() as session:
        return cases(funding).create(session, held.firm_id, facts(funding, held, outside), "manager")


def test_a_recorded_round_is_what_leverage_counts(stocked: Funding, held: Investment) -> None:
    made = create(stocked, held, 777)
    with stocked.database.read() as session:
        tickets = capital.tickets(session, held.fund_id)
        found = rounds.named(session, held.firm_id, held.round_name)
    assert found == made
    key = f"{held.firm_id}/{held.round_name}"
    of_round = [each for each in tickets if each.round_key == key]
    assert of_deals(of_round, held.fund_id).numerator_fen == 777
    with pytest.raises(AlreadyExists):
        create(stocked, held, 778)


def test_of_two_corrections_one_is_told_to_read_again(stocked: Funding, held: Investment) -> None:
    made = create(stocked, held, 777)
    corrected = facts(stocked, held, 888)
    with stocked.database.write() as session:
        second = cases(stocked).correct(session, made, corrected, "manager")
    with pytest.raises(Aborted), stocked.database.write() as session:
        cases(stocked).correct(session, made, replace(corrected, document="另一份"), "manager")
    with stocked.database.read() as session:
        assert rounds.revisions(session, second) == [made, second]
        assert rounds.page(session, held.firm_id, None, 10) == ([second], 1)
    for statement in ("UPDATE round_revision SET revision = 9", "DELETE FROM round_revision"):
        with pytest.raises(DBAPIError, match="append-only"), stocked.database.write() as session:
            session.execute(text(statement))
