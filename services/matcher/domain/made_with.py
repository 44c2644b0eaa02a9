"""What scores were made with, as one string that lists, snapshots and runs keep: an encoder, an edition, weights."""

import re
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(r"(?P<encoder>.*)\.(?P<edition>[0-9]+)(\+(?P<weights>[0-9a-f]{16}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MadeWith:
    """`encoder`: its version; `edition` of the features and gates; `weights`: sixteen hexadecimal digits of what was
    learnt, empty where all weights are those set by hand.
    """

    encoder: str
    edition: str
    weights: str = ""

    @classmethod
    def of(cls, written: str) -> Self:
        """Read back what `str` wrote; of anything else all of it as the encoder."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            return cls(written, "")
        return cls(found["encoder"], found["edition"], found["weights"] or "")

    def __str__(self) -> str:
        """`encoder.edition`, and `+weights` where some were learnt."""
        by_hand = f"{self.encoder}.{self.edition}"
        return f"{by_hand}+{self.weights}" if self.weights else by_hand
