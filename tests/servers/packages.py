"""Debian packages for servers that are not on the machine."""

import os
import shutil
import subprocess
import sys

from tests.servers.workspace import ServerError


def say(message: str) -> None:
    """A line of progress on standard error."""
    sys.stderr.write(f"[servers] {message}\n")
    sys.stderr.flush()


def can_install() -> bool:
    """Whether this process may install Debian packages."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Install the packages with apt; ServerError with apt's own words when it fails."""
    if not can_install():
        raise ServerError(
            f"missing {', '.join(packages)}; install with: sudo apt-get install {' '.join(packages)}"
        )
    say(f"installing {', '.join(packages)} with apt (a minute or two) ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False, timeout=900
        )
        if done.returncode != 0:
            raise ServerError(
                f"apt-get {' '.join(arguments)} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}"
            )
