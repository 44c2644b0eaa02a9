"""Amounts on the wire, in the one currency that funds are kept in."""

from typing import Any

from google.type import money_pb2

from services.chassis.rpc.wire import money_from_wire, money_to_wire
from services.kernel.errors import InvalidArgument
from services.kernel.money import CNY, Money


def yuan(fen: int | None) -> money_pb2.Money | None:
    """An amount; None for an unknown one."""
    return None if fen is None else money_to_wire(Money(fen))


def fen_of(message: Any, field: str, path: str) -> int | None:
    """An amount in fen; None if absent. Raises InvalidArgument (CURRENCY_MISMATCH) for another currency."""
    if not message.HasField(field):
        return None
    money = money_from_wire(getattr(message, field))
    if money.currency != CNY:
        raise InvalidArgument.field(
            f"{path}{field}.currency_code",
            "CURRENCY_MISMATCH",
            f"基金以人民币计价，不接受 {money.currency}；不作隐含换算",
            f"funds are kept in CNY, not {money.currency}; nothing is converted silently",
        )
    return money.fen
