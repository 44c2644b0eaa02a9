"""Counts of one dimension on the wire."""

from collections.abc import Mapping

from bole.common.v1 import facet_pb2
from services.chassis.filtering.facets import shown

SMALL = 5
"""Counts of people below it are hidden."""


def facet_to_wire(field: str, counts: Mapping[str, int], least: int = SMALL) -> facet_pb2.Facet:
    """Values most frequent first; counts below `least` are hidden, and with them what the number of all that was found
    would give them away by.
    """
    told = shown(counts, least)
    return facet_pb2.Facet(
        field=field,
        values=[
            facet_pb2.Facet.Value(value=code, count=told[code])
            for code in sorted(counts, key=lambda code: (-counts[code], code))
        ],
    )
