"""Which directions the text of an item belongs to, for those who allow it, and of which a text is taken to be."""

from dataclasses import replace

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import WHOLE
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


def read(item: Item, codes: Codes) -> Item:
    """A text that states no direction, of those that its words speak for, as far as they do; of an industry evenly.

    So a text finds who is of its direction, whatever language it is in, as far as the vocabulary has words of that.
    """
    if item.leaves:
        return item
    shares: dict[str, int] = {}
    for each in place(codes.wording, item.text).shares:
        leaves = [leaf.code for leaf in codes.leaves if each.code in (leaf.code, leaf.industry)]
        for leaf in leaves:
            shares[leaf] = shares.get(leaf, 0) + int(each.share * WHOLE) // len(leaves)
    return replace(item, leaves=tuple((code, share) for code, share in shares.items() if share))
