"""Who may act: on a deal, for a fund, for a firm. The same reach as for looking, by the roles of the act."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from services.chassis import policy
from services.chassis.identity.identity import Reach
from services.chassis.rpc.call import Call
from services.funding.domain.deal import recusal
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.step import Actor
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.rpc.firms.seeing_firms import FirmSight, invests
from services.funding.rpc.seeing import OUTSIDERS, Sight, denied
from services.funding.service.deals.deals import actor_of
from services.funding.store import repository
from services.kernel.errors import NotFound, PermissionDenied


def require_acting(session: Session, call: Call, roles: Sequence[str], id_: str) -> Deal:
    """The deal, for who may act on it: staff in one of `roles` for it, or its own firm or scout.

    Raises PermissionDenied, the same for a deal that is not there and after the same statements, and (RECUSED) as
    `require_free`; NotFound for who is granted everywhere.
    """
    sight, reach = Sight.of(call), call.principal.reach(_staff(roles), call.arrived)
    deal = session.get(Deal, id_)
    if not sight.is_party(session, id_, deal):
        fund = session.get(Fund, deal.fund_id if deal else id_)
        if fund is not None:
            policy.require_reach(reach, fund.city, fund=fund.id)
    if deal is None:
        raise _missing(reach, f"deals/{id_}")
    require_free(session, call, deal)
    repository.load_transitions(session, [deal])
    return deal


def require_free(session: Session, call: Call, deal: Deal) -> None:
    """Raise PermissionDenied (RECUSED) for who has an interest in the firm of a deal, unless they act for the firm."""
    if deal.id in Sight.of(call).recused(session):
        raise recusal.refusal()


def open_to_act(session: Session, call: Call, id_: str) -> Deal:
    """A deal whose file the caller may read and add to. Raises as `Sight.open` and `require_free`."""
    sight = Sight.of(call)
    require_free(session, call, sight.find(session, id_))
    return sight.open(session, id_)


def require_fund(session: Session, call: Call, roles: Iterable[str], id_: str) -> Fund:
    """The fund, for who holds one of `roles` for it. Raises as `require_acting`."""
    reach, fund = call.principal.reach(_staff(roles), call.arrived), session.get(Fund, id_)
    if fund is None:
        raise _missing(reach, f"funds/{id_}")
    policy.require_reach(reach, fund.city, fund=id_)
    return fund


def require_firm(session: Session, call: Call, roles: Iterable[str], firm: Firm) -> None:
    """Raise PermissionDenied unless one of `roles` is held for the firm itself: its city, or this firm; and (RECUSED)
    for who has an interest in it.
    """
    if not call.principal.reach(roles, call.arrived).covers(firm.city, firm=firm.id):
        raise denied()
    FirmSight(call).require_free(session, firm)


def require_records(session: Session, call: Call, roles: Iterable[str], firm: Firm) -> None:
    """Raise PermissionDenied unless one of `roles` is held for what is on record beside the firm: for the firm
    itself, or for a fund, by itself or by its city, with a deal of the firm that is not given up; and (RECUSED) for
    who has an interest in the firm.
    """
    reach = call.principal.reach(roles, call.arrived)
    if not (reach.covers(firm.city, firm=firm.id) or invests(session, reach, firm)):
        raise denied()
    FirmSight(call).require_free(session, firm)


def actor_on(session: Session, call: Call, deal: Deal) -> Actor:
    """The caller, in the capacities of the roles that they hold for this deal."""
    city = session.get_one(Fund, deal.fund_id).city
    held = call.principal.roles_at(call.arrived, city, fund=deal.fund_id, firm=deal.firm_id)
    outside = {grant.role for grant in call.principal.live_grants(call.arrived) if not grant.scope}
    return actor_of(call.principal.subject, held | (outside & set(OUTSIDERS)))


def _staff(roles: Iterable[str]) -> list[str]:
    return [role for role in roles if role not in OUTSIDERS]


def _missing(reach: Reach, name: str) -> NotFound | PermissionDenied:
    return NotFound.resource(name) if reach.cities is None else denied()
