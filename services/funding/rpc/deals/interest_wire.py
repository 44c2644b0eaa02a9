"""Between the contract of interests and the domain."""

from collections.abc import Iterable
from typing import Any

from bole.funding.v1 import interest_pb2 as wire
from services.chassis.rpc.wire import instant_to_wire
from services.funding.domain.deal.interest import InterestKind, KnownLink
from services.funding.service.deals.interests import Judged
from services.funding.service.firms.firm_interests import FirmInterest
from services.kernel.errors import InvalidArgument


def kinds_of(kinds: Iterable[Any]) -> list[InterestKind]:
    """The kinds that a request names."""
    return [kind_of(each) for each in kinds]


def kind_of(kind: Any) -> InterestKind:
    """One kind. Raises InvalidArgument for an unspecified one."""
    name = wire.InterestKind.Name(kind).removeprefix("INTEREST_KIND_")
    if name not in InterestKind.__members__:
        raise InvalidArgument.field("kinds", "REQUIRED", "请选择利益关系类型", "choose a kind of interest")
    return InterestKind[name]


def interest_to_wire(each: Judged, texts: dict[str, tuple[str, str]]) -> wire.InterestDeclaration:
    """A declaration; its words unless they were erased."""
    made = each.declaration
    return wire.InterestDeclaration(
        name=f"deals/{made.deal_id}/interests/{made.number}",
        number=made.number,
        member=made.member,
        kinds=[f"INTEREST_KIND_{kind.name}" for kind in made.kinds],
        text=texts.get(made.commitment, ("", ""))[1],
        declare_time=instant_to_wire(made.at),
        state=f"STATE_{each.standing.name}",
        contradictions=[link_to_wire(link) for link in each.against],
        resolution=each.resolution.reason if each.resolution else "",
    )


def link_to_wire(link: KnownLink) -> wire.KnownLink:
    """A known tie."""
    return wire.KnownLink(
        name=f"firms/{link.firm_id}/links/{link.id}" if link.id else "",
        firm=f"firms/{link.firm_id}",
        member=link.member,
        kind=f"INTEREST_KIND_{link.kind.name}",
        source=link.source,
        actor=link.actor,
        create_time=instant_to_wire(link.at),
    )


def firm_interest_to_wire(each: FirmInterest) -> wire.FirmInterest:
    """Somebody's interest in a firm."""
    return wire.FirmInterest(
        member=each.member,
        kind=f"INTEREST_KIND_{each.kind.name}",
        declared=each.declared,
        source=each.source,
        create_time=instant_to_wire(each.at),
        effects=[
            wire.QuorumEffect(
                deal=f"deals/{effect.deal_id}",
                committee=f"committees/{effect.committee_id}",
                member_count=effect.members,
                eligible_count=effect.eligible,
                quorum_needed=effect.quorum,
                quorum_possible=effect.possible,
            )
            for effect in each.effects
        ],
    )
