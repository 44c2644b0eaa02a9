"""Which directions the text of an item belongs to, for those who allow it."""

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import pair_kind
from services.matcher.domain.placement import Placement, place


def placement_of(item: Item, codes: Codes) -> Placement:
    """Which directions the text of an item belongs to.

    Raises FailedPrecondition (CONSENT_MISSING) for a person, or a team of people, that allows no matching.
    """
    if item.kind in (ItemKind.PERSON, ItemKind.TEAM) and not item.purposes.intersection(
        pair_kind("person-direction").purposes
    ):
        zh, en = (
            "本人或团队成员未同意用于匹配，不作方向归类",
            "the person, or somebody in the team, has not allowed matching: the text is not placed",
        )
        raise FailedPrecondition(Text(zh, en), reason="CONSENT_MISSING")
    return place(codes.wording, item.text)
