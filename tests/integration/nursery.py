"""Processes that may die: each forked from one that has loaded the program already, which takes longer than their work.

`python -m tests.integration.nursery MODULE` answers every line of JSON that it reads with another.
"""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple, Self

ROOT = Path(__file__).parents[2]


class Ended(NamedTuple):
    """How a process ended, and what it wrote to standard error."""

    code: int
    said: str


class Nursery:
    """Runs `main(*arguments)` of a module, each time in a process of its own."""

    def __init__(self, module: str) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("BOLE_")}
        command = [sys.executable, "-m", "tests.integration.nursery", module]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, arguments: Sequence[str], environ: Mapping[str, str]) -> Ended:
        """Run once, with these variables besides those of the tests."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([arguments, environ]) + "\n")
        self._process.stdin.flush()
        return Ended(*json.loads(self._process.stdout.readline()))


def _serve(main: Callable[..., object]) -> None:
    for line in sys.stdin:
        arguments, environ = json.loads(line)
        with TemporaryFile() as errors:
            child = os.fork()
            if not child:
                _work(main, arguments, environ, errors)
            _, status = os.waitpid(child, 0)
            errors.seek(0)
            said = errors.read().decode(errors="replace")
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(status), said]) + "\n")
        sys.stdout.flush()


def _work(
    main: Callable[..., object], arguments: Sequence[str], environ: Mapping[str, str], errors: Any
) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(errors.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    os.environ.update(environ)
    code = 0
    try:
        main(*arguments)
    except BaseException:  # noqa: BLE001 (nothing of the process that was forked may go on here)
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(import_module(sys.argv[1]).main)
