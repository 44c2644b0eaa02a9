"""Which deals a caller sees, and how much of each: one answer for every method that shows deals.

Staff see the deals of the cities they are granted. Members of committees see the public card, which is the
fields of level PUBLIC, until they have declared that they have no interest. Firms and scouts see the card of
the deals they are a party to. Who may not see a deal is told the same whether or not it exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from services.chassis import policy
from services.chassis.policy import Clearance, Level
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.parties import Capacity
from services.funding.domain.fund import Fund
from services.funding.domain.interest import Standing
from services.funding.service.interests import standings
from services.funding.store import interests, repository, schema
from services.kernel.errors import NotFound, PermissionDenied
from services.kernel.text import Text

STAFF = (
    "fund_manager",
    "fund_analyst",
    "committee_secretary",
    "legal",
    "finance",
    "supervisor",
    "auditor",
    "service",
)
MEMBER = "committee_member"
OUTSIDERS = {"firm_representative": Capacity.REPRESENTATIVE, "partner_scout": Capacity.SCOUT}
_NOWHERE = "-"
_CARD = Clearance(Level.PUBLIC)
_redactor = Redactor()
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Sight:
    """What one caller may see of deals. `staff`, `member`: cities, None for the province."""

    subject: str
    staff: frozenset[str] | None
    member: frozenset[str] | None
    outside: frozenset[Capacity]

    @classmethod
    def of(cls, call: Call) -> "Sight":
        """By the caller's live grants."""
        roles = {grant.role for grant in call.principal.live_grants(call.arrived)}
        return cls(
            call.principal.subject,
            call.principal.cities(STAFF, call.arrived),
            call.principal.cities((MEMBER,), call.arrived),
            frozenset(OUTSIDERS[role] for role in roles & set(OUTSIDERS)),
        )

    def find(self, session: Session, id_: str) -> Deal:
        """A deal with its history, of which the caller sees the card at least.

        Raises PermissionDenied, the same for a deal that is not there; NotFound for who sees all there are.
        """
        deal = session.get(Deal, id_)
        if deal is None:
            if self.staff is None or self.member is None:
                raise NotFound.resource(f"deals/{id_}")
            policy.require_granted(frozenset(), _NOWHERE)
            raise AssertionError("no city was granted")
        if not self._sees_card(session, deal):
            policy.require_granted(frozenset(), _NOWHERE)
        repository.load_transitions(session, [deal])
        return deal

    def open(self, session: Session, id_: str) -> Deal:
        """A deal whose file the caller may read. Raises as `find`, and PermissionDenied (COI_UNDECLARED)."""
        deal = self.find(session, id_)
        if not self.reads(session, deal):
            raise undeclared()
        return deal

    def reads(self, session: Session, deal: Deal) -> bool:
        """Whether the caller may read more than the card."""
        city = session.get_one(Fund, deal.fund_id).city
        return _within(self.staff, city) or (_within(self.member, city) and self.is_clear(session, deal))

    def is_clear(self, session: Session, deal: Deal) -> bool:
        """Whether the caller has declared no interest in the firm, and nothing is known against that."""
        return standings(session, [deal])[deal.id].get(self.subject) is Standing.CLEAR

    def shown(self, session: Session, deal: Deal, message: M) -> M:
        """The message, or its card."""
        return message if self.reads(session, deal) else _redactor.redact(message, _CARD).message

    @property
    def outsider(self) -> bool:
        """Whether the caller sees cards of own deals alone."""
        return self.staff == frozenset() and self.member == frozenset()

    def rows(self, session: Session) -> ColumnElement[bool]:
        """The deals that a list shows: the file of each is open to the caller, or it is the outsider's own."""
        table, fund = schema.deal, schema.fund
        if self.staff is None:
            return table.c.id.is_not(None)
        shown: list[ColumnElement[bool]] = []
        if self.staff:
            cities = select(fund.c.id).where(fund.c.city.in_(self.staff))
            shown.append(table.c.fund_id.in_(cities))
        if self.member is None or self.member:
            shown.append(table.c.id.in_(self._clear(session)))
        if self.outsider and self.outside:
            party = schema.deal_party
            own = select(party.c.deal_id).where(
                party.c.subject == self.subject, party.c.capacity.in_([each.name for each in self.outside])
            )
            shown.append(table.c.id.in_(own))
        return or_(*shown) if shown else false()

    def of_fund(self, session: Session, fund_id: str) -> frozenset[str] | None:
        """The deals of a fund whose file is open to the caller; None for all of them. Raises NotFound."""
        fund = session.get(Fund, fund_id)
        if fund is None:
            raise NotFound.resource(f"funds/{fund_id}")
        return None if _within(self.staff, fund.city) else frozenset(self._clear(session))

    def _clear(self, session: Session) -> Sequence[str]:
        ids = interests.deals_declared_by(session, self.subject)
        deals = session.scalars(select(Deal).where(schema.deal.c.id.in_(ids))).all()
        found = standings(session, deals)
        return [
            deal.id
            for deal in deals
            if found[deal.id].get(self.subject) is Standing.CLEAR
            and _within(self.member, session.get_one(Fund, deal.fund_id).city)
        ]

    def _sees_card(self, session: Session, deal: Deal) -> bool:
        city = session.get_one(Fund, deal.fund_id).city
        return _within(self.staff, city) or _within(self.member, city) or self.is_party(session, deal)

    def is_party(self, session: Session, deal: Deal) -> bool:
        """Whether the caller speaks for the firm or recommended it, in a role that they hold."""
        found = interests.parties(session, [deal.id]).get(deal.id)
        pairs = found.pairs() if found else ()
        return any(subject == self.subject and capacity in self.outside for capacity, subject in pairs)


def require_acting(session: Session, call: Call, roles: Sequence[str], id_: str) -> Deal:
    """The deal, for who may act on it: staff in one of `roles` for its city, or its own firm or scout.

    Raises PermissionDenied, the same for a deal that is not there; NotFound for who is granted everywhere.
    """
    sight, staff = Sight.of(call), [role for role in roles if role not in OUTSIDERS]
    cities = call.principal.cities(staff, call.arrived)
    deal = session.get(Deal, id_)
    if deal is None and cities is None:
        raise NotFound.resource(f"deals/{id_}")
    city = session.get_one(Fund, deal.fund_id).city if deal else _NOWHERE
    if deal is None or not sight.is_party(session, deal):
        policy.require_granted(cities, city)
    if deal is None:
        raise AssertionError("no city was granted")
    repository.load_transitions(session, [deal])
    return deal


def undeclared() -> PermissionDenied:
    """The error for a member who has yet to declare, or is recused."""
    return PermissionDenied(
        Text(
            "声明无利益冲突之前只能查看公开信息，请先声明",
            "only the public card is shown before you have declared that you have no interest",
        ),
        reason="COI_UNDECLARED",
    )


def _within(cities: frozenset[str] | None, city: str) -> bool:
    return cities is None or city in cities
