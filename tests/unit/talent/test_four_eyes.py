"""Acts on people that nobody does alone."""

import shlex
from dataclasses import replace
from datetime import timedelta

import pytest

from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.text import Text
from services.talent.domain.privacy.application import Answer, Application, Verdict
from services.talent.domain.privacy.four_eyes import (
    ALONE,
    FRESH,
    HOLDS,
    Act,
    Approval,
    Intent,
    Settled,
    may_undo_alone,
    require_other,
    required,
)
from tests.unit.talent.library import NOW

EXPORT = Intent(
    account="ann", act=Act.EXPORT, sheet="persons", purpose="contact", filter="city_code = wuxi", people=300
)
ERASE = Intent(account="ann", act=Act.ERASE, person="p1")
GIVEN = Approval(id="a", intent=EXPORT, reason="年检", approved_by="bo", approved_at=NOW)


def test_what_one_may_do_alone() -> None:
    assert not replace(EXPORT, people=ALONE).needs_approval
    assert replace(EXPORT, people=ALONE + 1).needs_approval
    assert ERASE.needs_approval


@pytest.mark.parametrize(
    "wanted",
    [
        replace(EXPORT, people=301),
        replace(EXPORT, filter=""),
        replace(EXPORT, purpose="talent-service"),
        replace(EXPORT, sheet="moves"),
        replace(EXPORT, account="cai"),
        ERASE,
    ],
)
def test_an_approval_counts_for_its_very_act_alone(wanted: Intent) -> None:
    assert required(replace(EXPORT, people=101), [GIVEN], NOW) is GIVEN
    with pytest.raises(FailedPrecondition) as caught:
        required(wanted, [GIVEN], NOW)
    assert caught.value.reason == "FOUR_EYES_NEEDED"
    assert caught.value.metadata["account"] == wanted.account
    assert "bole approval" in caught.value.text.zh
    assert "bole approval" in caught.value.text.en


@pytest.mark.parametrize(
    ("approval", "later"),
    [
        (replace(GIVEN, used_for="exports/1"), timedelta()),
        (replace(GIVEN, approved_by="ann"), timedelta()),
        (GIVEN, HOLDS),
    ],
)
def test_it_counts_once_for_a_week_and_is_anothers(approval: Approval, later: timedelta) -> None:
    with pytest.raises(FailedPrecondition):
        required(EXPORT, [approval], NOW + later)


def test_nobody_approves_their_own() -> None:
    require_other(ERASE, "bo")
    with pytest.raises(PermissionDenied) as caught:
        require_other(ERASE, "ann")
    assert caught.value.reason == "FOUR_EYES"


def test_the_command_that_is_told_can_be_pasted_whatever_the_filter_says() -> None:
    filter_ = "display_name = \"'; touch x; '\""
    with pytest.raises(FailedPrecondition) as caught:
        required(replace(EXPORT, filter=filter_), [], NOW)
    told = caught.value.text.en
    command = told[told.index("bole approval") : told.index(" --reason")]
    assert shlex.split(command)[-3:] == [filter_, "--people", str(EXPORT.people)]


def test_who_made_an_import_takes_it_back_alone_while_it_is_fresh() -> None:
    later = NOW + FRESH
    assert may_undo_alone("ann", "ann", NOW, later - timedelta(seconds=1))
    assert not may_undo_alone("ann", "ann", NOW, later)
    assert not may_undo_alone("bo", "ann", NOW, NOW)


def test_an_application_is_answered_once_by_somebody_else_in_time() -> None:
    asked = Application(id="a", intent=ERASE, reason="重复", asked_at=NOW, city="wuxi")
    asked.require_answerable(Verdict.APPROVE, "bo", NOW)
    asked.require_answerable(Verdict.REFUSE, "ann", NOW)
    with pytest.raises(PermissionDenied):
        asked.require_answerable(Verdict.APPROVE, "ann", NOW)
    given = Answer(verdict=Verdict.REFUSE, reason="未核实", by="bo", at=NOW)
    closed = ((replace(asked, answer=given), "REFUSED"), (replace(asked, settled=Settled()), "LAPSED"))
    for application, state in closed:
        with pytest.raises(FailedPrecondition) as caught:
            application.require_answerable(Verdict.REFUSE, "bo", NOW)
        assert caught.value.metadata["state"] == state
    assert asked.state(NOW + HOLDS) == "LAPSED"
    assert asked.over(NOW) is None
    assert asked.over(NOW + HOLDS) == Text("7 天内无人答复", "nobody answered within 7 days")


def test_an_approval_says_whether_it_still_counts_and_why_not() -> None:
    undone = Settled(by="bo", at=NOW)
    for approval, later, state, why in (
        (GIVEN, timedelta(), "STANDING", None),
        (GIVEN, HOLDS, "EXPIRED", "it was not used within 7 days"),
        (replace(GIVEN, settled=undone), HOLDS, "MOOT", "bo undid the import on"),
        (replace(GIVEN, settled=undone, used_for="imports/1"), HOLDS, "USED", None),
    ):
        assert approval.state(NOW + later) == state
        said = approval.over(NOW + later)
        assert said is None if why is None else said is not None and said.en.startswith(why)
