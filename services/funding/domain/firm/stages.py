"""Stages of a firm (企业阶段)."""

from enum import StrEnum

from services.kernel.text import Text


class Stage(StrEnum):
    """How far a firm has come, from no product to growth."""

    SEED = "SEED"
    STARTUP = "STARTUP"
    EARLY_GROWTH = "EARLY_GROWTH"
    GROWTH = "GROWTH"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    Stage.SEED: Text("种子期", "seed"),
    Stage.STARTUP: Text("初创期", "start-up"),
    Stage.EARLY_GROWTH: Text("早期成长", "early growth"),
    Stage.GROWTH: Text("成长期", "growth"),
}
