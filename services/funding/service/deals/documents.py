"""The register of a deal's documents: entered with the time of receipt, kept by digest, checked by a second person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Document, Stated, examine_document
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.erasure import is_kept
from services.funding.domain.deal.evidence import Evidence
from services.funding.service.deals.trail import Trail
from services.funding.store import erasures
from services.funding.store.deals import dossiers, trails
from services.funding.store.deals.dossiers import Check
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import AlreadyExists, NotFound, PermissionDenied
from services.kernel.text import Text


@dataclass(frozen=True)
class Documents:
    """The use cases of documents."""

    trail: Trail
    clock: Clock

    def register(self, session: Session, deal: Deal, stated: Stated, actor: str) -> Document:
        """Put a document on the register; the same content again links to the first. Raises InvalidArgument."""
        now = self.clock.now()
        found = examine_document(stated, civil_date(now))
        known = dossiers.documents(session, deal.id)
        same = [each for each in known if each.sha256 == found.sha256]
        gone = erasures.of_deal(session, deal.id)
        kept = any(each.stored and is_kept(gone.get(each.number)) for each in same)
        made = Document(
            deal_id=deal.id,
            number=len(known) + 1,
            kind=stated.kind,
            title=found.title,
            sha256=found.sha256,
            size=found.size,
            media_type=found.media_type,
            file_name=stated.file_name,
            issued=stated.issued,
            received_at=now,
            stored=bool(stated.content) or kept,
            duplicate_of=(same[0].duplicate_of or same[0].number) if same else 0,
            actor=actor,
        )
        dossiers.save_document(session, made, stated.content)
        self.trail.note(session, deal.id, "DOCUMENT", actor, trails.plain(made))
        return made

    def verify(self, session: Session, deal: Deal, number: int, actor: str) -> Document:
        """Confirm that a document was checked. Raises NotFound, PermissionDenied (FOUR_EYES) for who entered
        it, AlreadyExists if somebody did.
        """
        found = document_of(session, deal, number)
        if found.actor == actor:
            raise PermissionDenied(
                Text("登记人不能核验自己登记的材料", "who registered a document cannot verify it"),
                reason="FOUR_EYES",
            )
        if number in dossiers.checks(session, deal.id):
            raise AlreadyExists(Text("该材料已核验", "the document was verified"), reason="VERIFIED")
        dossiers.save_check(session, deal.id, number, Check(actor, self.clock.now()))
        fact = {"number": number, "sha256": found.sha256}
        self.trail.note(session, deal.id, "DOCUMENT_VERIFIED", actor, fact)
        return found


def document_of(session: Session, deal: Deal, number: int) -> Document:
    """A document of a deal. Raises NotFound."""
    for each in dossiers.documents(session, deal.id):
        if each.number == number:
            return each
    raise NotFound.resource(f"deals/{deal.id}/documents/{number}")


def as_registered(session: Session, deal: Deal, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence of a step; what is on the register was received when the register says so."""
    known = {each.sha256: each for each in reversed(dossiers.documents(session, deal.id))}
    return tuple(
        replace(each, received_at=known[each.sha256].received_at) if each.sha256 in known else each
        for each in evidence
    )


def is_late(deal: Deal, document: Document) -> bool:
    """Whether a step that takes documents of this kind was taken before this one came."""
    return any(
        document.kind in {required.kind for required in EDGES[step.action, step.source].requires}
        for step in deal.transitions
        if (step.action, step.source) in EDGES and step.at < document.received_at
    )
