"""What a command was asked of its answer, beside the format."""

from collections.abc import Sequence
from contextvars import ContextVar

FIELDS: ContextVar[Sequence[str]] = ContextVar("fields", default=())
"""The fields that are wanted; none: all."""
LEARNING: ContextVar[bool] = ContextVar("learning", default=False)
"""Whether nothing is wanted but to know the fields."""


class Learnt(BaseException):
    """The fields of an answer, in place of the answer: whatever shows failures to people lets it pass."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__()
        self.fields = fields
