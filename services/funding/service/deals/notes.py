"""Notes on deals: written by who works on them, and their reminders settled."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Stated
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.note import Note, Settled, StatedFile, StatedNote, examine_note, settle
from services.funding.service.deals.documents import Documents
from services.funding.service.deals.trail import Trail
from services.funding.store.deals import dossiers, notes
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import InvalidArgument, NotFound

_OF_FILE = {
    "document.title": "note.file.file_name",
    "document.file_name": "note.file.file_name",
    "content": "note.file.content",
}


@dataclass(frozen=True)
class Notes:
    """The use cases."""

    trail: Trail
    clock: Clock
    documents: Documents

    def write(self, session: Session, deal: Deal, stated: StatedNote, actor: str) -> Note:
        """A note; its author is reminded unless it names somebody. A file that comes with it goes on the register.

        Raises InvalidArgument (see `examine_note` and `examine_document`).
        """
        now = self.clock.now()
        known = {each.number for each in dossiers.documents(session, deal.id)}
        given = examine_note(stated, known, civil_date(now))
        filed = (self._filed(session, deal, given.file, actor),) if given.file else ()
        made = Note(
            deal_id=deal.id,
            number=notes.next_number(session, deal.id),
            commitment=self.trail.keep_private(session, deal.id, given.text),
            remind_on=given.remind_on,
            reminded="" if given.remind_on is None else given.reminded or actor,
            documents=(*given.documents, *filed),
            actor=actor,
            at=now,
        )
        notes.save(session, made)
        fact = {
            "number": made.number,
            "text_commitment": made.commitment,
            "remind_on": made.remind_on.isoformat() if made.remind_on else "",
            "reminded": made.reminded,
            "documents": list(made.documents),
        }
        self.trail.note(session, deal.id, "NOTE", actor, fact)
        return made

    def _filed(self, session: Session, deal: Deal, file: StatedFile, actor: str) -> int:
        """The number under which a file of a note is registered."""
        stated = Stated(
            kind=EvidenceKind.OTHER,
            title=file.file_name,
            sha256="",
            size=0,
            file_name=file.file_name,
            issued=None,
            content=file.content,
        )
        try:
            return self.documents.register(session, deal, stated, actor).number
        except InvalidArgument as error:
            raise error.renamed(_OF_FILE) from None

    def settle(self, session: Session, note: Note, actor: str) -> Settled:
        """Settle the reminder of a note. Raises FailedPrecondition (NO_REMINDER), AlreadyExists (SETTLED)."""
        known = notes.settled(session, [note]).get((note.deal_id, note.number))
        done = settle(note, known, actor=actor, at=self.clock.now())
        notes.save_settled(session, done)
        self.trail.note(session, note.deal_id, "REMINDER_SETTLED", actor, {"number": note.number})
        return done


def note_of(session: Session, deal: Deal, number: int) -> Note:
    """A note of a deal. Raises NotFound."""
    found = notes.one(session, deal.id, number)
    if found is None:
        raise NotFound.resource(f"deals/{deal.id}/notes/{number}")
    return found
