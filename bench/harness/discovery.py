"""Finds the files of measurements: every module under `bench/` that says which rows it makes."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

import bench
from bench.harness.row import Row
from bench.harness.run import Run


class Measurement(NamedTuple):
    """A module's `NAMES` (rows, or what a family of rows begins with) and its `measure`."""

    module: str
    names: tuple[str, ...]
    measure: Callable[[Run], Iterator[Row]]


def measurements() -> list[Measurement]:
    """All of them, by module name. A module without both `NAMES` and `measure` holds no measurement."""
    found = []
    for module in pkgutil.walk_packages(bench.__path__, "bench."):
        if module.ispkg or module.name.startswith(("bench.harness", "bench.__main__")):
            continue
        loaded = import_module(module.name)
        names, measure = getattr(loaded, "NAMES", None), getattr(loaded, "measure", None)
        if names and measure:
            found.append(Measurement(module.name, tuple(names), measure))
    return found
