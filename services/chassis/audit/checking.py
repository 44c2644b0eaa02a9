"""Whether a service's audit is as it was written: the chain, and the signed heads that it must go through."""

from collections.abc import Sequence
from pathlib import Path

from google.protobuf.message import DecodeError

from services.chassis.audit.audit import AuditVerdict, verify
from services.chassis.audit.heads import SignedHead, forged, load_verifying_keys, read_line
from services.chassis.audit.signing import heads_on
from services.chassis.house import House
from services.chassis.outbox.journal import Topic
from services.kernel.errors import BoleError, NotFound
from services.kernel.text import Text


def check_audit(house: House, service: str, topic: Topic, kept: Path | None = None) -> tuple[bool, Text]:
    """Whether all is as written, and in words what was found.

    Compared with the heads that the log has and those of a file of `write_line` lines; heads of other services in it
    are passed over. Raises ConfigurationError for keys that cannot be read.
    """
    try:
        heads = list(_told(house, topic))
        if kept is not None:
            read = map(read_line, filter(str.strip, kept.read_text(encoding="utf-8").splitlines()))
            heads += [head for head in read if head.service == service]
    except (BoleError, DecodeError, OSError, ValueError) as error:
        return False, _unreadable(error)
    problem = forged(heads, service, load_verifying_keys(house.settings.keys_dir))
    if problem is not None:
        return False, problem
    verdict = verify(house.database, house.tables.audit, [each.head for each in heads])
    return verdict.problem is None, _said(verdict, heads)


def _told(house: House, topic: Topic) -> Sequence[SignedHead]:
    try:
        return list(heads_on(house.log, topic))
    except NotFound:  # an installation that never ran
        return ()


def _said(verdict: AuditVerdict, heads: Sequence[SignedHead]) -> Text:
    if verdict.problem is not None:
        bad, problem = verdict.first_bad, verdict.problem
        return Text(f"自第 {bad} 条起不符：{problem.zh}", f"broken at entry {bad}: {problem.en}")
    count, head = verdict.head.sequence, verdict.head.hash.hex()
    zh, en = f"完整，共 {count} 条，链头 {head}", f"intact: {count} entries, head {head}"
    if not heads:
        return Text(f"{zh}；尚无签名链头", f"{en}; no head is signed yet")
    last = max(heads, key=lambda each: each.head.sequence)
    at = last.signed_at.isoformat(timespec="seconds")
    return Text(
        f"{zh}；与 {len(heads)} 个签名链头一致，最近的为第 {last.head.sequence} 条，签于 {at}",
        f"{en}; {len(heads)} signed heads agree, the last one of entry {last.head.sequence}, signed {at}",
    )


def _unreadable(error: Exception) -> Text:
    said = error.text if isinstance(error, BoleError) else Text(str(error), str(error))
    return Text(f"无法读取签名链头：{said.zh}", f"the signed heads cannot be read: {said.en}")
