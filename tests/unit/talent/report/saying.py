"""What a composed report says."""

from services.paper.document import Document, Table

REPORTED = ["funds", "matching", "governance"]
"""Of what other services report."""


def table(of: Document, key: str) -> Table:
    """One table."""
    return next(each for each in of.tables if each.key == key)


def said(of: Document, key: str) -> str:
    """The English of a section, and of its tables that have no rows."""
    section = next(each for each in of.sections if each.key == key)
    texts = [*section.paragraphs, *(each.empty for each in section.tables if not each.rows)]
    return " ".join(each.en for each in texts)
