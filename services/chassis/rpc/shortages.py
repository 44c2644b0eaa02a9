"""What it means to a caller that the machine itself ran short of something, wherever in a call it did."""

import errno
import logging
from typing import Final

from services.chassis.files.whole_files import FULL
from services.chassis.telemetry.logs import log
from services.kernel.errors import Unavailable
from services.kernel.text import Text

_SHORT: Final = FULL | {errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def as_unavailable(error: Exception) -> Exception:
    """Unavailable (OUT_OF_RESOURCES) for an error that says that files, room or memory ran out, else the error."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _SHORT):
        short = Unavailable(
            Text(
                "服务器资源（文件句柄、磁盘或内存）暂时不足，请稍后以相同的 request_id 重试",
                "the server is short of files, disk or memory for the moment; retry later with the same request_id",
            ),
            reason="OUT_OF_RESOURCES",
        )
        log(logging.WARNING, "the machine ran short", error=error)
        return short
    return error
