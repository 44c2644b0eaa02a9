"""Errors as the command line shows them: what, why, what to do, and the request id; then an exit status."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.rpc.failures import Failure, read_failure
from services.kernel.errors import BoleError
from services.kernel.text import Language

EXIT_FAILED = 1
EXIT_USAGE = 2


@contextmanager
def shown(language: Language) -> Iterator[None]:
    """Turn a failure of the block into a message on standard error and SystemExit."""
    try:
        yield
    except grpc.RpcError as error:
        _tell_failure(read_failure(error), language)
        raise SystemExit(EXIT_FAILED) from None
    except ConfigurationError as error:
        _tell(error.text.to(language))
        raise SystemExit(EXIT_CONFIGURATION) from None
    except BoleError as error:
        _tell(error.text.to(language))
        for violation in error.violations:
            _tell(f"  {violation.field}: {violation.text.to(language)}")
        raise SystemExit(EXIT_FAILED) from None


def _tell_failure(failure: Failure, language: Language) -> None:
    _tell(f"{failure.code} [{failure.reason}] {failure.text.to(language)}")
    for violation in failure.violations:
        _tell(f"  {violation.field}: {violation.text.to(language)}")
    if failure.request_id:
        _tell(f"  request id: {failure.request_id}")


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
