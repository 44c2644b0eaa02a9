"""What the fields of the methods that partners call mean in Chinese, by what the contract says of them in English.

A text that the contract changes has no Chinese until it is given one; all fields of which it says the same have it.
"""

from importlib.resources import files
from typing import Final

import yaml

from services.kernel.text import Text

_CHINESE: Final[dict[str, str]] = yaml.safe_load(
    files("services.wording").joinpath("meanings.yaml").read_bytes()
)


def meaning(english: str) -> Text | None:
    """Both texts; None where there is no Chinese one."""
    chinese = _CHINESE.get(english)
    return None if chinese is None else Text(chinese, english)
