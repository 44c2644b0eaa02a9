"""What the contract's services and methods are called: in English by their own names, in Chinese by a list."""

from importlib.resources import files
from typing import Final

import yaml

from services.kernel.text import Text

_SERVICE: Final = "_"
_CHINESE: Final[dict[str, dict[str, str]]] = yaml.safe_load(
    files("services.wording").joinpath("methods.yaml").read_bytes()
)


def service_title(service: str) -> Text:
    """Of a service by its short name, `LibraryService`. Raises KeyError for one that has none."""
    return Text(_CHINESE[service][_SERVICE], service)


def method_title(service: str, method: str) -> Text:
    """Of a method by the short names, `LibraryService` and `GetPerson`. Raises KeyError for one that has none."""
    return Text(_CHINESE[service][method], method)
