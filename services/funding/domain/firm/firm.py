"""A firm (企业): the legal entity that funds look at. Its key is the unified social credit code."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.funding.domain.firm.snapshot import FirmSnapshot, examine_snapshot
from services.funding.domain.firm.stages import Stage
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text, in_per_cent
from services.kernel.uscc import parse_uscc

EARLIEST_FOUNDING = date(1949, 10, 1)
WHOLE_BUSINESS = 1000

DirectionShares = tuple[tuple[str, int], ...]


class FirmStatus(StrEnum):
    """Whether the firm takes part."""

    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"
    MERGED = "MERGED"


@dataclass(eq=False)
class Firm:
    """Aggregate root. `direction_shares` are per-mille (千分比) of the business by catalogue leaf, sum 1000.

    `stage`, `founded` and `snapshot` may be None: unknown. Instants are UTC. `sought_fen` is what the firm wants to
    raise now from all investors together; None if it has not said.
    """

    id: str
    uscc: str
    name: str
    city: str
    direction_shares: DirectionShares
    stage: Stage | None
    founded: date | None
    technology: str
    product: str
    origin: str
    snapshot: FirmSnapshot | None
    status: FirmStatus
    withdrawal_reason: str
    version: int
    created_at: datetime
    updated_at: datetime
    merged_into: str | None = None
    sought_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class FirmFacts:
    """What a filer states about a firm; nothing of it is trusted before `register` or `revise`."""

    name: str
    city: str
    direction_shares: DirectionShares
    stage: Stage | None = None
    founded: date | None = None
    technology: str = ""
    product: str = ""
    snapshot: FirmSnapshot | None = None
    sought_fen: int | None = None


def register(
    *, id: str, uscc: str, facts: FirmFacts, origin: str, at: datetime, founding_confirmed: bool = False
) -> Firm:
    """A new firm, version 1. Raises InvalidArgument with every violation at once.

    `founding_confirmed`: somebody has checked a founding date before `EARLIEST_FOUNDING`.
    """
    findings = Findings()
    code = uscc
    try:
        code = parse_uscc(uscc)
    except InvalidArgument as error:
        findings.absorb(error)
    clean = _examine(facts, civil_date(at), findings)
    if not founding_confirmed:
        _warn_of_founding(facts.founded, findings)
    origin = findings.text("origin", origin, most=100, required=True)
    findings.finish()
    return Firm(
        id=id,
        uscc=code,
        origin=origin,
        status=FirmStatus.ACTIVE,
        withdrawal_reason="",
        version=1,
        created_at=at,
        updated_at=at,
        **vars(clean),
    )


def revise(firm: Firm, facts: FirmFacts, *, at: datetime, founding_confirmed: bool = False) -> None:
    """Replace the firm's facts. Raises InvalidArgument with every violation; FIRM_WITHDRAWN when it has
    left. A founding date that stands was confirmed when it came.
    """
    require_active(firm)
    findings = Findings()
    clean = _examine(facts, civil_date(at), findings)
    if not founding_confirmed and facts.founded != firm.founded:
        _warn_of_founding(facts.founded, findings)
    if clean.snapshot is None and firm.snapshot is not None:
        findings.add(
            "snapshot",
            "SNAPSHOT_LOST",
            "数据快照只能以新替旧，不得删除",
            "a snapshot is replaced, never removed",
        )
    elif clean.snapshot and firm.snapshot and clean.snapshot.as_of < firm.snapshot.as_of:
        findings.add(
            "snapshot.as_of",
            "SNAPSHOT_OLDER",
            f"新快照日期 {clean.snapshot.as_of} 早于现有快照 {firm.snapshot.as_of}；补录早期数据请用“补录快照”",
            f"the new snapshot of {clean.snapshot.as_of} is older than that of {firm.snapshot.as_of}; "
            "add figures of the past by AddFirmSnapshot",
        )
    findings.finish()
    for name, value in vars(clean).items():
        setattr(firm, name, value)
    _touch(firm, at)


def withdraw(firm: Firm, reason: str, *, at: datetime) -> None:
    """Take the firm out. Raises InvalidArgument without a reason; FIRM_WITHDRAWN when it has left already."""
    require_active(firm)
    findings = Findings()
    reason = findings.text("reason", reason, most=500, required=True)
    findings.finish()
    firm.status, firm.withdrawal_reason = FirmStatus.WITHDRAWN, reason
    _touch(firm, at)


def take_figures(firm: Firm, figures: FirmSnapshot | None, *, at: datetime) -> None:
    """Let these figures, which stand on record, be the ones that count."""
    firm.snapshot = figures
    _touch(firm, at)


def merge(duplicate: Firm, survivor: Firm, *, at: datetime) -> FirmStatus:
    """Let a record stand for another one; returns its status until now.

    Raises FailedPrecondition for a record that is merged already or has left, and InvalidArgument for a record with
    itself or sample data with real ones.
    """
    if duplicate.id == survivor.id:
        raise InvalidArgument.field(
            "duplicate", "SAME_FIRM", "不能与自身合并", "a firm is not merged with itself"
        )
    if duplicate.origin != survivor.origin:
        raise InvalidArgument.field(
            "duplicate",
            "ORIGINS_DIFFER",
            "演示数据不能与真实数据合并",
            "sample data are not merged with real ones",
        )
    for each in (duplicate, survivor):
        require_active(each)
    before, duplicate.status, duplicate.merged_into = duplicate.status, FirmStatus.MERGED, survivor.id
    _touch(duplicate, at)
    return before


def split(duplicate: Firm, status: FirmStatus, *, at: datetime) -> None:
    """Let a merged record stand for itself again, as it was. Raises FailedPrecondition (FIRM_NOT_MERGED)."""
    if duplicate.merged_into is None:
        raise FailedPrecondition(
            Text("该企业未被合并，无可撤销", "the firm is not merged: there is nothing to take back"),
            reason="FIRM_NOT_MERGED",
            metadata={"firm": duplicate.id},
        )
    duplicate.status, duplicate.merged_into = status, None
    _touch(duplicate, at)


def touch(firm: Firm, *, at: datetime) -> None:
    """Something that belongs to the firm, and is kept beside it, has changed."""
    require_active(firm)
    _touch(firm, at)


def _touch(firm: Firm, at: datetime) -> None:
    firm.version += 1
    firm.updated_at = at


def require_active(firm: Firm) -> None:
    """Raise FailedPrecondition (FIRM_MERGED, FIRM_WITHDRAWN) for a firm that takes part no more."""
    require_unmerged(firm)
    if firm.status is not FirmStatus.ACTIVE:
        raise FailedPrecondition(
            Text(
                f"企业 {firm.name} 已退出，不能再修改", f"{firm.name} has withdrawn and can no longer change"
            ),
            reason="FIRM_WITHDRAWN",
            metadata={"firm": firm.id},
        )


def require_present(firm: Firm) -> None:
    """Raise FailedPrecondition (FIRM_MERGED, FIRM_WITHDRAWN) for a firm of which no deal is opened any more."""
    require_unmerged(firm)
    if firm.status is not FirmStatus.ACTIVE:
        raise FailedPrecondition(no_more_deals(firm), reason="FIRM_WITHDRAWN", metadata={"firm": firm.id})


def no_more_deals(firm: Firm) -> Text:
    """That a firm has left."""
    return Text(
        f"企业 {firm.name} 已退出（{firm.withdrawal_reason}），其项目只能否决、撤回或暂缓",
        f"{firm.name} has withdrawn ({firm.withdrawal_reason}): deals of it are declined, withdrawn or put on hold",
    )


def require_unmerged(firm: Firm) -> None:
    """Raise FailedPrecondition (FIRM_MERGED), naming the firm that a merged record stands for."""
    if firm.merged_into is not None:
        raise FailedPrecondition(
            Text(
                f"企业 {firm.name} 已并入 firms/{firm.merged_into}，请改用该企业",
                f"{firm.name} is merged into firms/{firm.merged_into}; use that firm",
            ),
            reason="FIRM_MERGED",
            metadata={"firm": firm.id, "resource": f"firms/{firm.merged_into}"},
        )


def _examine(facts: FirmFacts, today: date, findings: Findings) -> FirmFacts:
    clean = FirmFacts(
        name=findings.text("name", facts.name, most=100, required=True),
        city=findings.text("city", facts.city, most=63, required=True),
        direction_shares=tuple(sorted(facts.direction_shares, key=lambda share: (-share[1], share[0]))),
        stage=facts.stage,
        founded=facts.founded,
        technology=findings.text("technology", facts.technology, most=4000),
        product=findings.text("product", facts.product, most=4000),
        snapshot=facts.snapshot,
        sought_fen=facts.sought_fen,
    )
    findings.amount("sought_fen", facts.sought_fen, least=1)
    examine_shares(clean.direction_shares, findings)
    findings.not_after("founded", facts.founded, today)
    if facts.snapshot is not None:
        examine_snapshot(facts.snapshot, today, findings)
    return clean


def _warn_of_founding(founded: date | None, findings: Findings) -> None:
    if founded is not None and founded < EARLIEST_FOUNDING:
        findings.add(
            "founded",
            "FOUNDED_TOO_EARLY",
            f"成立日期 {founded} 早于1949-10-01，请核对；确认无误请注明已核对（confirm_founded_date，"
            "导入时在“成立日期已核对”列填“是”）",
            f"the founding date {founded} is before 1949-10-01; check it, and if it is right "
            "confirm it with confirm_founded_date, in a file with 是 under Founding date checked",
        )


def examine_shares(shares: DirectionShares, findings: Findings) -> None:
    """Find shares that are missing, repeated, not positive, or do not sum to exactly 1000 per mille."""
    leaves = [leaf for leaf, _ in shares]
    if len(set(leaves)) != len(leaves):
        findings.add(
            "direction_shares", "DIRECTION_REPEATED", "同一方向只能填写一次", "a direction is listed twice"
        )
    if any(share <= 0 for _, share in shares):
        findings.add(
            "direction_shares", "SHARE_NOT_POSITIVE", "方向占比必须大于0", "every share must be above 0"
        )
    total = sum(share for _, share in shares)
    if total != WHOLE_BUSINESS:
        findings.add(
            "direction_shares",
            "SHARES_NOT_WHOLE",
            f"各方向占比合计应为100%，现为{in_per_cent(total)}",
            f"the shares of the directions must sum to 100%, not {in_per_cent(total)}",
        )
