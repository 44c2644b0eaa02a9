"""A catalogue of an earlier edition, and today's, which says what became of its directions."""

from dataclasses import replace

from services.catalogue import Catalogue, load
from services.catalogue.succession import Edition, Succession

NOW = load()
RENAMED = "seawater-h2"
MERGED, SPLIT = [leaf.code for leaf in NOW.leaves_of("hydrogen") if leaf.code != RENAMED][3:5]
OTHER = NOW.leaves_of("hydrogen")[-1].code
EDITION = Edition(
    NOW.version,
    {
        "marine-h2": ((RENAMED, 1000),),
        "merged-a": ((MERGED, 1000),),
        "merged-b": ((MERGED, 1000),),
        "broad-h2": ((SPLIT, 600), (OTHER, 400)),
    },
)
TODAY = replace(NOW, succession=Succession((EDITION,)))


def earlier() -> Catalogue:
    """The catalogue before: the same but for these directions."""
    named = {RENAMED: ("marine-h2",), MERGED: ("merged-a", "merged-b"), SPLIT: ("broad-h2",), OTHER: ()}
    industries = []
    for industry in NOW.industries:
        directions = [
            replace(each, id=code, parent=None if each.parent in named else each.parent)
            for each in industry.directions
            for code in named.get(each.id, (each.id,))
        ]
        industries.append(replace(industry, directions=tuple(directions)))
    return replace(NOW, version="before", industries=tuple(industries))
