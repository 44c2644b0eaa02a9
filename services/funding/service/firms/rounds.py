"""Financing rounds: recorded once for a firm's round, corrected by further revisions."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.round import RoundFacts, RoundRevision, examine_round, require_our_tickets
from services.funding.domain.fund.fund import Fund
from services.funding.store.firms import rounds
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import Aborted, AlreadyExists, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Rounds:
    """The use cases of rounds."""

    clock: Clock
    ids: Ids

    def get(self, session: Session, firm_id: str, id_: str) -> RoundRevision:
        """The round as it stands. Raises NotFound."""
        found = rounds.find(session, firm_id, id_)
        if found is None:
            raise NotFound.resource(f"firms/{firm_id}/rounds/{id_}")
        return found

    def create(self, session: Session, firm_id: str, facts: RoundFacts, actor: str) -> RoundRevision:
        """Record a round. Raises InvalidArgument, NotFound for firm or fund, AlreadyExists (ROUND_RECORDED), and
        FailedPrecondition where our funds signed other amounts.
        """
        if session.get(Firm, firm_id) is None:
            raise NotFound.resource(f"firms/{firm_id}")
        examined, at = self._examined(session, firm_id, facts), self.clock.now()
        standing = rounds.named(session, firm_id, examined.round_name)
        if standing is not None:
            raise AlreadyExists(
                Text(
                    "该企业本轮已登记，请改用更正", "this round of the firm is recorded; correct it instead"
                ),
                reason="ROUND_RECORDED",
                metadata={"resource": f"firms/{firm_id}/rounds/{standing.id}"},
            )
        made = RoundRevision(self.ids.new(), firm_id, 1, examined, actor, at, at)
        rounds.save(session, made)
        return made

    def correct(
        self, session: Session, standing: RoundRevision, facts: RoundFacts, actor: str
    ) -> RoundRevision:
        """A further revision. Raises as `create` does, and InvalidArgument for another name of the round."""
        if facts.round_name != standing.facts.round_name:
            raise InvalidArgument.field(
                "round",
                "FIELD_NOT_CHANGEABLE",
                "轮次名称登记后不可修改，请另行登记",
                "the name of a round cannot be changed; record another one",
            )
        examined = self._examined(session, standing.firm_id, facts)
        made = replace(
            standing, revision=standing.revision + 1, facts=examined, actor=actor, at=self.clock.now()
        )
        if not rounds.save(session, made):
            raise Aborted(
                Text(
                    "本轮已被他人更正，请重新读取", "the round was corrected by somebody else; read it again"
                ),
                reason="CONCURRENT_CHANGE",
            )
        return made

    def _examined(self, session: Session, firm_id: str, facts: RoundFacts) -> RoundFacts:
        examined = examine_round(facts, civil_date(self.clock.now()))
        for each in examined.participants:
            if each.fund_id is not None and session.get(Fund, each.fund_id) is None:
                raise NotFound.resource(f"funds/{each.fund_id}")
        require_our_tickets(examined, rounds.signed(session, firm_id, examined.round_name))
        return examined
