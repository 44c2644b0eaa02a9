"""Cities as offices write them in their tables: with the district or the county behind (南通市海门区)."""

import re

from services.catalogue.lookup import Vocabulary

_BELOW_A_CITY = re.compile(r"[\s·/-]*[\u4e00-\u9fff]{1,12}[区县市]")
_LONGEST = 40


def resolve(known: Vocabulary, text: str, place: str) -> str:
    """The id of the city that a cell names; a district, county or county-level city behind it is passed over.

    What stands behind alone (海门区) names no city. Raises as `Vocabulary.resolve`.
    """
    if known.find(text) is None and len(text) <= _LONGEST:
        heads = (text[:at] for at in range(len(text) - 2, 1, -1) if _BELOW_A_CITY.fullmatch(text[at:]))
        return known.resolve(next((head for head in heads if known.find(head)), text), place)
    return known.resolve(text, place)
