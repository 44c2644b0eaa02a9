"""The steps of a nomination: each one that comes next with what it asks for, and why it cannot be taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from google.type.date_pb2 import Date

from bole.talent.v1 import nomination_pb2, nomination_service_pb2_grpc
from bole.talent.v1 import nomination_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.console.backend import SECONDS
from services.console.web.dates import day_of
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.text import Text
from services.wording.library import FOLLOW_UP_RESULTS

MOST_CLAUSES = 6


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its verb, the method that takes it, and the fields of its form."""

    verb: Text
    method: str
    fields: tuple[str, ...]


STEPS = {
    "CHECK": Step(
        Text("资格审查", "Check eligibility"), "CheckNominationEligibility", ("clauses", "unit", "note")
    ),
    "REVIEW": Step(Text("评审", "Review"), "ReviewNomination", ("recommends", "unit", "note")),
    "DECIDE": Step(Text("审定", "Decide"), "DecideNomination", ("awards", "document", "note")),
    "FUND": Step(
        Text("登记拨付", "Record a payment"), "FundNomination", ("amount", "paid_date", "document", "another")
    ),
    "FOLLOW_UP": Step(
        Text("登记跟踪", "Record a follow-up"), "FollowUpNomination", ("result", "observed_date", "note")
    ),
    "DECLARE_CONFLICT": Step(
        Text("声明利益冲突", "Declare a conflict of interest"), "DeclareConflictOfInterest", ("note",)
    ),
    "WITHDRAW": Step(Text("撤回申报", "Withdraw"), "WithdrawNomination", ("note",)),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A step with why it cannot be taken, None if it can."""

    code: str
    step: Step
    why_not: Any


def options_of(found: Sequence[nomination_pb2.NominationStepOption]) -> list[Option]:
    """The steps in their order, what can be taken first."""
    kinds = nomination_pb2.NominationStep.Kind
    known = {kinds.Name(each.kind).removeprefix("KIND_"): each for each in found}
    listed = [
        Option(code, step, known[code].reason if known[code].HasField("reason") else None)
        for code, step in STEPS.items()
        if code in known
    ]
    return sorted(listed, key=lambda each: each.why_not is not None)


def take(visit: Visit) -> None:
    """Take the step of the form. Raises InvalidArgument for what cannot be read."""
    step = STEPS.get(visit.form.get("step", ""))
    if step is None:
        raise InvalidArgument.field("step", "UNKNOWN_CODE", "没有这个步骤", "there is no such step")
    request = getattr(service, f"{step.method}Request")(
        name=f"nominations/{visit.part('id')}",
        etag=visit.form.get("etag", ""),
        request_id=visit.form.get("request_id", "") or str(uuid4()),
        **{field: _READ.get(field, _line)(visit, field) for field in step.fields},
    )
    stub = visit.stub(nomination_service_pb2_grpc.NominationServiceStub, visit.purpose)
    getattr(stub, step.method)(request, timeout=SECONDS)


def told(failure: Failure | None) -> Failure | None:
    """The failure as the page says it: a payment that is recorded already has a box of its own there."""
    if failure is None or failure.reason != "PAYMENT_RECORDED":
        return failure
    step, recorded, by = (failure.metadata[name] for name in ("step", "recorded", "by"))
    said = Text(
        f"没有登记：这笔拨付已是第 {step} 步（{recorded} 由 {by} 登记），金额、日期和文件都相同。"
        "如确为另一笔，请勾选表单中的一项再登记。",
        f"Not recorded: this payment is step {step} already (recorded on {recorded} by {by}), with the same amount, "
        "day and document. If it is another one, tick the box in the form and record it.",
    )
    return replace(failure, text=said)


def _line(visit: Visit, field: str) -> str:
    return visit.form.get(field, "")


def _choice(visit: Visit, field: str) -> bool:
    given = visit.form.get(field, "")
    if given not in ("yes", "no"):
        raise InvalidArgument.field(field, "REQUIRED", "请选择同意或不同意", "choose for or against")
    return given == "yes"


def _ticked(visit: Visit, field: str) -> bool:
    return visit.form.get(field) == "yes"


def _day(visit: Visit, field: str) -> Date:
    return date_to_wire(day_of(field, visit.form.get(field, "")))


def _amount(visit: Visit, field: str) -> Any:
    return money_to_wire(parse_amount(visit.form.get(field, ""), field=field))


def _result(visit: Visit, field: str) -> str:
    given = visit.form.get(field, "")
    if given not in FOLLOW_UP_RESULTS:
        known = ", ".join(FOLLOW_UP_RESULTS)
        raise InvalidArgument.field(field, "UNKNOWN_CODE", f"应为 {known} 之一", f"must be one of {known}")
    return f"FOLLOW_UP_RESULT_{given}"


def _clauses(visit: Visit, _field: str) -> list[nomination_pb2.EligibilityClause]:
    """The clauses of the form; a row without a clause is none."""
    form = visit.form
    return [
        nomination_pb2.EligibilityClause(
            clause=form[f"clause_{at}"],
            met=form.get(f"met_{at}") == "yes",
            note=form.get(f"clause_note_{at}", ""),
        )
        for at in range(MOST_CLAUSES)
        if form.get(f"clause_{at}")
    ]


_READ: Any = {
    "clauses": _clauses,
    "recommends": _choice,
    "awards": _choice,
    "amount": _amount,
    "another": _ticked,
    "paid_date": _day,
    "observed_date": _day,
    "result": _result,
}
