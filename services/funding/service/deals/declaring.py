"""Declarations of interest: made before the file opens, and resolved by the secretary."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import (
    Declaration,
    InterestKind,
    KnownLink,
    Resolution,
    Standing,
    examine_declaration,
)
from services.funding.domain.findings import Findings
from services.funding.service.deals.circle import circles_of
from services.funding.service.deals.interests import Judged, judged, takes
from services.funding.service.deals.recusals import Recusals
from services.funding.service.deals.trail import Trail
from services.funding.store.deals import interests, screened
from services.kernel.clock import Clock
from services.kernel.errors import FailedPrecondition, NotFound, PermissionDenied
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Interests:
    """The use cases of interests."""

    trail: Trail
    recusals: Recusals
    clock: Clock
    ids: Ids

    def declare(
        self, session: Session, deal: Deal, member: str, kinds: Iterable[InterestKind], text: str
    ) -> Judged:
        """A declaration. Raises InvalidArgument, and FailedPrecondition for a deal that came to nothing.

        On a deal that was paid it is still taken: who looks at the holding declares first, too.
        """
        ordered, words = examine_declaration(kinds, text)
        if not takes(deal):
            raise FailedPrecondition(
                Text("项目已办结，不再受理声明", "the deal has ended; nothing more is declared on it"),
                reason="DEAL_ENDED",
            )
        made = Declaration(
            deal_id=deal.id,
            number=interests.next_number(session, deal.id),
            member=member,
            kinds=ordered,
            commitment=self.trail.keep_private(session, deal.id, words),
            circle=circles_of(session, [deal.firm_id])[deal.firm_id].digest,
            at=self.clock.now(),
        )
        interests.save_declaration(session, made)
        screened.touch(session, deal.firm_id)
        self.recusals.tell(session, [deal.firm_id], member)
        fact = {
            "number": made.number,
            "member": member,
            "kinds": list(ordered),
            "text_commitment": made.commitment,
        }
        self.trail.note(session, deal.id, "INTEREST", member, fact)
        return judged(session, [deal])[deal.id][-1]

    def resolve(
        self, session: Session, deal: Deal, number: int, *, recused: bool, reason: str, actor: str
    ) -> Judged:
        """Settle a contradicted declaration. Raises NotFound, PermissionDenied (FOUR_EYES) for its author,
        FailedPrecondition if nothing contradicts it.
        """
        found = next(
            (each for each in judged(session, [deal])[deal.id] if each.declaration.number == number), None
        )
        if found is None:
            raise NotFound.resource(f"deals/{deal.id}/interests/{number}")
        if found.declaration.member == actor:
            raise PermissionDenied(
                Text("本人的声明须由他人处理", "somebody else has to resolve one's own declaration"),
                reason="FOUR_EYES",
            )
        if found.standing is not Standing.CONTRADICTED:
            raise FailedPrecondition(
                Text("该声明没有待处理的矛盾", "nothing contradicts this declaration"),
                reason="NOT_CONTRADICTED",
            )
        findings = Findings()
        reason = findings.text("reason", reason, most=2000, required=True)
        findings.finish()
        made = Resolution(number=number, recused=recused, reason=reason, actor=actor, at=self.clock.now())
        interests.save_resolution(session, deal.id, made)
        screened.touch(session, deal.firm_id)
        self.recusals.tell(session, [deal.firm_id], actor)
        fact = {"number": number, "recused": recused, "reason": reason}
        self.trail.note(session, deal.id, "INTEREST_RESOLVED", actor, fact)
        return next(each for each in judged(session, [deal])[deal.id] if each.declaration.number == number)

    def record_link(
        self, session: Session, firm_id: str, member: str, kind: InterestKind, source: str, actor: str
    ) -> KnownLink:
        """Record what is known of a person and a firm. Raises InvalidArgument."""
        findings = Findings()
        member = findings.text("known_link.member", member, most=128, required=True)
        source = findings.text("known_link.source", source, most=200, required=True)
        if kind is InterestKind.NONE:
            findings.add("known_link.kind", "NO_TIE", "请说明是什么关系", "say what the tie is")
        findings.finish()
        made = KnownLink(
            id=self.ids.new(),
            firm_id=firm_id,
            member=member,
            kind=kind,
            source=source,
            actor=actor,
            at=self.clock.now(),
        )
        interests.save_link(session, made)
        screened.touch(session, firm_id)
        return made
