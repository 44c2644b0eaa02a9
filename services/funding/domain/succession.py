"""What funding keeps under directions of an earlier catalogue, in the codes of today's."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.catalogue.succession import WHOLE, Shares, divided
from services.funding.domain.pipeline.hiring import ExpectedHire, ExpectedHires, HiringPlan, PlannedHire

Former = Mapping[str, Shares]
_CONDITION = re.compile(r'"(?:\\.|[^"\\])*"|(?P<field>direction_code) : (?P<code>[^\s()"]+)')


def renewed_plan(plan: HiringPlan, former: Former) -> HiringPlan:
    """The plan with its lines under today's directions; heads stay the same to the last one."""
    heads: dict[tuple[str, str], int] = {}
    for each in plan.hires:
        for leaf, part in _parts(each.leaf, each.heads, former):
            place = leaf, each.category
            heads[place] = heads.get(place, 0) + part
    hires = tuple(PlannedHire(leaf, category, count) for (leaf, category), count in heads.items() if count)
    return replace(plan, hires=hires)


def renewed_hires(expected: ExpectedHires, former: Former) -> ExpectedHires:
    """Expected hires likewise."""
    milli: dict[tuple[str, str, str], int] = {}
    for each in expected.hires:
        for leaf, part in _parts(each.leaf, each.milli, former):
            place = leaf, each.city, each.category
            milli[place] = milli.get(place, 0) + part
    return replace(
        expected, hires=tuple(ExpectedHire(*place, count) for place, count in milli.items() if count)
    )


def renewed_scope(leaves: Iterable[str], of_industries: Iterable[str], former: Former) -> tuple[str, ...]:
    """Directions of a mandate: those that it was written with, by what stands for them today, and all that its
    industries have today.
    """
    carried = {place for code in leaves for place, _ in former.get(code, ((code, WHOLE),))}
    return tuple(sorted(carried.union(of_industries)))


def renewed_filter(text: str, former: Former) -> str:
    """A filter in canonical form that asks the same of today's directions: of a split one, either part."""
    return _CONDITION.sub(lambda found: _condition(found, former), text)


def _condition(found: re.Match[str], former: Former) -> str:
    places = former.get(found["code"] or "")
    if places is None:
        return found[0]
    same = [f"{found['field']} : {place}" for place, _ in places]
    return same[0] if len(same) == 1 else f"({' OR '.join(same)})"


def _parts(leaf: str, amount: int, former: Former) -> Iterable[tuple[str, int]]:
    return divided(amount, former.get(leaf, ((leaf, WHOLE),)))
