"""How large an upload may be: the same for the service that takes it and for the gateway that passes it on."""

from typing import Final

from google.protobuf.descriptor import MethodDescriptor

from services.chassis.contract import access_of
from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text

DEFAULT_UPLOAD_MIB: Final = 32
_MIB: Final = 1024 * 1024
_EACH: Final = 4


class Allowance:
    """What an upload of `method` still may bring. `size`: bytes that were taken, with those by which they are kept."""

    def __init__(self, method: MethodDescriptor) -> None:
        self._most = (access_of(method).largest_upload_mib or DEFAULT_UPLOAD_MIB) * _MIB
        self.size = 0

    def take(self, size: int) -> None:
        """One more message of so many bytes. Raises ResourceExhausted (UPLOAD_TOO_LARGE)."""
        if self.size + size > self._most:
            limit = self._most // _MIB
            raise ResourceExhausted(
                Text(
                    f"文件超过 {limit} MiB，请拆分后上传", f"the upload is over {limit} MiB; split the file"
                ),
                reason="UPLOAD_TOO_LARGE",
            )
        self.size += size + _EACH
