"""What the competent authority determines, appended to the dossier; and words about people that have to go."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.dossier.facts import Determination, Verdict, examine_determination
from services.funding.service.deals.trail import Trail
from services.funding.store.deals import committees, dossiers, interests, notes, trails
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.text import Text


@dataclass(frozen=True)
class Determining:
    """The use cases of determinations. Nothing here decides anything."""

    trail: Trail
    clock: Clock

    def enter(
        self,
        session: Session,
        deal: Deal,
        verdict: Verdict,
        *,
        organ: str,
        document_number: str,
        document_date: date,
        text: str,
        actor: str,
    ) -> Determination:
        """Append a determination. Raises InvalidArgument, FailedPrecondition (NOT_DECIDED) before a decision."""
        now = self.clock.now()
        organ, document_number, text = examine_determination(
            organ, document_number, document_date, text, civil_date(now)
        )
        if not committees.decisions(session, deal.id) and deal.approved_fen is None:
            raise FailedPrecondition(
                Text("该项目尚无投决，不存在免责认定", "no committee has decided on this deal"),
                reason="NOT_DECIDED",
            )
        made = Determination(
            deal_id=deal.id,
            number=len(dossiers.determinations(session, deal.id)) + 1,
            verdict=verdict,
            organ=organ,
            document_number=document_number,
            document_date=document_date,
            text=text,
            actor=actor,
            at=now,
            trail_head=trails.head(session, deal.id).hash.hex(),
        )
        dossiers.save_determination(session, made)
        self.trail.note(session, deal.id, "DETERMINATION", actor, trails.plain(made))
        return made

    def erase_words(
        self, session: Session, deal: Deal, of: str, number: int, *, reason: str, actor: str
    ) -> str:
        """Erase the words of a declaration (`of`: interests) or of a note (notes); the commitment that the trail
        keeps. Raises NotFound for none.
        """
        commitment = _commitment(session, deal.id, of, number)
        if not commitment or not trails.erase_private(session, deal.id, commitment):
            raise NotFound.resource(f"deals/{deal.id}/{of}/{number}#text")
        fact = {"number": number, "erased_commitment": commitment, "reason": reason}
        self.trail.note(session, deal.id, "WORDS_ERASED", actor, fact)
        return commitment


def _commitment(session: Session, deal_id: str, of: str, number: int) -> str:
    if of == "notes":
        note = notes.one(session, deal_id, number)
        return note.commitment if note else ""
    declared = interests.declarations(session, [deal_id])
    return next((each.commitment for each in declared if each.number == number), "")
