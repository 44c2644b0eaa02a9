"""Names of machines as some processes see them: a test can take them away."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import nursery

_HOSTS = "127.0.0.1 {host}\n"
_NAMESERVER = "127.0.1.53"
"""Nobody answers there."""
_DNS_PORT = 53
_FILES = {
    "hosts": _HOSTS,
    "resolv.conf": f"nameserver {_NAMESERVER}\n",
    "nsswitch.conf": "hosts: files dns\n",
}
_SEEN = 'for each in hosts resolv.conf nsswitch.conf; do mount --bind "$0/$each" /etc/$each; done; exec "$@"'


class Names:
    """What processes that are started by `spawn` know of names: `host` is this machine, and no other is known. Their
    view of three files of the system is their own. Needs root.
    """

    def __init__(self, directory: Path, host: str) -> None:
        directory.mkdir()
        self._directory = directory
        for name, text in _FILES.items():
            (directory / name).write_text(text.format(host=host))
        self._before = ("unshare", "--mount", "sh", "-ec", _SEEN, str(directory))

    def spawn(
        self, module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path
    ) -> nursery.Child:
        """As `services.cli.running.processes.spawn`."""
        with log.open("ab") as out:
            return nursery.start(module, arguments, environ, out.fileno(), out.fileno(), self._before)

    @contextmanager
    def unknown(self) -> Iterator[None]:
        """Until the end of the block nobody is known by name, and whoever is asked says so at once."""
        hosts = self._directory / "hosts"
        before = hosts.read_text()
        hosts.write_text("")  # in place: the processes look at this very file
        try:
            yield
        finally:
            hosts.write_text(before)

    @contextmanager
    def unanswered(self) -> Iterator[None]:
        """Until the end of the block whoever asks for a name hears nothing, and gives up after some ten seconds."""
        with self.unknown(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind((_NAMESERVER, _DNS_PORT))
            yield
