"""The error of a process that was configured wrongly: one line that names the key, and exit code 78."""

from collections.abc import Sequence

from services.kernel.errors import BoleError
from services.kernel.text import Text

EXIT_CONFIGURATION = 78
"""EX_CONFIG of sysexits.h: the exit code of a process whose configuration is wrong."""


class ConfigurationError(BoleError):
    """A setting, key file or database is wrong. `key` names it; `text` ends in the remedy."""

    default_reason = "CONFIGURATION"

    def __init__(self, key: str, zh: str, en: str) -> None:
        super().__init__(Text(f"{key}：{zh}", f"{key}: {en}"), metadata={"key": key})
        self.key = key

    @classmethod
    def together(cls, faults: Sequence["ConfigurationError"]) -> "ConfigurationError":
        """One error, on one line, for one or more; its key is the first one's."""
        first, *others = faults
        zh = first.text.zh.removeprefix(f"{first.key}：")
        en = first.text.en.removeprefix(f"{first.key}: ")
        return cls(
            first.key,
            "；".join([zh, *(each.text.zh for each in others)]),
            "; ".join([en, *(each.text.en for each in others)]),
        )
