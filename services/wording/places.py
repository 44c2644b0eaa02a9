"""What is said to whoever searches by a place that no record names (区、县、县级市)."""

from services.catalogue.catalogue import Catalogue
from services.catalogue.districts import cities_of
from services.kernel.text import Text


def part_of(catalogue: Catalogue, query: str) -> tuple[tuple[str, ...], Text] | None:
    """Ids of the cities of which the place searched for is a part, and that records go no further; None for
    anything else.
    """
    found = cities_of(query.strip(), catalogue.cities)
    if not found:
        return None
    names = [catalogue.city(each) for each in found]
    said = Text(
        f"“{query.strip()}”属于{'、'.join(each.short_zh for each in names)}；记录只写到设区市，请按设区市查找。",
        f"“{query.strip()}” is a part of {', '.join(each.pinyin for each in names)}; records name cities alone: "
        "search by the city.",
    )
    return found, said
