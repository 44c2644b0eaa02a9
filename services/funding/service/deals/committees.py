"""Committees and their sittings: set up, seated, called, planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.funding.domain.committee.committee import Committee, Seat, Tier, set_up
from services.funding.domain.committee.sitting import Sitting, call_sitting
from services.funding.domain.deal.deal import Deal
from services.funding.store.deals import committees
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Committees:
    """The use cases of committees and sittings."""

    clock: Clock
    ids: Ids

    def set_up(self, session: Session, fund_id: str, tier: Tier, seats: Iterable[Seat]) -> Committee:
        """A committee. Raises InvalidArgument, and AlreadyExists if the fund has one of this tier."""
        known = committees.committee_of(session, fund_id, tier)
        if known is not None:
            raise AlreadyExists(
                Text(f"该基金已有{tier.label.zh}", f"the fund has an {tier.label.en}"),
                reason="COMMITTEE_EXISTS",
                metadata={"resource": f"committees/{known.id}"},
            )
        made = set_up(id=self.ids.new(), fund_id=fund_id, tier=tier, seats=seats, at=self.clock.now())
        session.add(made)
        session.flush()
        return made

    def call(
        self,
        session: Session,
        committee: Committee,
        sits_at: datetime,
        deals: Sequence[str],
        seats: Iterable[Seat],
    ) -> Sitting:
        """A sitting. Raises InvalidArgument for a deal that is not there or is of another fund."""
        require_of_fund(session, deals, committee)
        made = call_sitting(
            id=self.ids.new(),
            committee=committee,
            sits_at=sits_at,
            deals=deals,
            seats=seats,
            at=self.clock.now(),
        )
        session.add(made)
        session.flush()
        return made

    def replan(
        self,
        session: Session,
        sitting: Sitting,
        sits_at: datetime,
        deals: Sequence[str],
        seats: Iterable[Seat],
    ) -> None:
        """Change a sitting. Raises InvalidArgument, FailedPrecondition for what a vote has fixed."""
        committee = session.get_one(Committee, sitting.committee_id)
        require_of_fund(session, deals, committee)
        sitting.replan(
            committee=committee,
            sits_at=sits_at,
            deals=deals,
            seats=seats,
            voted={vote.deal_id for vote in committees.votes_of_sitting(session, sitting.id)},
            at=self.clock.now(),
        )
        session.flush()


def require_of_fund(session: Session, deals: Sequence[str], committee: Committee) -> None:
    """Raise InvalidArgument (DEAL_OF_ANOTHER_FUND) unless all deals are of the committee's fund."""
    for number, id_ in enumerate(deals):
        deal = session.get(Deal, id_)
        if deal is None or deal.fund_id != committee.fund_id:
            raise InvalidArgument.field(
                f"sitting.deals[{number}]",
                "DEAL_OF_ANOTHER_FUND",
                f"deals/{id_} 不是该委员会所属基金的项目",
                f"deals/{id_} is no deal of the committee's fund",
            )


def get_committee(session: Session, id_: str) -> Committee:
    """A committee. Raises NotFound."""
    found = session.get(Committee, id_)
    if found is None:
        raise NotFound.resource(f"committees/{id_}")
    return found


def get_sitting(session: Session, id_: str) -> Sitting:
    """A sitting. Raises NotFound."""
    found = session.get(Sitting, id_)
    if found is None:
        raise NotFound.resource(f"sittings/{id_}")
    return found
