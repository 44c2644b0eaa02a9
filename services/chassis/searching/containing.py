"""Texts that hold a piece of text, whatever characters it has."""

from sqlalchemy import ColumnElement

_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def holds(text: ColumnElement[str], piece: str) -> ColumnElement[bool]:
    """The condition that a text holds this piece, which may have signs that LIKE reads."""
    return text.like(f"%{piece.translate(_ESCAPED)}%", escape="\\")
