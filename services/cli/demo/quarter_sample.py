"""The closed quarters of the sample's postings, by which trend and forecast have something to show."""

from services.chassis.settings import Settings
from services.cli.running import processes
from services.kernel.errors import Unavailable
from services.kernel.text import Text


def lay(settings: Settings) -> None:
    """Close the quarters that the sample reaches back over, once. Raises Unavailable in the tool's words."""
    done = processes.run_tool("talent", ["sample-quarters"], settings)
    if done.returncode:
        zh, _, en = done.stderr.strip().partition(" / ")
        raise Unavailable(Text(zh, en or zh), reason="QUARTERS_NOT_LAID")
