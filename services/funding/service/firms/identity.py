"""Which firm a record is: people behind it, records that may be the same firm, and merges with an exact way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.deal.states import ACTIVE
from services.funding.domain.findings import Findings
from services.funding.domain.firm import firm as rules
from services.funding.domain.firm.alike import AlikeMethod, FirmTraits, Likeness, compare
from services.funding.domain.firm.firm import Firm, FirmStatus
from services.funding.domain.firm.firm_people import FirmPerson, examine_people
from services.funding.service.deals.recusals import Recusals
from services.funding.service.firms.firms import Firms
from services.funding.service.funds.lending import Lending
from services.funding.store import schema
from services.funding.store.deals import screened
from services.funding.store.firms import identity as store
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

METHOD = AlikeMethod()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one firm."""

    one: Firm
    other: Firm
    likeness: Likeness


@dataclass(frozen=True)
class Identity:
    """The use cases."""

    firms: Firms
    method: AlikeMethod = METHOD

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Names of places that names of firms begin with."""
        return self.firms.places

    def set_people(self, session: Session, firm: Firm, people: Sequence[FirmPerson], actor: str) -> None:
        """These people, and nobody else, are behind the firm. Raises InvalidArgument, FailedPrecondition."""
        at = self.firms.clock.now()
        clean = examine_people(people, civil_date(at))
        rules.touch(firm, at=at)
        store.save_people(session, firm.id, clean)
        self.firms.keep(session, [], [firm], actor, "")

    def duplicates_of(self, session: Session, firm: Firm, *, people: bool) -> list[Pair]:
        """Records that may be this firm, the likeliest first."""
        ids = store.sharing(session, firm.id, people=people)
        return self._judged(session, [(firm.id, id_) for id_ in ids], people=people)

    def all_duplicates(self, session: Session, *, people: bool) -> list[Pair]:
        """Pairs of records that may be one firm, the likeliest first."""
        return self._judged(session, store.pairs(session, people=people), people=people)

    def merge(self, session: Session, duplicate: Firm, survivor: Firm, reason: str, actor: str) -> None:
        """Let a record stand for another firm. Its deals, figures and versions stay with it.

        Raises what the domain raises, and FailedPrecondition (DEALS_COLLIDE) while both have an open deal of the same
        fund and round, or (HAS_MERGED) while other records stand for the duplicate.
        """
        findings = Findings()
        reason = findings.text("reason", reason, most=500, required=True)
        findings.finish()
        colliding = store.rounds_open_in_both(
            session, duplicate.id, survivor.id, [state.name for state in ACTIVE]
        )
        if colliding:
            listed = "、".join(f"deals/{a} 与 deals/{b}" for a, b in colliding[:5])
            raise FailedPrecondition(
                Text(
                    f"两家企业在同一基金同一轮次各有进行中的项目（{listed}），请先终止其一",
                    f"both have an open deal of the same fund and round ({listed}); end one of them first",
                ),
                reason="DEALS_COLLIDE",
            )
        if store.merged_into(session, duplicate.id):
            raise FailedPrecondition(
                Text(
                    "已有其他记录并入该企业，请先撤销或反向合并",
                    "other records are merged into this firm; take that back, or merge the other way round",
                ),
                reason="HAS_MERGED",
            )
        before = rules.merge(duplicate, survivor, at=self.firms.clock.now())
        self._act(session, duplicate, survivor.id, "MERGE", before, (reason, actor))
        said = Text(f"并入 firms/{duplicate.id}", f"firms/{duplicate.id} was merged into it")
        self._lending.settle(session, survivor.id, said, actor)

    def split(self, session: Session, duplicate: Firm, reason: str, actor: str) -> None:
        """Take a merge back exactly. Raises FailedPrecondition (FIRM_NOT_MERGED)."""
        findings = Findings()
        reason = findings.text("reason", reason, most=500, required=True)
        findings.finish()
        survivor = duplicate.merged_into or ""
        status = store.status_before(session, duplicate.id) if survivor else duplicate.status
        rules.split(duplicate, status, at=self.firms.clock.now())
        self._act(session, duplicate, survivor, "SPLIT", status, (reason, actor))
        for id_ in sorted((duplicate.id, survivor)):
            said = Text(f"firms/{duplicate.id} 撤销合并", f"firms/{duplicate.id} was split off again")
            self._lending.settle(session, id_, said, actor)

    @property
    def _lending(self) -> Lending:
        return Lending(self.firms.clock)

    def _act(
        self,
        session: Session,
        duplicate: Firm,
        survivor: str,
        act: str,
        status: FirmStatus,
        why_and_who: tuple[str, str],
    ) -> None:
        reason, actor = why_and_who
        store.save_act(
            session,
            id=self.firms.ids.new(),
            firm_id=duplicate.id,
            survivor_id=survivor,
            act=act,
            status_before=status,
            reason=reason,
            actor=actor,
            at=self.firms.clock.now(),
        )
        self.firms.keep(session, [], [duplicate], actor, "")
        screened.touch(session, survivor)
        Recusals(self.firms.journal).tell(session, [duplicate.id, survivor], actor)

    def _judged(self, session: Session, pairs: Iterable[tuple[str, str]], *, people: bool) -> list[Pair]:
        asked = list(pairs)
        ids = sorted({id_ for pair in asked for id_ in pair})
        firms: dict[str, Firm] = {}
        for some in chunks(ids):
            query = select(Firm).where(schema.firm.c.id.in_(some), schema.firm.c.merged_into.is_(None))
            firms |= {each.id: each for each in session.scalars(query)}
        behind = store.people_of(session, ids) if people else {}
        traits = {
            id_: FirmTraits(
                id_, each.uscc, each.name, each.founded, frozenset(one.name for one in behind.get(id_, ()))
            )
            for id_, each in firms.items()
        }
        found = [
            Pair(firms[a], firms[b], compare(traits[a], traits[b], self.places, self.method))
            for a, b in asked
            if a in firms and b in firms and firms[a].origin == firms[b].origin
        ]
        likely = [each for each in found if each.likeness.points >= self.method.possible]
        return sorted(likely, key=lambda each: (-each.likeness.points, each.one.id, each.other.id))
