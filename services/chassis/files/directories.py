"""Directories that a process writes to: one in which no file can be made is named by its setting, before the start."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from services.chassis.configuration import ConfigurationError
from services.chassis.settings import Settings

_EMBEDDED: Final = "sqlite:///"


def require_directories(name: str, settings: Settings) -> None:
    """Make the directories of the embedded database of service `name` and of the embedded log.

    Raises ConfigurationError that names the setting for one in which no file can be made.
    """
    urls = {
        f"BOLE_{name.upper()}_DATABASE_URL": settings.database_url(name),
        "BOLE_LOG_URL": settings.log_url,
    }
    for key, url in urls.items():
        if url.startswith(_EMBEDDED):
            directory = Path(url.removeprefix(_EMBEDDED)).parent
            inside = directory.is_relative_to(settings.data_dir)
            require_writable("BOLE_DATA_DIR" if inside else key, directory)


def require_writable(key: str, directory: Path) -> None:
    """Make the directory of the setting `key`; raises ConfigurationError if no file can be made in it."""
    with writing_to(key, directory):
        directory.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=directory).close()


@contextmanager
def writing_to(key: str, directory: Path) -> Iterator[None]:
    """Turn the file system's errors into a ConfigurationError that names the setting `key`."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            key,
            f"所需的目录 {directory} 无法写入（{error.strerror}），请更正路径、权限或腾出空间",
            f"needs the directory {directory}, which cannot be written to ({error.strerror}); correct the path or its "
            "rights, or make room",
        ) from error
