"""Counts of dimensions as the contract has them, each value with what people call it."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bole.common.v1 import facet_pb2
from services.chassis.rpc.wire import text_to_wire
from services.funding.domain.checks.run import CHECKS
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.stages import Stage
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.stage_times import Sla
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.scores.score import Band
from services.funding.domain.screening.surroundings import PledgeStanding
from services.funding.store.words import Named
from services.kernel.text import Text


def facet_to_wire(name: str, counted: Mapping[str, Sequence[int]]) -> facet_pb2.Facet:
    """The values of a dimension with how many deals have them and what these ask, most frequent first."""
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1][0], pair[0]))
    titles = _TITLES.get(name, {})
    return facet_pb2.Facet(
        field=name,
        values=[
            facet_pb2.Facet.Value(
                value=code,
                count=pair[0],
                sum_fen=pair[1],
                title=text_to_wire(titles[code]) if code in titles else None,
            )
            for code, pair in ranked
        ],
    )


def _of(members: Iterable[Named]) -> dict[str, Text]:
    return {each.name: each.label for each in members}


_GATES = _of(Outcome)
_TITLES: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "state": _of(DealState),
        "stage": _of(Stage),
        "band": _of(Band),
        "early_gate": _GATES,
        "small_gate": _GATES,
        "hard_gate": _GATES,
        "sla": _of(Sla),
        "first_loan": _of(FirstLoan),
        "ip_pledge": _of(PledgeStanding),
        "eligible": {"true": Text("可推进", "eligible"), "false": Text("不可推进", "not eligible")},
        "origin": {"REAL": Text("真实数据", "real"), "SYNTHETIC": Text("演示数据", "sample")},
        "blocking": {check.code: check.name for check in CHECKS} | {"": Text("无", "none")},
    }
)
