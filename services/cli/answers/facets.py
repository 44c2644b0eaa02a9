"""Counts of dimensions, as a line below a table."""

from collections.abc import Iterable

from bole.common.v1 import facet_pb2
from services.cli.answers import wording
from services.cli.session import Session
from services.wording import codes

_FACET_VALUES = 8


def note_facets(session: Session, facets: Iterable[facet_pb2.Facet]) -> None:
    """The most frequent values of each dimension; a small count is not told."""
    for facet in (each for each in facets if each.values):
        shown = [
            f"{wording.facet(facet.field, each.value, session.language)} "
            f"{each.count if each.HasField('count') else '<5'}"
            for each in facet.values[:_FACET_VALUES]
        ]
        more = len(facet.values) - _FACET_VALUES
        named = codes.FACETS[facet.field].to(session.language)
        session.output.note(f"{named}: {' · '.join(shown)}{f' · +{more}' if more > 0 else ''}")
