"""Requests at the same time, on the servicers themselves: one wins, the others are told to look again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select

from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.firm.firm import Firm, FirmFacts, register
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.stages import Stage
from services.funding.service.deals.deals import Lead
from services.funding.store import schema
from services.kernel.errors import Aborted, AlreadyExists
from services.kernel.uscc import check_character
from tests.integration.funding.installed import Funding

WRITERS = 8


def together(act: Callable[[int], object]) -> list[str]:
    """What becomes of `act` in so many threads at once: `DONE` or the reason of the refusal."""
    barrier = Barrier(WRITERS)

    def attempt(number: int) -> str:
        barrier.wait()
        try:
            act(number)
        except (Aborted, AlreadyExists) as error:
            return error.reason
        return "DONE"

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(attempt, range(WRITERS)))


def test_of_leads_of_one_round_only_one_is_opened(stocked: Funding) -> None:
    with stocked.database.read() as session:
        fund, firm = (session.scalars(select(table.c.id)).first() for table in (schema.fund, schema.firm))
    assert fund
    assert firm

    def open_one(_number: int) -> None:
        lead = Lead(
            fund_id=fund,
            firm_id=firm,
            round_name="竞争轮",
            terms=DealTerms(ask_fen=100),
            origin="SYNTHETIC",
            owner="",
            expert_rating=None,
            submitted=date(2026, 6, 1),
            ref="",
        )
        with stocked.database.write() as session:
            stocked.deals.open(session, lead, "tester")

    outcomes = together(open_one)
    assert outcomes.count("DONE") == 1
    assert set(outcomes) <= {"DONE", "DEAL_OPEN", "CONCURRENT_CHANGE"}
    with stocked.database.read() as session:
        count = select(func.count()).where(schema.deal.c.round_name == "竞争轮")
        assert session.scalar(count) == 1


def test_of_firms_of_one_code_only_one_is_kept(funding: Funding) -> None:
    code = "91320500DEM777777"
    facts = FirmFacts(
        name="竞争科技有限公司",
        city="suzhou",
        direction_shares=(("sic", 1000),),
        stage=Stage.SEED,
        founded=date(2025, 1, 1),
        technology="",
        product="",
        snapshot=FirmSnapshot(as_of=date(2026, 6, 30)),
    )

    def add_one(number: int) -> None:
        now = funding.clock.now() + timedelta(seconds=number)
        made = register(
            id=f"firm-{number}", uscc=code + check_character(code), facts=facts, origin="SYNTHETIC", at=now
        )
        with funding.database.write() as session:
            session.add(made)

    outcomes = together(add_one)
    assert sorted(outcomes) == ["CONCURRENT_CHANGE"] * (WRITERS - 1) + ["DONE"]
    with funding.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Firm)) == 1


def test_a_fault_that_is_no_race_stays_what_it_is(funding: Funding) -> None:
    row = {"ref": "f-1", "fund_id": "there-is-none"}
    with (
        pytest.raises(Exception, match=r"(?i)foreign key"),
        funding.database.write() as session,
    ):
        session.execute(insert(schema.fund_ref).values(row))
