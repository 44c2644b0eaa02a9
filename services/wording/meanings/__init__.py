"""What the contract says of methods, fields and messages, in Chinese by its English.

A text that the contract changes has no Chinese until it is given one; all fields of which it says the same have it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import yaml

from services.kernel.text import Text


def in_both(english: str) -> Text:
    """The text in both languages; in English alone where it has no Chinese."""
    return Text(chinese().get(english, english), english)


@cache
def chinese() -> Mapping[str, str]:
    """Every text that has one, in the files beside this: read when it is first asked for."""
    return {said: known for part in parts() for said, known in part.items()}


def parts() -> Iterator[Mapping[str, str]]:
    """The files, each by itself."""
    for each in files(__name__).iterdir():
        if each.name.endswith(".yaml"):
            yield yaml.load(each.read_bytes(), yaml.CSafeLoader)
