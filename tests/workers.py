"""How several workers share the tests: file by file, and what calls the one installation stays together."""

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
