"""A capital call (缴款通知): each commitment's part of it, and what has come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.funding.domain.capital.commitment import Commitment
from services.kernel.clock import civil_date
from services.kernel.errors import AlreadyExists, FailedPrecondition, InvalidArgument
from services.kernel.money import Money
from services.kernel.repetition import folded
from services.kernel.text import Text


@dataclass(frozen=True)
class CapitalCall:
    """`parts`: fen by commitment; they add up to the call."""

    id: str
    fund_id: str
    number: int
    due: date
    parts: Mapping[str, int]
    document: str
    at: datetime
    actor: str

    @property
    def fen(self) -> int:
        """The whole call."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class Receipt:
    """Money of one commitment that came in for one call."""

    id: str
    call_id: str
    commitment_id: str
    fen: int
    received: date
    document: str
    at: datetime
    actor: str


def split(fen: int, commitments: Sequence[Commitment], called_fen: Mapping[str, int]) -> dict[str, int]:
    """A call of `fen` over the commitments in proportion to their amounts, by largest remainder.

    `called_fen`: what was called of each before. Raises InvalidArgument for an amount that is none, and
    FailedPrecondition (CALL_EXCEEDS_COMMITMENT) for more than a commitment has left.
    """
    whole = sum(each.fen for each in commitments)
    if fen <= 0 or not commitments:
        raise InvalidArgument.field(
            "amount",
            "NOTHING_TO_CALL",
            "缴款金额须大于0，且基金须有认缴人",
            "a call needs an amount above 0 and a fund with commitments",
        )
    parts = {each.id: fen * each.fen // whole for each in commitments}
    rest = sorted(commitments, key=lambda each: (-(fen * each.fen % whole), each.id))
    for each in rest[: fen - sum(parts.values())]:
        parts[each.id] += 1
    for each in commitments:
        left = each.fen - called_fen.get(each.id, 0)
        if parts[each.id] > left:
            name = each.party or each.investor_fund or each.id
            raise _over("CALL_EXCEEDS_COMMITMENT", Text(name, name), parts[each.id], left)
    return {id_: part for id_, part in parts.items() if part}


def require_due(call: CapitalCall, commitment_id: str, fen: int, received_fen: int) -> None:
    """Raise FailedPrecondition (RECEIPT_EXCEEDS_CALL) for more than the call still asks of the commitment."""
    left = call.parts.get(commitment_id, 0) - received_fen
    if fen > left:
        who = Text("该出资方在本次通知中", "this party's part of the call")
        raise _over("RECEIPT_EXCEEDS_CALL", who, fen, left)


def require_new(receipt: Receipt, earlier: Sequence[Receipt]) -> None:
    """Raise AlreadyExists (RECEIPT_RECORDED) if the money of this bank document is among the `earlier` receipts of the
    same part of the call: a bank numbers every payment once.
    """
    same = next((each for each in earlier if _of_bank(each) == _of_bank(receipt)), None)
    if same is None:
        return
    recorded = civil_date(same.at)
    raise AlreadyExists(
        Text(
            f"这笔到账已于 {recorded} 由 {same.actor} 登记，金额、日期和回单都相同；"
            "确为另一笔时，请填写它自己的回单编号",
            f"this receipt was recorded on {recorded} by {same.actor} with the same amount, day and document; if it is "
            "another one, state the number of its own document",
        ),
        reason="RECEIPT_RECORDED",
        metadata={"recorded": str(recorded), "by": same.actor},
    )


def _of_bank(receipt: Receipt) -> tuple[int, date, str]:
    return receipt.fen, receipt.received, folded(receipt.document)


def _over(reason: str, who: Text, asked_fen: int, left_fen: int) -> FailedPrecondition:
    asked, left = Money(asked_fen), Money(left_fen)
    return FailedPrecondition(
        Text(
            f"{who.zh}：金额{asked.display_zh()}超过尚余{left.display_zh()}",
            f"{who.en}: {asked.display_en()} is over the {left.display_en()} that is left",
        ),
        reason=reason,
        metadata={"askedFen": str(asked_fen), "leftFen": str(left_fen)},
    )
