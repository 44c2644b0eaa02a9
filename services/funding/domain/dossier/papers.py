"""An item that asks for a document."""

from datetime import datetime

from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.dossier.facts import Facts, Finding, Item, StatutoryTest
from services.kernel.text import Text


def paper_item(facts: Facts, test: StatutoryTest, kind: EvidenceKind, decided: datetime | None) -> Item:
    """A document: in time if it came before the decision."""
    papers = [paper for paper in facts.papers if paper.kind is kind]
    if not papers:
        return Item(
            test=test,
            code=kind.name,
            title=kind.label,
            finding=Finding.MISSING,
            text=Text("未见该材料", "not on record"),
            decided_at=decided,
        )
    first = papers[0]
    late = decided is not None and first.received_at > decided
    return Item(
        test=test,
        code=kind.name,
        title=kind.label,
        finding=Finding.LATE if late else Finding.SATISFIED,
        text=Text("收到时间晚于决策", "came after the decision")
        if late
        else Text("决策前已在案", "on record before the decision")
        if decided
        else Text("在案", "on record"),
        evidence_at=first.received_at,
        decided_at=decided,
        evidence=tuple(paper.described for paper in papers),
    )
