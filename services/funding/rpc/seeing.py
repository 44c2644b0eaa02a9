"""Which deals and funds a caller sees, and how much of each: one answer for every method that shows them.

Staff see the deals of the cities and funds they are granted, and of one whose firm they have an interest in the card.
Members of committees see the public card, which
is the fields of level PUBLIC, until they have declared that they have no interest. Firms and scouts see the
card of the deals they are a party to; who speaks for one firm by grant, of all its deals. Who may not see a
record is told the same whether or not it exists, after the same statements: what would be looked up of a record
that is there is looked up of one that is not, so that the time does not tell either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from services.chassis import policy
from services.chassis.identity.identity import Reach
from services.chassis.policy import Clearance, Level
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.funding.domain.deal import recusal
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import Standing
from services.funding.domain.deal.parties import Capacity
from services.funding.domain.fund.fund import Fund
from services.funding.service.deals.interests import all_but, firms_closed_to, recusals_of, standings
from services.funding.store import repository, schema
from services.funding.store.deals import interests
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
SPEAKER = "firm_representative"
OUTSIDERS = {"firm_representative": Capacity.REPRESENTATIVE, "partner_scout": Capacity.SCOUT}
_NOWHERE = "-"
_CARD = Clearance(Level.PUBLIC)
_redactor = Redactor()
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Sight:
    """What one caller may see of deals. `firms`: ids of those that the caller speaks for by grant."""

    subject: str
    staff: Reach
    member: Reach
    outside: frozenset[Capacity]
    firms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, call: Call) -> "Sight":
        """By the caller's live grants."""
        principal, now = call.principal, call.arrived
        roles = {grant.role for grant in principal.live_grants(now) if not grant.scope}
        return cls(
            principal.subject,
            principal.reach(STAFF, now),
            principal.reach((MEMBER,), now),
            frozenset(OUTSIDERS[role] for role in roles & set(OUTSIDERS)),
            principal.reach((SPEAKER,), now).firms,
        )

    @property
    def everywhere(self) -> bool:
        """Whether every deal there is is at least known to the caller."""
        return self.staff.cities is None or self.member.cities is None

    def find(self, session: Session, id_: str) -> Deal:
        """A deal with its history, of which the caller sees the card at least.

        Raises PermissionDenied, the same for a deal that is not there; NotFound for who sees all there are.
        """
        deal = session.get(Deal, id_)
        seen = self._sees_card(session, id_, deal)
        if deal is None:
            raise self.missing(f"deals/{id_}")
        if not seen:
            raise denied()
        repository.load_transitions(session, [deal])
        return deal

    def open(self, session: Session, id_: str) -> Deal:
        """A deal whose file the caller may read. Raises as `find`, and PermissionDenied (RECUSED, COI_UNDECLARED)."""
        deal = self.find(session, id_)
        if not self.reads(session, deal):
            raise recusal.closed(deal.id) if deal.id in self.recused(session) else undeclared()
        return deal

    def reads(self, session: Session, deal: Deal) -> bool:
        """Whether the caller may read more than the card."""
        city, fund = session.get_one(Fund, deal.fund_id).city, deal.fund_id
        if deal.id in self.recused(session):
            return False
        return self.staff.covers(city, fund=fund) or (
            self.member.covers(city, fund=fund) and self.is_clear(session, deal)
        )

    def recused(self, session: Session) -> frozenset[str]:
        """Ids of the deals that are closed to the caller for an interest; not those to which they are a party."""
        found = recusals_of(session, self.subject)
        return frozenset(id_ for id_ in found if not self.is_party(session, id_, session.get(Deal, id_)))

    def recused_firms(self, session: Session) -> frozenset[str]:
        """Ids of the firms that are closed to the caller for an interest; not those that they speak for."""
        return firms_closed_to(session, self.subject) - self.firms

    def is_clear(self, session: Session, deal: Deal) -> bool:
        """Whether the caller has declared no interest in the firm, and nothing is known against that."""
        return standings(session, [deal])[deal.id].get(self.subject) is Standing.CLEAR

    def shown(self, session: Session, deal: Deal, message: M) -> M:
        """The message, or its card."""
        return message if self.reads(session, deal) else card(message)

    @property
    def outsider(self) -> bool:
        """Whether the caller sees cards of own deals alone."""
        return not self.staff and not self.member

    def rows(self, session: Session) -> ColumnElement[bool]:
        """The deals that a list shows: the file of each is open to the caller, or it is the outsider's own."""
        closed = self.recused(session)
        shown = self._granted(session)
        return and_(shown, schema.deal.c.id.not_in(closed)) if closed else shown

    def _granted(self, session: Session) -> ColumnElement[bool]:
        table = schema.deal
        if self.staff.cities is None:
            return table.c.id.is_not(None)
        shown: list[ColumnElement[bool]] = []
        if self.staff:
            shown.append(table.c.fund_id.in_(select(schema.fund.c.id).where(funds_within(self.staff))))
        if self.member:
            shown.append(table.c.id.in_(self._clear(session)))
        if self.outsider and self.outside:
            party = schema.deal_party
            own = select(party.c.deal_id).where(
                party.c.subject == self.subject, party.c.capacity.in_([each.name for each in self.outside])
            )
            shown.append(table.c.id.in_(own))
        if self.outsider and self.firms:
            shown.append(table.c.firm_id.in_(self.firms))
        return or_(*shown) if shown else false()

    def fund(self, session: Session, id_: str) -> Fund:
        """A fund that the caller sees. Raises PermissionDenied and NotFound as `find`."""
        fund = session.get(Fund, id_)
        if fund is None:
            raise self.missing(f"funds/{id_}")
        if not self.knows(fund):
            raise denied()
        return fund

    def knows(self, fund: Fund) -> bool:
        """Whether the caller sees the fund."""
        return any(reach.covers(fund.city, fund=fund.id) for reach in (self.staff, self.member))

    def funds(self) -> ColumnElement[bool]:
        """The funds that a list shows."""
        return or_(funds_within(self.staff), funds_within(self.member))

    def of_fund(self, session: Session, fund_id: str) -> frozenset[str] | None:
        """The deals of a fund whose file is open to the caller; None for all of them. Raises as `fund`."""
        if not self.as_staff(session, fund_id):
            return frozenset(self._clear(session))
        return all_but(session, fund_id, self.recused(session))

    def as_staff(self, session: Session, fund_id: str) -> bool:
        """Whether the caller sees a fund as its staff, and not as a member. Raises as `fund`."""
        return self.staff.covers(self.fund(session, fund_id).city, fund=fund_id)

    def whole_funds(self, session: Session, ids: Sequence[str]) -> list[str]:
        """These funds, for who may read all of each; without any named, all that the caller reads in whole.

        Raises as `fund`, and PermissionDenied for a fund of which the caller sees single deals alone.
        """
        table = schema.fund
        if not self.staff:
            raise denied()
        if not ids:
            return list(
                session.scalars(select(table.c.id).where(funds_within(self.staff)).order_by(table.c.id))
            )
        for id_ in ids:
            if not self.staff.covers(self.fund(session, id_).city, fund=id_):
                raise denied()
        return list(ids)

    def missing(self, name: str) -> NotFound | PermissionDenied:
        """The error for a record that is not there."""
        return NotFound.resource(name) if self.everywhere else denied()

    def clear_firms(self, session: Session) -> frozenset[str]:
        """Ids of firms of which a member may read more than the card.

        One clear declaration opens the firm; one recusal, or a contradiction on any deal of it, closes it.
        """
        opened, closed = set[str](), set[str]()
        for deal, standing in self._declared(session):
            if standing is Standing.CLEAR and self._is_members(session, deal):
                opened.add(deal.firm_id)
            elif standing in (Standing.RECUSED, Standing.CONTRADICTED):
                closed.add(deal.firm_id)
        return frozenset(opened - closed)

    def _clear(self, session: Session) -> list[str]:
        return [
            deal.id
            for deal, standing in self._declared(session)
            if standing is Standing.CLEAR and self._is_members(session, deal)
        ]

    def _declared(self, session: Session) -> list[tuple[Deal, Standing]]:
        ids = interests.deals_declared_by(session, self.subject)
        deals = session.scalars(select(Deal).where(schema.deal.c.id.in_(ids))).all()
        found = standings(session, deals)
        return [(deal, found[deal.id][self.subject]) for deal in deals]

    def _is_members(self, session: Session, deal: Deal) -> bool:
        return self.member.covers(session.get_one(Fund, deal.fund_id).city, fund=deal.fund_id)

    def _sees_card(self, session: Session, id_: str, deal: Deal | None) -> bool:
        fund = session.get(Fund, deal.fund_id if deal else id_)
        return (fund is not None and self.knows(fund)) or self.is_party(session, id_, deal)

    def is_party(self, session: Session, id_: str, deal: Deal | None) -> bool:
        """Whether the caller speaks for the firm of this deal or recommended it, in a role that they hold."""
        if deal is not None and deal.firm_id in self.firms:
            return True
        found = interests.parties(session, [id_]).get(id_)
        pairs = found.pairs() if found else ()
        return any(subject == self.subject and capacity in self.outside for capacity, subject in pairs)


def funds_within(reach: Reach) -> ColumnElement[bool]:
    """The funds of a reach."""
    table = schema.fund
    if reach.cities is None:
        return true()
    return or_(table.c.city.in_(reach.cities), table.c.id.in_(reach.funds))


def card(message: M) -> M:
    """What of a message anybody with an account may see."""
    return _redactor.redact(message, _CARD).message


def denied() -> PermissionDenied:
    """The error for a record outside what is granted, the same whether or not it exists."""
    try:
        policy.require_granted(frozenset(), _NOWHERE)
    except PermissionDenied as error:
        return error
    raise AssertionError("nothing was granted")


def undeclared() -> PermissionDenied:
    """The error for a member who has yet to declare, or is recused."""
    return PermissionDenied(
        Text(
            "声明无利益冲突之前只能查看公开信息，请先声明",
            "only the public card is shown before you have declared that you have no interest",
        ),
        reason="COI_UNDECLARED",
    )
