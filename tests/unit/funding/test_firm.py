from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.funding.domain.firm.firm import FirmFacts, FirmStatus, register, revise, withdraw
from services.kernel.errors import FailedPrecondition, InvalidArgument
from tests.unit.funding.cases import AT, FACTS, SNAPSHOT, USCC, firm


def reasons(facts: FirmFacts, uscc: str = USCC) -> set[tuple[str, str]]:
    with pytest.raises(InvalidArgument) as caught:
        register(id="f", uscc=uscc, facts=facts, origin="REAL", at=AT)
    return {(v.field, v.reason) for v in caught.value.violations}


def test_registers_with_version_one_and_shares_largest_first() -> None:
    made = firm(direction_shares=(("a", 1), ("b", 999)))
    assert (made.version, made.status, made.uscc) == (1, FirmStatus.ACTIVE, USCC)
    assert made.direction_shares == (("b", 999), ("a", 1))


def test_every_violation_is_named_at_once() -> None:
    snapshot = replace(SNAPSHOT, as_of=date(2026, 7, 1), staff=10, rd_staff=11, revenue_fen=-1, trl=10)
    facts = FirmFacts(
        name=" ",
        city="suzhou",
        direction_shares=(("a", 500), ("a", 499)),
        founded=date(2026, 7, 1),
        technology="光\u202e子",
        snapshot=replace(snapshot, bachelor_staff=None),
    )
    assert reasons(facts, uscc="12") == {
        ("uscc", "INVALID_USCC"),
        ("name", "REQUIRED"),
        ("direction_shares", "DIRECTION_REPEATED"),
        ("direction_shares", "SHARES_NOT_WHOLE"),
        ("technology", "CONTROL_CHARACTER"),
        ("founded", "DATE_IN_FUTURE"),
        ("snapshot.as_of", "DATE_IN_FUTURE"),
        ("snapshot.rd_staff", "PART_OVER_WHOLE"),
        ("snapshot.revenue_fen", "AMOUNT_TOO_SMALL"),
        ("snapshot.trl", "OUT_OF_BOUNDS"),
    }


def test_the_civil_day_decides_what_is_the_future() -> None:
    # 2026-06-30 20:00 UTC is already 1 July in China.
    at = AT.replace(hour=20)
    facts = replace(FACTS, founded=date(2026, 7, 1))
    assert register(id="f", uscc=USCC, facts=facts, origin="REAL", at=at).founded == date(2026, 7, 1)


def test_founded_before_the_republic_is_refused_and_on_the_day_accepted() -> None:
    assert reasons(replace(FACTS, founded=date(1949, 9, 30))) == {("founded", "FOUNDED_TOO_EARLY")}
    assert firm(founded=date(1949, 10, 1)).founded == date(1949, 10, 1)


def test_money_is_never_a_float() -> None:
    fractional = replace(SNAPSHOT, assets_fen=0.1)  # type: ignore[arg-type]
    assert ("snapshot.assets_fen", "AMOUNT_NOT_WHOLE_FEN") in reasons(replace(FACTS, snapshot=fractional))


def test_unknown_is_accepted_and_net_assets_may_be_negative() -> None:
    made = firm({"staff": None, "revenue_fen": None, "net_assets_fen": -5}, stage=None, founded=None)
    assert made.snapshot is not None
    assert made.snapshot.rd_staff_share is None


def test_revision_raises_the_version_and_keeps_snapshots_going_forward() -> None:
    made, later = firm(), AT + timedelta(days=1)
    revise(made, replace(FACTS, name="新名"), at=later)
    assert (made.name, made.version, made.updated_at, made.created_at) == ("新名", 2, later, AT)
    with pytest.raises(InvalidArgument, match="older than"):
        revise(made, replace(FACTS, snapshot=replace(SNAPSHOT, as_of=date(2025, 1, 1))), at=later)
    with pytest.raises(InvalidArgument, match="never removed"):
        revise(made, replace(FACTS, snapshot=None), at=later)
    assert made.version == 2


def test_withdrawal_needs_a_reason_and_is_final() -> None:
    made = firm()
    with pytest.raises(InvalidArgument):
        withdraw(made, " ", at=AT)
    withdraw(made, "迁出", at=AT)
    assert (made.status, made.version) == (FirmStatus.WITHDRAWN, 2)
    with pytest.raises(FailedPrecondition) as caught:
        revise(made, FACTS, at=AT)
    assert caught.value.reason == "FIRM_WITHDRAWN"
