"""Erasing the contents of a deal's documents; digest and facts stay, and the trail says that they are gone."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Document
from services.funding.domain.deal.erasure import ask, carry_out
from services.funding.service.deals.documents import document_of
from services.funding.service.deals.trail import Trail
from services.funding.store import erasures
from services.funding.store.deals import dossiers
from services.kernel.clock import Clock


@dataclass(frozen=True)
class Erasing:
    """The use cases."""

    trail: Trail
    clock: Clock

    def ask(self, session: Session, deal: Deal, number: int, reason: str, actor: str) -> Document:
        """Ask that the content of a document be erased. Raises NotFound, and what `erasure.ask` raises."""
        document = document_of(session, deal, number)
        known = erasures.of_deal(session, deal.id).get(number)
        asked = ask(document, known, reason=reason, actor=actor, at=self.clock.now())
        erasures.save_asked(session, asked)
        fact = {"number": number, "sha256": document.sha256, "reason": asked.reason}
        self.trail.note(session, deal.id, "DOCUMENT_ERASURE_ASKED", actor, fact)
        return document

    def carry_out(self, session: Session, deal: Deal, number: int, actor: str) -> Document:
        """Erase the content of a document, and of the documents of this deal that have the same.

        What another deal keeps of the same content stays there. Raises NotFound, and what `erasure.carry_out` raises.
        """
        document = document_of(session, deal, number)
        known = erasures.of_deal(session, deal.id)
        done = carry_out(known.get(number), actor=actor, at=self.clock.now())
        same = [
            each.number
            for each in dossiers.documents(session, deal.id)
            if each.sha256 == document.sha256 and each.stored
        ]
        for each in same:
            if each not in known:
                erasures.save_asked(session, replace(done, number=each))
            if each == number or each not in known or known[each].erased_at is None:
                erasures.save_done(session, replace(done, number=each))
        erasures.delete_unused(session, document.sha256, deal.id, same)
        fact = {
            "numbers": same,
            "sha256": document.sha256,
            "requester": done.requester,
            "reason": done.reason,
        }
        self.trail.note(session, deal.id, "DOCUMENT_CONTENT_ERASED", actor, fact)
        return document
