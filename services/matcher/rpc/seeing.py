"""Whom a caller may see among what is matched: the same as in the services that keep them.

People and teams are for who reads the talent library, firms for the staff of both sides, and a fund for those whose
role reaches it. Who does not see all funds is told the same of one that is not there. A firm in which somebody has an
interest is closed to them: it is left out of what is found and counted, and refused by its name. How much of a person
is shown is decided field by field, by the person's city.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from sqlalchemy.orm import Session

from services.chassis.identity.identity import Reach
from services.chassis.policy import Clearance, require_reach
from services.chassis.rpc.call import Call, current_call
from services.chassis.storage.db import Database
from services.kernel.errors import PermissionDenied
from services.kernel.text import Text
from services.matcher.corpus.population import Population
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain import recusal
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.score.block import Mask
from services.matcher.service.wanted import Eyes, all_but
from services.matcher.store import recusals
from services.wording.codes import ITEMS, roles_named

_LIBRARY = ("talent_officer", "talent_viewer", "auditor", "service")
_SPEAKER = "firm_representative"
_FUNDING = ("fund_manager", "fund_analyst", "auditor", "service")
SEERS: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.PERSON: _LIBRARY,
    ItemKind.TEAM: _LIBRARY,
    ItemKind.FIRM: ("talent_officer", *_FUNDING),
    ItemKind.FUND: _FUNDING,
}
"""Roles by what they see; what is not named is for everybody whom the contract lets call."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Which sorts of items a caller sees at all, and which funds. `closed`: ids of firms that are closed to the caller
    for an interest.
    """

    sorts: frozenset[ItemKind]
    funds: Reach
    closed: frozenset[str]

    @classmethod
    def now(cls, database: Database) -> "Sight":
        """Of who calls, in a transaction of its own."""
        call = current_call()
        with database.read() as session:
            return cls.of(call, closed_to(call, session))

    @classmethod
    def of(cls, call: Call, closed: frozenset[str]) -> "Sight":
        """By the live grants of the caller; partners see all, under pseudonyms. `closed`: as `closed_to`."""
        principal, now = call.principal, call.arrived
        if principal.kind == "partner":
            return EVERYTHING
        seen = frozenset(sort for sort in ItemKind if sort not in SEERS or principal.reach(SEERS[sort], now))
        return cls(seen, principal.reach(_FUNDING, now), closed)

    def shows(self, kind: PairKind) -> bool:
        """Whether both sides of a kind are of sorts that the caller sees."""
        return {kind.anchor, kind.candidate} <= self.sorts

    def eyes(self, sort: ItemKind, clearance: Clearance) -> Eyes:
        """How much the caller sees of items of a sort: the talent office sees cards of firms alone."""
        return Eyes(clearance, sort is not ItemKind.FIRM or bool(self.funds))

    def require(self, *sorts: ItemKind) -> None:
        """Raise PermissionDenied (ROLE_MISSING) unless the caller sees items of these sorts."""
        hidden = sorted(set(sorts) - self.sorts)
        if hidden:
            roles = list(dict.fromkeys(chain.from_iterable(SEERS[sort] for sort in hidden)))
            said, kinds = roles_named(roles), [ITEMS[sort.value] for sort in hidden]
            raise PermissionDenied(
                Text(
                    f"当前账号不能查看{'、'.join(each.zh for each in kinds)}（需要角色：{said.zh}）",
                    f"this account may not see {' or '.join(each.en for each in kinds)}: "
                    f"it needs one of the roles {said.en}",
                ),
                reason="ROLE_MISSING",
                metadata={"roles": ", ".join(roles)},
            )

    def require_item(self, space: MatchSpace, sort: ItemKind, id_: str) -> None:
        """Raise PermissionDenied: (CITY_NOT_GRANTED) for a fund out of reach, or for one that is not there; as
        `require_free`.
        """
        self.require_free(sort, id_)
        if sort is not ItemKind.FUND or self.funds.cities is None:
            return
        with space.lock:
            item = space.find(sort, id_)
        if item is None:
            require_reach(Reach(), "")
        else:
            require_reach(self.funds, item.city or "", fund=id_)

    def require_free(self, sort: ItemKind, id_: str) -> None:
        """Raise PermissionDenied (RECUSED) for a firm in which the caller has an interest."""
        if sort is ItemKind.FIRM and id_ in self.closed:
            raise recusal.closed(id_)

    def fund_names(self, space: MatchSpace) -> frozenset[str] | None:
        """Names of the funds that the caller sees; None for all."""
        if self.funds.cities is None:
            return None
        with space.lock:
            seen = [each.name for each in space.population(ItemKind.FUND).items if self._covers(each)]
        return frozenset((*seen, *(f"{ItemKind.FUND.collection}/{id_}" for id_ in self.funds.funds)))

    def _covers(self, fund: Item) -> bool:
        return self.funds.covers(fund.city or "", fund=fund.id)

    def rows(self, sort: ItemKind, population: Population) -> Mask | None:
        """The rows that the caller sees; None for all."""
        if sort is ItemKind.FIRM:
            return all_but(population, self.closed)
        if sort is not ItemKind.FUND or self.funds.cities is None:
            return None
        seen = (self._covers(item) for item in population.items)
        return np.fromiter(seen, np.bool_, population.size)


def closed_to(call: Call, session: Session) -> frozenset[str]:
    """Ids of the firms in which the caller has an interest, but for those that they speak for."""
    return unspoken(call, recusals.firms_closed_to(session, call.principal.subject))


def unspoken(call: Call, firms: frozenset[str]) -> frozenset[str]:
    """Those of the firms that the caller does not speak for."""
    return firms - call.principal.reach((_SPEAKER,), call.arrived).firms


EVERYTHING = Sight(frozenset(ItemKind), Reach(cities=None), frozenset())
