"""Where an event log is, in one line: `sqlite:///path/to/file` or `kafka://host:port[,host:port...][?tls=directory]`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class LogUrl:
    """`address` is a file's path or the brokers; `tls` the directory of certificate, key and authorities."""

    kind: Literal["sqlite", "kafka"]
    address: str
    tls: Path | None = None


def parse_log_url(url: str) -> LogUrl:
    """Raises ValueError that shows the form."""
    kind, _, rest = url.partition("://")
    if kind == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return LogUrl("sqlite", rest[1:])
    hosts, asked, query = rest.partition("?")
    name, _, directory = query.partition("=")
    if kind == "kafka" and hosts.strip("/") and (not asked or (name == "tls" and directory)):
        return LogUrl("kafka", hosts.rstrip("/"), Path(unquote(directory)) if asked else None)
    raise ValueError("sqlite:///path | kafka://host:port[?tls=directory]")
