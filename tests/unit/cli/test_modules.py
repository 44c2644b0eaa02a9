"""Commands load their modules when they are called: each must be loadable before somebody calls it."""

import importlib
import pkgutil

import pytest

from services import cli

MODULES = [
    each.name
    for each in pkgutil.walk_packages(cli.__path__, f"{cli.__name__}.")
    if "__main__" not in each.name
]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_the_command_line_can_be_loaded(name: str) -> None:
    importlib.import_module(name)
