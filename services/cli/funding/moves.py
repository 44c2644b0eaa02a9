"""Steps of a deal as requests: action codes, the RPC behind each, decisions, dates and evidence."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from bole.funding.v1 import deal_action_pb2, deal_document_pb2
from services.chassis.rpc.wire import date_to_wire, instant_to_wire
from services.kernel.errors import InvalidArgument
from services.wording.steps import NAMED_STEPS, Move, verbs


def parse_move(text: str) -> Move:
    """`SUBMIT`, `APPROVE`, `DECIDE_INTERNAL=RETURN`, `DECLINE=TEAM`, `HOLD=2027-01-31`.

    Raises InvalidArgument (UNKNOWN_ACTION) with the codes there are.
    """
    code, _, detail = text.upper().partition("=")
    if code in NAMED_STEPS:
        return NAMED_STEPS[code]
    known = verbs()
    if code not in known:
        listed = ", ".join([*known, *NAMED_STEPS])
        raise InvalidArgument.field(
            "ACTION", "UNKNOWN_ACTION", f"没有操作 {code}，可用：{listed}", f"no action {code}; use {listed}"
        )
    return Move(known[code], detail)


def request_of(
    move: Move,
    name: str,
    etag: str,
    reason: str,
    evidence: Sequence[str],
    *,
    check_only: bool,
    registered: Sequence[deal_document_pb2.DealDocument] = (),
) -> Any:
    """The request of the move's RPC. `registered`: the deal's register, of which evidence may name documents. Raises
    InvalidArgument for what its detail or evidence lacks.
    """
    kind = move.request
    command = deal_action_pb2.DealCommand(
        etag=etag,
        request_id=str(uuid4()),
        reason=reason,
        evidence=[document(each, registered) for each in evidence],
        validate_only=check_only,
    )
    request = kind(name=name, command=command)
    if move.takes("decision"):
        request.decision = _decision(kind, move.detail)
    if move.takes("reason_code"):
        request.reason_code = move.detail or "OTHER"
    if move.takes("review_date"):
        request.review_date.CopyFrom(date_to_wire(_date(move.detail)))
    return request


def document(
    text: str, registered: Sequence[deal_document_pb2.DealDocument] = ()
) -> deal_action_pb2.DealEvidence:
    """`kind=path`: the file's digest and time; `kind=#3`: document 3 of the deal's register. Raises InvalidArgument
    (NO_FILE, NOT_ON_REGISTER) for one that is not there.
    """
    kind, equals, path = text.partition("=")
    if equals and path.startswith("#"):
        return _registered(kind, path.removeprefix("#"), registered)
    file = Path(path)
    if not equals or not file.is_file():
        raise InvalidArgument.field(
            "--evidence",
            "NO_FILE",
            f"找不到文件“{path or text}”，应写成 类型=文件",
            f"no file {path or text!r}; write kind=file",
        )
    received = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return deal_action_pb2.DealEvidence(
        kind=kind,
        title=file.name,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        receive_time=instant_to_wire(received),
    )


def _registered(
    kind: str, number: str, registered: Sequence[deal_document_pb2.DealDocument]
) -> deal_action_pb2.DealEvidence:
    for each in registered:
        if str(each.number) == number and each.kind == kind.upper():
            return deal_action_pb2.DealEvidence(
                kind=each.kind, title=each.title, sha256=each.sha256, receive_time=each.receive_time
            )
    raise InvalidArgument.field(
        "--evidence",
        "NOT_ON_REGISTER",
        f"材料登记中没有 {kind} 类的第 {number} 号；bole deal documents 列出全部",
        f"the register has no document {number} of the kind {kind}; bole deal documents lists all",
    )


def _decision(kind: Any, word: str) -> int:
    known = [each.removeprefix("DECISION_") for each in kind.Decision.keys()[1:]]
    if word not in known:
        listed = ", ".join(known)
        raise InvalidArgument.field(
            "ACTION",
            "UNKNOWN_DECISION",
            f"应在操作后写明决定（如 =APPROVE），可用：{listed}",
            f"write the decision after the action (such as =APPROVE); use {listed}",
        )
    return int(kind.Decision.Value(f"DECISION_{word}"))


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise InvalidArgument.field(
            "ACTION",
            "BAD_DATE",
            f"“{word}”不是日期，应写成 HOLD=2027-01-31",
            f"{word!r} is not a date; write HOLD=2027-01-31",
        ) from None
