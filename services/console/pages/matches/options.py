"""What a search may be asked beside its facts: least probability, most of one employer, widening, another order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import grpc

from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.pages.lists import one_of
from services.console.web.refusals import failure_of
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.errors import BoleError, InvalidArgument
from services.kernel.text import Text
from services.wording.codes import FIRM_ROLES

Found = TypeVar("Found")
LEAST, EMPLOYER, BELOW, ORDER, ROLE = "least", "max_per_employer", "broaden_below", "order", "role"
NAMES = (LEAST, EMPLOYER, BELOW, ORDER, ROLE)
"""Parameters of the address; three of them are called as in the contract, `least` is in per cent."""
WITH_ROLES = "person-firm"
"""The kind in which somebody is looked for in a role."""
WITH_EMPLOYERS = ("person", "position")
"""What may stand in a list and has employers."""
_PER_CENT, _MOST = 100, 1000
_ORDERS = {
    "": Text("得分高者在前", "best score first"),
    "shortage": Text("紧缺者在前", "shortest supply first"),
    "policy": Text("政策点名者在前", "named by policy first"),
    "probability": Text("概率低者在前", "least probable first"),
    "stars": Text("紧缺星级低者在前", "fewest stars first"),
    "change_time desc": Text("最近更新者在前", "changed last first"),
    "change_time": Text("最久未更新者在前", "unchanged longest first"),
}
_PART = "contributions."
_CONSTANT = "constant"
_FIELDS = {"order_by": ORDER, "min_probability": LEAST}
"""What the contract calls a parameter of the address, where the names differ."""


@dataclass(frozen=True, slots=True)
class Options:
    """As the request has them; the probability is 0 to 1, and 0 of any, or no role, asks for nothing."""

    min_probability: float
    max_per_employer: int
    broaden_below: int
    order_by: str
    role: str = "FIRM_ROLE_UNSPECIFIED"


@dataclass(frozen=True, slots=True)
class Beyond:
    """What an answer says of them: steps of widening in words, how many the limit per employer left out, and how many
    the order does not reach.
    """

    widened: Sequence[str]
    left_out: int
    unordered: int


def options_of(visit: Visit) -> Options:
    """The options of the address. Raises InvalidArgument that names all that is wrong."""
    wrong: list[InvalidArgument] = []

    def number(name: str, most: int) -> int:
        try:
            return visit.number(name, 0, most)
        except InvalidArgument as error:
            wrong.append(error)
            return 0

    read = Options(
        number(LEAST, _PER_CENT) / _PER_CENT,
        number(EMPLOYER, _MOST),
        number(BELOW, _MOST),
        visit.get(ORDER),
        f"FIRM_ROLE_{_role(visit, wrong)}",
    )
    if wrong:
        raise InvalidArgument.of(*(each for error in wrong for each in error.violations))
    return read


def _role(visit: Visit, wrong: list[InvalidArgument]) -> str:
    """The role of the address, or UNSPECIFIED; what is wrong with it goes to the others."""
    try:
        return one_of(visit, ROLE, FIRM_ROLES) or "UNSPECIFIED"
    except InvalidArgument as error:
        wrong.append(error)
        return "UNSPECIFIED"


def told_at_fields(search: Callable[[], Found]) -> Found | Failure:
    """What a search finds, or what is wrong with its options, by the parameters' names. Raises any other refusal."""
    try:
        return search()
    except (grpc.RpcError, BoleError) as error:
        failure = failure_of(error)
        named = tuple(replace(each, field=_FIELDS.get(each.field, each.field)) for each in failure.violations)
        if not any(each.field in NAMES for each in named):
            raise
        return replace(failure, violations=named)


def orders(visit: Visit, candidates: Sequence[match_pb2.Candidate]) -> dict[str, str]:
    """Orders to choose from with what they are called: the fixed ones, one by each part of the scores that are shown,
    and the one that is asked for, whatever it is.
    """
    words = Words(visit.catalogue, visit.language)
    parts = dict.fromkeys(one.name for each in candidates for one in each.contributions)
    offered = {code: visit.text(said) for code, said in _ORDERS.items()}
    offered |= {
        f"{_PART}{name} desc": visit.say(f"{words.part(name)}得分高者在前", f"best {words.part(name)} first")
        for name in parts
        if name != _CONSTANT
    }
    asked = visit.get(ORDER)
    return offered if asked in offered else {**offered, asked: asked}


def beyond(visit: Visit, found: service.FindMatchesResponse) -> Beyond:
    """What the answer says of the options."""
    return Beyond(
        [step(visit, each) for each in found.broadened], found.left_out_count, found.unordered_count
    )


def step(visit: Visit, number: match_pb2.Broadening) -> str:
    """A step of widening in words; empty for none."""
    words = Words(visit.catalogue, visit.language)
    return words.enum("BROADENINGS", match_pb2.Broadening, number) if number else ""
