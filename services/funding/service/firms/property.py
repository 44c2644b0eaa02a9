"""Rights and pledges of firms."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from services.chassis.log.topics import PLEDGES
from services.chassis.outbox.journal import Change, Journal
from services.funding import events
from services.funding.domain.findings import Findings, normal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.property.pledge import Pledge, PledgeState, draft, move
from services.funding.domain.property.right import IpRight, Ownership, examine_right, require_lapsable
from services.funding.store.deals import screened
from services.funding.store.firms import property as store
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import Aborted, AlreadyExists, FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Property:
    """The use cases of rights and pledges. Each locks the rights it speaks of first."""

    journal: Journal
    clock: Clock
    ids: Ids

    def right(self, session: Session, firm_id: str, id_: str) -> IpRight:
        """One right. Raises NotFound."""
        found = store.rights(session, firm_id, [id_])
        if not found:
            raise NotFound.resource(f"firms/{firm_id}/ipRights/{id_}")
        return found[0]

    def record(self, session: Session, right: IpRight) -> IpRight:
        """Record a right. Raises InvalidArgument, and AlreadyExists (RIGHT_RECORDED) for a number that is taken."""
        examine_right(right, civil_date(right.at))
        made = replace(right, number=normal(right.number), title=normal(right.title))
        if store.number_taken(session, made.number):
            raise AlreadyExists(
                Text(f"证书编号 {made.number} 已登记", f"the number {made.number} is recorded"),
                reason="RIGHT_RECORDED",
            )
        store.save_right(session, made)
        screened.touch(session, made.firm_id)
        return made

    def state_ownership(
        self, session: Session, right: IpRight, ownership: Ownership, document: str
    ) -> IpRight:
        """Put down whose a right is. Raises InvalidArgument, FailedPrecondition (RIGHT_LAPSED), Aborted."""
        findings = Findings()
        document = findings.text("document", document, most=300, required=True)
        findings.finish()
        if right.lapse_reason:
            raise FailedPrecondition(
                Text(f"“{right.title}”已失效", f"{right.title!r} has lapsed"), reason="RIGHT_LAPSED"
            )
        if not store.state_ownership(session, right, ownership, document):
            raise Aborted(Text("该权利已被他人更改", "the right was changed by somebody else"))
        screened.touch(session, right.firm_id)
        return self.right(session, right.firm_id, right.id)

    def lapse(self, session: Session, right: IpRight, reason: str) -> IpRight:
        """Record that a right lapsed. Raises InvalidArgument, FailedPrecondition (RIGHT_PLEDGED), Aborted."""
        findings = Findings()
        reason = findings.text("reason", reason, most=2000, required=True)
        findings.finish()
        store.lock_rights(session, [right.id])
        current = self.right(session, right.firm_id, right.id)
        require_lapsable(current)
        if not store.lapse(session, current, reason):
            raise Aborted(Text("该权利已被他人更改", "the right was changed by somebody else"))
        screened.touch(session, right.firm_id)
        return self.right(session, right.firm_id, right.id)

    def pledge(self, session: Session, firm_id: str, id_: str) -> Pledge:
        """One pledge with its history. Raises NotFound."""
        found = session.get(Pledge, id_)
        if found is None or found.firm_id != firm_id:
            raise NotFound.resource(f"firms/{firm_id}/pledges/{id_}")
        store.load_steps(session, [found])
        return found

    def draft(self, session: Session, made: Pledge, document: str, actor: str) -> Pledge:
        """Draft a pledge. Raises what `draft` does, and NotFound for a right that the firm does not have."""
        draft(made, self._rights(session, made), normal(document), actor)
        store.save_pledge(session, made)
        self._tell(session, made, actor)
        return made

    def move(
        self,
        session: Session,
        pledge: Pledge,
        target: PledgeState,
        *,
        effective: date,
        document: str,
        actor: str,
        registration: str = "",
    ) -> Pledge:
        """Take a step of a pledge. Raises what `move` does."""
        store.lock_rights(session, pledge.right_ids)
        findings = Findings()
        needed = target is PledgeState.REGISTERED
        registration = findings.text("registration_number", registration, most=64, required=needed)
        findings.finish()
        rights = self._rights(session, pledge)
        move(
            pledge,
            target,
            rights,
            effective=effective,
            document=normal(document),
            actor=actor,
            at=self.clock.now(),
        )
        pledge.registration = registration or pledge.registration
        store.save_move(session, pledge)
        screened.touch(session, pledge.firm_id)
        self._tell(session, pledge, actor)
        return pledge

    def _rights(self, session: Session, pledge: Pledge) -> list[IpRight]:
        found = store.rights(session, pledge.firm_id, pledge.right_ids)
        missing = set(pledge.right_ids) - {each.id for each in found}
        if missing:
            raise NotFound.resource(f"firms/{pledge.firm_id}/ipRights/{min(missing)}")
        return found

    def _tell(self, session: Session, pledge: Pledge, actor: str) -> None:
        session.flush()
        state = events.pledge_event(pledge)
        self.journal.record(session, [Change(PLEDGES, pledge.id, pledge.version, state, actor)])


def firm_of(session: Session, id_: str) -> Firm:
    """The firm. Raises NotFound."""
    firm = session.get(Firm, id_)
    if firm is None:
        raise NotFound.resource(f"firms/{id_}")
    return firm
