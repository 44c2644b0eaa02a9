"""How several workers share the tests: file by file, and what calls the one installation stays together."""

import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class FileByFile(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Hands out files in the order of collection, which has the longest first; those of one house as one piece."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if "browser/" in file:
            return "browser"
        return "contract" if "contract/" in file and "contract/chassis/" not in file else file


def read_from_the_end(config: pytest.Config) -> None:
    """Every second worker loads the modules of tests beginning with the last one, before it collects them in order.

    In a fresh clone each has to be compiled, which takes as long as all the rest: so half of them is found done.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if int(worker) % 2:
        for file in sorted(_files(config), reverse=True):
            with suppress(Exception):  # collecting it says what is wrong
                import_module(".".join(file.relative_to(config.rootpath).with_suffix("").parts))


def _files(config: pytest.Config) -> Iterator[Path]:
    for argument in config.args:
        named = Path(argument.partition("::")[0]).resolve()
        yield from [named] if named.is_file() else named.rglob("test_*.py")
