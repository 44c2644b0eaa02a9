"""The system's Chromium with a font for Chinese, installed with apt where it is missing.

The one without windows takes a third less of the processor's time for the same pages; any other does as well. Ubuntu
has Chromium as a snap alone, which not every machine can run: there it is the one of Playwright.
"""

import platform
import shutil
import subprocess
import sys
from importlib.metadata import version

from tests.servers.packages import apt_install, can_install, say
from tests.servers.workspace import DOWNLOADS, ServerError

BROWSER = "chromium-headless-shell"
FONTS = ("fontconfig", "fonts-noto-cjk")
_FOR_PLAYWRIGHT = "libatomic1"
"""What its own program needs."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def install() -> None:
    """Install the browser and the font unless both are there. ServerError where that is not possible."""
    missing = [] if _reads_chinese() else [*FONTS]
    if _find() is None and not _of_playwright():
        missing.append(BROWSER)
    if missing:
        apt_install(*missing)
    if _find() is None:
        _install_of_playwright()


def executable() -> str | None:
    """Path of the browser; None for the one of Playwright. ServerError with what to do where there is none."""
    found = _find()
    if found is None and not _of_playwright():
        raise ServerError(f"no Chromium; install with: sudo apt-get install {' '.join([BROWSER, *FONTS])}")
    return found


def _of_playwright() -> bool:
    """Whether this system has no browser of its own that a test could start."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return False
    return "ubuntu" in (system["ID"], *system.get("ID_LIKE", "").split())


def _install_of_playwright() -> None:
    """Playwright fetches it, once, and, where it may, the libraries it needs."""
    done_before = DOWNLOADS / f"{BROWSER}-{version('playwright')}"
    if done_before.exists():
        return
    if can_install():
        apt_install(_FOR_PLAYWRIGHT)
    say(f"{BROWSER} of Playwright (a minute or two, once) ...")
    needed = ["--with-deps"] if can_install() else []
    command = [sys.executable, "-m", "playwright", "install", *needed, BROWSER]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode != 0:
        raise ServerError(f"Playwright could not install {BROWSER}:\n{(done.stdout + done.stderr)[-3000:]}")
    done_before.parent.mkdir(parents=True, exist_ok=True)
    done_before.touch()


def _find() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _reads_chinese() -> bool:
    if shutil.which("fc-list") is None:
        return False
    done = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())
