"""The steps of a nomination on the command line, each on the version that was just read."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from bole.talent.v1 import nomination_pb2
from bole.talent.v1 import nomination_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.cli.session import Session
from services.cli.talent.nominations import TIMEOUT_SECONDS, get, state, stub
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.text import Text

_YES, _NO = {"是", "yes", "y", "true", "1"}, {"否", "no", "n", "false", "0"}
_RESULTS = ("in_post", "moved", "left_province")


def check(session: Session, name: str, clauses: Sequence[str], unit: str, note: str) -> None:
    """`clause=是|否[:note]` each. Raises InvalidArgument for one that is not written so."""
    listed = [_clause(each) for each in clauses]
    given = {"clauses": listed, "unit": unit, "note": note}
    _take(session, name, "CheckNominationEligibility", given)


def declare(session: Session, name: str, note: str) -> None:
    """Declare a conflict of interest of one's own."""
    _take(session, name, "DeclareConflictOfInterest", {"note": note})


def review(session: Session, name: str, unit: str, note: str, *, recommends: bool) -> None:
    """Give an opinion."""
    _take(session, name, "ReviewNomination", {"recommends": recommends, "unit": unit, "note": note})


def decide(session: Session, name: str, note: str, document: str, *, awards: bool) -> None:
    """Award or decline."""
    _take(session, name, "DecideNomination", {"awards": awards, "note": note, "document": document})


def fund(session: Session, name: str, text: str, day: date, document: str, *, another: bool) -> None:
    """Record a payment, e.g. of 50万元; `another`: also if an equal one is recorded."""
    given = {
        "amount": money_to_wire(parse_amount(text, field="--amount")),
        "paid_date": date_to_wire(day),
        "document": document,
        "another": another,
    }
    _take(session, name, "FundNomination", given)


def follow_up(session: Session, name: str, result: str, day: date, note: str) -> None:
    """Record what became of the nominee. Raises InvalidArgument (UNKNOWN_RESULT)."""
    if result not in _RESULTS:
        known = "、".join(_RESULTS)
        raise InvalidArgument.field(
            "--result", "UNKNOWN_RESULT", f"没有结果“{result}”，可选：{known}", f"one of {known}"
        )
    given = {
        "result": f"FOLLOW_UP_RESULT_{result.upper()}",
        "observed_date": date_to_wire(day),
        "note": note,
    }
    _take(session, name, "FollowUpNomination", given)


def withdraw(session: Session, name: str, note: str) -> None:
    """Withdraw it."""
    _take(session, name, "WithdrawNomination", {"note": note})


def _take(session: Session, name: str, method: str, given: dict[str, Any]) -> None:
    make = getattr(service, f"{method}Request")
    request = make(name=name, etag=get(session, name).etag, request_id=str(uuid4()), **given)
    changed = getattr(stub(session), method)(request, timeout=TIMEOUT_SECONDS)
    zh, en = state(changed.state, "zh"), state(changed.state, "en")
    session.output.say(Text(f"{name} 现为“{zh}”", f"{name} is now {en}"))


def _clause(text: str) -> nomination_pb2.EligibilityClause:
    clause, _, rest = text.partition("=")
    answer, _, note = rest.partition(":")
    if answer.lower() not in _YES | _NO:
        raise InvalidArgument.field(
            "--clause",
            "CLAUSE_FORM",
            f"“{text}”应写成 条款=是 或 条款=否:说明",
            f"{text!r} is not written clause=yes or clause=no:note",
        )
    return nomination_pb2.EligibilityClause(clause=clause, met=answer.lower() in _YES, note=note)
