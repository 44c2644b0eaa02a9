"""`--watch`: the same question again every few seconds, until somebody ends it. Only what reads is asked again."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from services.cli.session import language_of
from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text

OPTION: Final = "--watch"
EVERY_SECONDS: Final = 5
_CLEAR: Final = "\x1b[H\x1b[2J\x1b[3J"


def asked(arguments: Sequence[str]) -> tuple[int, list[str]]:
    """Every how many seconds the command shall be run, and the command without that.

    `--watch`, `--watch 30` and `--watch=30` may stand anywhere. Seconds below one are one.
    """
    rest, seconds = list(arguments), EVERY_SECONDS
    for at, each in enumerate(arguments):
        name, _, value = each.partition("=")
        if name != OPTION:
            continue
        follows = arguments[at + 1] if at + 1 < len(arguments) else ""
        taken = 2 if not value and follows.isdecimal() else 1
        given = value or (follows if taken == 2 else "")
        seconds = max(1, int(given)) if given.isdecimal() else EVERY_SECONDS
        del rest[at : at + taken]
        break
    return seconds, rest


def again(
    run: Callable[[Sequence[str]], int],
    arguments: Sequence[str],
    seconds: int,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Run the command until it is interrupted, which is no failure; the exit status.

    A command that is refused the first time is not tried again; later a service may be away for a while.
    """
    first = True
    try:
        while True:
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
                sys.stdout.flush()
            status = run(arguments)
            if first and status:
                return status
            first = False
            _tell(arguments, seconds)
            sleep(seconds)
    except KeyboardInterrupt:
        return 0


def _tell(arguments: Sequence[str], seconds: int) -> None:
    at = f"{datetime.now(UTC).astimezone(CIVIL_ZONE):%H:%M:%S}"
    command = " ".join(arguments)
    said = Text(
        f"bole {command} · {at} · 每 {seconds} 秒更新，Ctrl-C 结束",
        f"bole {command} · {at} · again every {seconds} s, Ctrl-C ends it",
    )
    chosen = next((value for name, value in pairwise(arguments) if name == "--lang"), None)
    sys.stderr.write(f"{said.to(language_of(chosen))}\n")
