"""Use cases of mandates: proposing a revision, and deciding on it."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate, with_published_limits
from services.funding.domain.fund.mandate_revision import Decision, Revision, decide, propose
from services.funding.store.funds import mandates
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import NotFound


@dataclass(frozen=True)
class Mandates:
    """The use cases. Screenings follow an approved revision at the turn to its first day."""

    catalogue: Catalogue
    clock: Clock

    def propose(self, session: Session, fund: Fund, rules: Mandate, reason: str, actor: str) -> Revision:
        """A new revision of these rules, numbered and with its directions written out. Raises InvalidArgument."""
        mandates.lock_fund(session, fund.id)
        numbered = replace(
            rules, fund=fund.id, revision=mandates.next_revision(session, fund.id), leaves=self._leaves(rules)
        )
        at = self.clock.now()
        proposed = propose(
            with_published_limits(numbered), proposer=actor, at=at, reason=reason, today=civil_date(at)
        )
        mandates.save_proposal(session, proposed)
        return proposed

    def decide(
        self, session: Session, fund: Fund, number: int, actor: str, document: str, *, approve: bool
    ) -> Revision:
        """Approve or reject. Raises NotFound, and what `decide` objects to."""
        mandates.lock_fund(session, fund.id)
        revision = mandates.revision(session, fund.id, number)
        if revision is None:
            raise NotFound.resource(f"funds/{fund.id}/mandates/{number}")
        decision = decide(revision, Decision(approve, actor, self.clock.now(), document))
        mandates.save_decision(session, revision, decision)
        return replace(revision, decision=decision)

    def _leaves(self, rules: Mandate) -> tuple[str, ...]:
        scope = rules.industries or tuple(each.id for each in self.catalogue.industries)
        return tuple(sorted(leaf.code for each in scope for leaf in self.catalogue.leaves_of(each)))
