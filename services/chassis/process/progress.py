"""How far a service was when it was last looked at, for whoever asks."""

from bole.common.v1 import progress_pb2


class Progress:
    """Written by one thread as a whole, read by any."""

    def __init__(self) -> None:
        self._latest = progress_pb2.ServiceProgress()

    def write(self, latest: progress_pb2.ServiceProgress) -> None:
        """From now on it stands like this; the message is not changed any more."""
        self._latest = latest

    def read(self) -> progress_pb2.ServiceProgress:
        """How it stands, as a message of the caller's own."""
        found = progress_pb2.ServiceProgress()
        found.CopyFrom(self._latest)
        return found
