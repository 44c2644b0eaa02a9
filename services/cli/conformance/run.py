"""The checks against a running service, and their report."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.rpc.failures import read_failure
from services.cli.answers.columns import Column, tick
from services.cli.conformance.checks import CHECKS, Finding, Message, Pair, check
from services.cli.matcher import matching, partner_erasures
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_SECONDS = 600
_COLUMNS = (
    Column("passed", Text("通过", "passed"), show=tick),
    Column("check", Text("检查", "check"), wraps=True),
    Column("looked_at", Text("查看", "looked at"), right=True),
    Column("wrong", Text("不符", "wrong"), right=True),
    Column("examples", Text("例如", "such as"), wraps=True),
)


@dataclass(frozen=True)
class Watched:
    """The stream of a session under one subscription's restrictions."""

    session: Session
    restrictions: service.WatchMatchesRequest = field(default_factory=service.WatchMatchesRequest)

    def open(self, token: str = "", *, events_per_message: int = 0) -> Iterator[Message]:
        """See `Source`."""
        request = service.WatchMatchesRequest(
            resume_token=token, from_start=not token, events_per_message=events_per_message
        )
        request.MergeFrom(self.restrictions)
        call: Any = matching.stub(self.session).WatchMatches(request, timeout=_SECONDS)
        try:
            yield from call
        finally:
            call.cancel()

    def refuses(self, token: str) -> bool:
        """See `Source`."""
        try:
            next(iter(self.open(token)))
        except grpc.RpcError as error:
            failure = read_failure(error)
            return failure.code == "PERMISSION_DENIED" and failure.reason.startswith("RESUME_TOKEN")
        return False


def run(
    session: Session,
    kinds: Sequence[str],
    cities: Sequence[str],
    most: int,
    kept: Path | None,
    *,
    acknowledge: bool = False,
) -> bool:
    """Check, show the table, and say whether everything passed. `acknowledge`: where it did, say for a partner's store
    that it keeps nothing of the erased; otherwise how many wait for that. Raises InvalidArgument for a file that is no
    list of pairs, and (KEY_MISSING) for staff, whose stream has names where a partner's has pseudonyms.
    """
    if session.caller is not None and session.caller.kind == "staff":
        raise InvalidArgument.field(
            "--key",
            "KEY_MISSING",
            "检查的是合作方的事件流，请用 --key 或 BOLE_KEY 给出其密钥；没有的，bole partner add NAME 登记一个",
            "it is a partner's stream that is checked: give its key by --key or BOLE_KEY; `bole partner add NAME` "
            "registers one",
        )
    pairs = None if kept is None else _pairs(kept)
    last = (
        matching.stub(session).GetIndexStatus(service.GetIndexStatusRequest(), timeout=_SECONDS).last_sequence
    )
    watched = Watched(session, service.WatchMatchesRequest(kinds=kinds, city_codes=cities))
    findings = check(watched, last, most, pairs)
    session.output.rows(
        Text("一致性检查", "conformance"), _COLUMNS, [_row(each, session) for each in findings]
    )
    if not findings[0].looked_at:
        session.output.say(
            Text("事件流中还没有事件，无从检查", "the stream has no events yet: there is nothing to check")
        )
        return False
    if pairs is not None and len(findings) < len(CHECKS):
        session.output.say(
            Text(
                f"只读了前 {most} 个事件，未比对自己的库；请加大 --most",
                f"only the first {most} events were read, so your store was not compared; raise --most",
            )
        )
        return False
    passed = all(each.passed for each in findings)
    if passed and pairs is not None and session.partner_key:
        _answer(session, {name for pair in pairs for name in pair}, acknowledge=acknowledge)
    return passed


def _answer(session: Session, names: set[str], *, acknowledge: bool) -> None:
    """For every erasure that is not acknowledged, unless something is kept under its name."""
    gone = [each for each in partner_erasures.open_ones(session) if each.subject not in names]
    if gone and acknowledge:
        numbers, subjects = [each.sequence for each in gone], [each.subject for each in gone]
        partner_erasures.acknowledge(session, numbers, subjects)
    elif gone:
        session.output.say(
            Text(
                f"有 {len(gone)} 人的删除待确认，所给的配对中没有他们；若贵方别处也未保存，请加 --acknowledge 确认",
                f"{len(gone)} erasures are not acknowledged, and the pairs hold none of them; where nothing else of "
                "yours does, --acknowledge says so",
            )
        )


def _row(finding: Finding, session: Session) -> dict[str, Any]:
    return {
        "passed": finding.passed,
        "check": CHECKS[finding.check].to(session.language),
        "looked_at": finding.looked_at,
        "wrong": finding.wrong,
        "examples": "; ".join(finding.examples),
    }


def _pairs(path: Path) -> list[Pair]:
    """One JSON object a line, with kind, anchor and candidate, as `bole match watch` prints them."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            given = json.loads(line)
            found.append((str(given["kind"]), str(given["anchor"]), str(given["candidate"])))
        except (ValueError, KeyError, TypeError):
            raise InvalidArgument.field(
                "--kept",
                "NOT_A_PAIR",
                f"第 {number} 行不是含 kind、anchor、candidate 的 JSON 对象",
                f"line {number} is no JSON object with kind, anchor and candidate",
            ) from None
    return found
