"""Refuses requests that break their contract."""

from google.protobuf.message import Message

from services.chassis.rpc.exchange import Exchange, Interceptor
from services.chassis.rpc.validation import Validator


class Validation(Interceptor):
    """Checks every request message, each message of an upload included."""

    def __init__(self) -> None:
        self._validator = Validator()

    def on_request(self, exchange: Exchange, request: Message) -> None:
        """Raise InvalidArgument with all violations."""
        self._validator.check(request)
