"""Which firms a caller reads, and how much: one answer for figures, reports, rounds, rights, loans and people.

Records of firms are shared by the staff of all cities. Who is granted a single fund reads the firms of its
deals; who speaks for a firm reads that one; a member of a committee reads a firm once they have declared that
they have no interest in it, and its card before. The talent office sees cards alone, as does of a firm whoever has an
interest in it and does not speak for it.
"""

from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from services.chassis.identity.identity import Reach
from services.chassis.rpc.call import Call
from services.funding.domain.deal import recusal
from services.funding.domain.firm.firm import Firm
from services.funding.rpc.seeing import MEMBER, STAFF, Sight, card, denied, undeclared
from services.funding.rpc.wire import id_of
from services.funding.service.deals.cases import GIVEN_UP
from services.funding.service.deals.interests import declared_on
from services.funding.store import schema
from services.kernel.errors import NotFound, PermissionDenied

_OFFICE = "talent_officer"
M = TypeVar("M", bound=Message)


class FirmSight:
    """What one caller may see of firms."""

    def __init__(self, call: Call) -> None:
        principal, now = call.principal, call.arrived
        self._sight = Sight.of(call)
        self._staff = principal.reach(STAFF, now)
        self._office = bool(principal.reach((_OFFICE,), now))
        self._member = bool(principal.reach((MEMBER,), now))
        self._shared = self._staff.cities is None or bool(self._staff.cities)

    @property
    def cards_alone(self) -> bool:
        """Whether a list shows the caller the card of every firm, and more of none."""
        return self._office and not (self._staff or self._member or self._sight.firms)

    def find(self, session: Session, name: str, field: str = "name") -> Firm:
        """A firm of which the caller sees the card at least.

        Raises InvalidArgument for no name of a firm; PermissionDenied, the same for a firm that is not there,
        or NotFound for who sees all cards.
        """
        id_ = id_of(name, "firms", field=field)
        firm = session.get(Firm, id_)
        seen = self._member or self._office or self._granted(session, id_, firm)
        if firm is None:
            raise self._missing(name)
        if not seen:
            raise denied()
        return firm

    def open(self, session: Session, name: str, field: str = "name") -> Firm:
        """A firm whose records the caller may read. Raises as `find` and `require_free`, and PermissionDenied
        (COI_UNDECLARED).
        """
        firm = self.find(session, name, field)
        self.require_free(session, firm)
        if not self.reads(session, firm):
            raise undeclared()
        return firm

    def require_free(self, session: Session, firm: Firm) -> None:
        """Raise PermissionDenied (RECUSED) for who has an interest in the firm and does not speak for it."""
        if firm.id in self._sight.recused_firms(session):
            raise recusal.closed(declared_on(session, self._sight.subject, firm.id))

    def reads(self, session: Session, firm: Firm) -> bool:
        """Whether the caller may read more of the firm than its card."""
        return firm.id not in self._sight.recused_firms(session) and self._granted(session, firm.id, firm)

    def _granted(self, session: Session, id_: str, firm: Firm | None) -> bool:
        """The same is looked up of a firm that is not there."""
        if self._shared or id_ in self._sight.firms or reaches(session, self._staff, id_, firm):
            return True
        return self._member and id_ in self._sight.clear_firms(session)

    def shown(self, session: Session, firm: Firm, message: M) -> M:
        """The message, or its card."""
        return message if self.reads(session, firm) else card(message)

    def rows(self, session: Session, column: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
        """What a list leaves out, by its column of the firm's id."""
        if self.cards_alone:
            return ()
        closed = self._sight.recused_firms(session)
        free = (column.not_in(closed),) if closed else ()
        if self._shared:
            return free
        shown: list[ColumnElement[bool]] = [column.in_(self._sight.firms | self._staff.firms)]
        if self._staff.funds:
            shown.append(column.in_(_of_funds(self._staff.funds)))
        if self._member:
            shown.append(column.in_(self._sight.clear_firms(session)))
        return (or_(false(), *shown), *free)

    def _missing(self, name: str) -> NotFound | PermissionDenied:
        return NotFound.resource(name) if self._shared or self._member or self._office else denied()


def reaches(session: Session, reach: Reach, id_: str, firm: Firm | None) -> bool:
    """Whether a firm is within a reach: by its city, by itself, or by a deal of one of the funds."""
    if firm is not None and reach.covers(firm.city, firm=id_):
        return True
    if not reach.funds:
        return False
    table = schema.deal
    found = exists().where(table.c.firm_id == id_, table.c.fund_id.in_(reach.funds))
    return bool(session.scalar(select(found)))


def invests(session: Session, reach: Reach, firm: Firm) -> bool:
    """Whether a fund within a reach has a deal of the firm, or of one that it stands for, that is not given up."""
    deal, fund, home = schema.deal.c, schema.fund.c, schema.firm.alias("home")
    within = true() if reach.cities is None else or_(fund.id.in_(reach.funds), fund.city.in_(reach.cities))
    found = (
        exists()
        .where(home.c.id == deal.firm_id, func.coalesce(home.c.merged_into, home.c.id) == firm.id)
        .where(fund.id == deal.fund_id, within, deal.state.not_in(GIVEN_UP))
    )
    return bool(session.scalar(select(found)))


def _of_funds(funds: frozenset[str]) -> Select[Any]:
    return select(schema.deal.c.firm_id).where(schema.deal.c.fund_id.in_(funds))
