"""Candidates on the wire."""

from collections.abc import Mapping
from typing import Any

from bole.common.v1 import contribution_pb2
from bole.matcher.v1 import match_pb2
from services.chassis.rpc.wire import instant_to_wire, text_to_wire
from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind
from services.matcher.score.explaining import Explanation
from services.matcher.service.broadening import Step

_BROADENINGS = {
    Step.MOBILITY: match_pb2.BROADENING_CITY_TO_MOBILITY,
    Step.PROVINCE: match_pb2.BROADENING_CITY_TO_PROVINCE,
    Step.INDUSTRY: match_pb2.BROADENING_DIRECTION_TO_INDUSTRY,
}


def candidate_to_wire(
    item: Item,
    labels: Mapping[str, Any],
    explanation: Explanation,
    rank: int,
    codes: Codes,
    priority: match_pb2.Priority | None,
    let_in_by: Step | None = None,
) -> match_pb2.Candidate:
    """A candidate with the score and its parts; `labels` are what people call stored items. `let_in_by`: the step of
    widening without which a search would not have found it.
    """
    label = labels.get(item.id)
    title = Text(label.title, label.title) if label else title_of(item, codes)
    return match_pb2.Candidate(
        name=item.name,
        title=text_to_wire(title),
        person_name=label.person_name if label else "",
        city_code=item.city or "",
        direction_codes=[code for code, _ in item.leaves],
        rank=rank,
        probability=explanation.probability,
        calibrated=explanation.calibrated,
        log_odds=explanation.log_odds,
        contributions=[
            contribution_pb2.Contribution(name=part.name, value=part.value, reason=text_to_wire(part.reason))
            for part in explanation.contributions
        ],
        priority=priority,
        change_time=instant_to_wire(label.changed_at) if label else None,
        let_in_by=broadening_to_wire(let_in_by),
    )


def broadening_to_wire(step: Step | None) -> match_pb2.Broadening:
    """A step of widening; unspecified for none."""
    return _BROADENINGS[step] if step else match_pb2.BROADENING_UNSPECIFIED


def title_of(item: Item, codes: Codes) -> Text:
    """What people call what follows from the catalogue: a direction, or a cell of the shortage map."""
    if item.kind is not ItemKind.CELL:
        return codes.label(item.id)
    named = [codes.label(code) for code in item.id.split(".") if code != "all"]
    return Text(" · ".join(each.zh for each in named), " · ".join(each.en for each in named))
