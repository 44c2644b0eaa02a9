"""The steps of a deal by their codes, and the method of the contract that takes each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bole.funding.v1 import deal_service_pb2 as service

_NOT_STEPS = frozenset(
    {
        "GetDeal",
        "ListDeals",
        "CreateDeal",
        "ListDealActions",
        "ListDealTransitions",
        "SetHiringPlan",
        "SetDealParties",
        "SetDealTerms",
        "ReopenDeal",
    }
)


@dataclass(frozen=True, slots=True)
class Move:
    """One step: the RPC, and what it takes beside the command (a decision, a reason code, or a date)."""

    rpc: str
    detail: str

    @property
    def request(self) -> Any:
        """Class of the request."""
        return getattr(service, f"{self.rpc}Request")

    def takes(self, field: str) -> bool:
        """Whether the request has the field."""
        return field in self.request.DESCRIPTOR.fields_by_name


# One RPC takes a committee's decision, or the first and the second hand; the list of actions names each.
NAMED_STEPS: Mapping[str, Move] = MappingProxyType(
    {
        "PASS_INTERNAL": Move("DecideInternal", "APPROVE"),
        "RETURN_TO_DUE_DILIGENCE": Move("DecideInternal", "RETURN"),
        "APPROVE": Move("DecideExternal", "APPROVE"),
        "RETURN_TO_INTERNAL": Move("DecideExternal", "RETURN"),
        "PREPARE_SIGNING": Move("SignDeal", ""),
        "PREPARE_CLOSING": Move("CloseDeal", ""),
    }
)


def verbs() -> Mapping[str, str]:
    """RPC of every step of DealService by its code: its name without `Deal`, in capitals."""
    names = [each.name for each in service.DESCRIPTOR.services_by_name["DealService"].methods]
    return {_code(name): name for name in names if name not in _NOT_STEPS}


def _code(name: str) -> str:
    plain = name.removesuffix("Deal")
    return "".join(f"_{each}" if each.isupper() else each for each in plain).lstrip("_").upper()
