"""Contents of documents that have to go: one person asks for it, another carries it out (四眼).

What was registered of a document stays: its digest proves what it was, and the trail that it was erased, by whom.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from services.funding.domain.deal.document import Document
from services.funding.domain.findings import Findings
from services.kernel.errors import AlreadyExists, FailedPrecondition, PermissionDenied
from services.kernel.text import Text


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """Of one document; `erased_at` None until it is carried out."""

    deal_id: str
    number: int
    reason: str
    requester: str
    requested_at: datetime
    eraser: str = ""
    erased_at: datetime | None = None


def is_kept(erasure: Erasure | None) -> bool:
    """Whether a content that was handed in is still there."""
    return erasure is None or erasure.erased_at is None


def ask(document: Document, known: Erasure | None, *, reason: str, actor: str, at: datetime) -> Erasure:
    """An erasure that is asked for.

    Raises InvalidArgument without a reason, FailedPrecondition (NO_CONTENT) for a document that is kept by its digest
    alone, AlreadyExists (ERASURE_KNOWN) if it was asked for before.
    """
    findings = Findings()
    reason = findings.text("reason", reason, most=500, required=True)
    findings.finish()
    if not document.stored:
        raise FailedPrecondition(
            Text("该材料只登记了摘要，没有内容可删", "only the digest is kept; there is no content to erase"),
            reason="NO_CONTENT",
        )
    if known is not None:
        raise AlreadyExists(
            Text("该材料内容已删除", "the content is erased already")
            if known.erased_at
            else Text(
                "已有人申请删除，请由另一人执行", "it was asked for before; another person carries it out"
            ),
            reason="ERASURE_KNOWN",
        )
    return Erasure(
        deal_id=document.deal_id, number=document.number, reason=reason, requester=actor, requested_at=at
    )


def carry_out(asked: Erasure | None, *, actor: str, at: datetime) -> Erasure:
    """The erasure as it is carried out.

    Raises FailedPrecondition (ERASURE_NOT_REQUESTED), AlreadyExists (ERASURE_KNOWN), PermissionDenied (FOUR_EYES).
    """
    if asked is None:
        raise FailedPrecondition(
            Text(
                "尚未申请删除，请先由一人说明理由申请",
                "nobody has asked for it; one person asks and says why",
            ),
            reason="ERASURE_NOT_REQUESTED",
        )
    if asked.erased_at is not None:
        raise AlreadyExists(Text("该材料内容已删除", "the content is erased already"), reason="ERASURE_KNOWN")
    if asked.requester == actor:
        raise PermissionDenied(
            Text("申请人不能执行自己的删除，请由另一人执行", "who asked for an erasure cannot carry it out"),
            reason="FOUR_EYES",
        )
    return replace(asked, eraser=actor, erased_at=at)
