"""Kinds of values that several settings have."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):(\d{1,5})")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def _is_address(value: str) -> str:
    match = _ADDRESS.fullmatch(value)
    if match is None or int(match[1]) > 65535:
        raise ValueError("host:port")
    return value


def _is_url(value: str) -> str:
    parts = urlsplit(value)
    where = parts.path.strip("/") if parts.scheme == "sqlite" else parts.netloc
    if parts.scheme not in _DATABASES or not where:
        raise ValueError(" | ".join(f"{scheme}://" for scheme in _DATABASES))
    return value


Address = Annotated[str, AfterValidator(_is_address)]
"""host:port."""
DatabaseUrl = Annotated[str, AfterValidator(_is_url)]
"""Of an SQLite file or a PostgreSQL database."""
