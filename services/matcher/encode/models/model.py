"""What a pretrained model does, and how one that cannot be had is refused."""

from collections.abc import Sequence
from importlib import import_module, metadata
from types import ModuleType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.chassis.configuration import ConfigurationError

SETTING = "BOLE_MATCHER_ENCODER"
MOST_CHARACTERS = 2_000


class TextModel(Protocol):
    """Texts in, one vector each out, the same whatever else is asked for beside it."""

    @property
    def name(self) -> str:
        """Changes with the weights: what two names give cannot be compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Width of the vectors."""
        ...

    @property
    def weight(self) -> float:
        """What a unit of its likeness counts against a unit of the sparse one."""
        ...

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[texts, dimensions], unit length or zero. Of a text only the first MOST_CHARACTERS are read."""
        ...


def readable(text: str) -> str:
    """The beginning of a text as models can take it: without characters that end a string or stand for no sign."""
    return text[:MOST_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def package(module: str, distribution: str, versions: tuple[str, ...]) -> tuple[ModuleType, str]:
    """A package of the extra `encoder` and its version. Raises ConfigurationError: missing, or of another version.

    `versions`: beginnings of those whose weights are known.
    """
    try:
        found, version = import_module(module), metadata.version(distribution)
    except (ImportError, OSError, metadata.PackageNotFoundError):
        raise ConfigurationError(
            SETTING,
            f"所选编码器需要软件包 {distribution}，请先安装：pip install {distribution}=={versions[0]}.*",
            f"this encoder needs the package {distribution}; install it: pip install {distribution}=={versions[0]}.*",
        ) from None
    if not any(f"{version}.".startswith(f"{each}.") for each in versions):
        known = ", ".join(f"{each}.*" for each in versions)
        raise ConfigurationError(
            SETTING,
            f"软件包 {distribution} 的版本 {version} 未经验证，请安装 {known}",
            f"version {version} of the package {distribution} is not known; install {known}",
        )
    return found, version
