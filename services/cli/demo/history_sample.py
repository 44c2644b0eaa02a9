"""The past deals of the sample, by which what past deals say of a fund's board has something to say."""

from services.chassis.settings import Settings
from services.cli.running import processes
from services.kernel.errors import Unavailable
from services.kernel.text import Text


def lay(settings: Settings) -> None:
    """Lay the past of the sample's fund, once. Raises Unavailable in the tool's words."""
    done = processes.run_tool("funding", ["sample-histories"], settings)
    if done.returncode:
        zh, _, en = done.stderr.strip().partition(" / ")
        raise Unavailable(Text(zh, en or zh), reason="HISTORIES_NOT_LAID")
