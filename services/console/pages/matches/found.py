"""Matches of one anchor: ranked, each with the parts of its score; one pair in full; a text as anchor."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bole.matcher.v1 import (
    anchor_pb2,
    match_pb2,
    proposal_pb2,
    proposal_service_pb2,
    proposal_service_pb2_grpc,
)
from bole.matcher.v1 import matching_service_pb2 as service
from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.draw.bars import Bar, signed_bars
from services.console.pages import lists, origins
from services.console.pages.beside import Beside, beside
from services.console.pages.called import called, page_of
from services.console.pages.listening import heard, unheard
from services.console.pages.matches import anchors, options, steps
from services.console.pages.pairs_seen import unseen
from services.console.web.refusals import status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.errors import InvalidArgument
from services.kernel.sums import that_add_up
from services.wording.codes import FIRM_ROLES

_USUAL = "person-position"
ORDERS = ("", "shortage", "policy")
_LIMIT, _MOST = 10, 50
_MOST_PAGES = 10_000
_WIDTH, _DIGITS = 150.0, 3
_START = "constant"
# Kinds that people are proposed in: the others say what belongs where.
PROPOSED = ("person-position", "team-position", "person-firm", "firm-fund", "person-cell", "person-team")
WITH_AMOUNTS = "firm-fund"
"""A pair that is held against the limits of the fund's mandate."""
_CLOSED = (
    proposal_pb2.Proposal.STATE_REJECTED,
    proposal_pb2.Proposal.STATE_WITHDRAWN,
    proposal_pb2.Proposal.STATE_DONE,
)
"""A pair whose proposal ended so may be proposed again."""
# By what may stand in a list, which facts of it the page narrows by.
NARROWED = {
    "person": ("city", "industry", "category"),
    "position": ("city", "industry", "category"),
    "cell": ("city", "industry", "category"),
    "team": ("city", "industry"),
    "firm": ("city", "industry", "stage"),
    "fund": ("city",),
}

_FACTS = ("city", "industry", "category", "stage")
_ASKED = ("kind", "side", "why", *options.NAMES)
"""Of a form that brings a text: what stands in the address otherwise."""


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate with the parts of the score as bars on one scale, longest first; with what every pair of the kind
    starts from they add up to the log-odds.

    `link`: the pair in full; `page`: the candidate's own, empty without one; `let_in_by`: the step of widening that let
    the candidate in, empty for none.
    """

    candidate: match_pb2.Candidate
    parts: Sequence[tuple[Any, Bar]]
    link: str
    page: str
    let_in_by: str


@dataclass(frozen=True, slots=True)
class Sum:
    """All parts of one score, what every pair of the kind starts from first, as they are shown: they add up to `total`,
    the log-odds, in the digits shown.
    """

    parts: Sequence[tuple[Any, Bar, float]]
    total: float


def show(visit: Visit, unproposed: Failure | None = None, unstepped: Failure | None = None) -> Response:
    """The page: a choice of anchors, or the candidates of one; with why its pair was just not proposed, or why what
    became of its proposal was not recorded.
    """
    anchor = anchor_pb2.Anchor(name=visit.get("anchor")) if visit.get("anchor") else None
    return _page(visit, anchor, unproposed=unproposed, unstepped=unstepped)


def show_text(visit: Visit) -> Response:
    """The candidates of a text, which is sent with a form and kept nowhere; what else is asked is in the address."""
    text, city = visit.form.get("text", ""), visit.form.get("text_city", "")
    if not text:
        raise InvalidArgument.field("text", "REQUIRED", "请填写文本", "write a text")
    code = visit.catalogue.resolve_city(city, field="text_city") if city else ""
    asked = visit.at(
        visit.link("/matches", **{name: visit.form[name] for name in _ASKED if name in visit.form})
    )
    return _page(asked, anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text=text, city_code=code)), text)


def _page(
    visit: Visit,
    anchor: anchor_pb2.Anchor | None,
    text: str = "",
    unproposed: Failure | None = None,
    unstepped: Failure | None = None,
) -> Response:
    offered = [each for each in anchors.SIDES if unseen(visit, each) is None]
    kind = visit.get("kind") or next(iter(offered), _USUAL)
    sides = anchors.SIDES.get(kind, ())
    if not sides:
        known = "、".join(anchors.SIDES)
        raise InvalidArgument.field("kind", "UNKNOWN_KIND", f"可选：{known}", f"choose one of {known}")
    side = visit.get("side")
    if anchor is not None and anchor.name:
        side = anchors.side_of(anchor.name)
    side = side if side in sides else sides[0]
    given: dict[str, Any] = {
        "offered": offered if kind in offered else [*offered, kind],
        "kind": kind,
        "sides": sides,
        "closed": kind not in offered,
        "takes_text": kind in offered and anchors.takes_text(kind, side),
        "with_people": "person" in sides and kind in offered,
        "side": side,
        "asked_text": text,
        "again": "again" if text else "",
        "anchor": "" if anchor is None or text else anchor.name,
        "subject": None,
        "named": [],
        "rows": [],
        "found": None,
        "explained": None,
        "before": None,
        "orders": ORDERS,
        "synthetic": False,
        "unheard": unheard(visit, kind),
        "heard": heard(visit),
        "acceptable": kind in PROPOSED,
        "proposed": kind in PROPOSED and not text,
        "unproposed": unproposed,
        "unstepped": unstepped,
        "with_amounts": kind == WITH_AMOUNTS,
        "groups": [],
        "roles": FIRM_ROLES if kind == options.WITH_ROLES else {},
        "chosen_options": [name for name in options.NAMES if visit.get(name)],
        "problem": None,
        **steps.choices(),
    }
    if anchor is None:
        words, why = visit.get("q"), unseen(visit, kind)
        told = Beside(None, why) if why else beside(lambda: anchors.known(visit, side, words))
        named = told.answer or []
        given |= {
            "named": named,
            "no_names": told.refused,
            "synthetic": any(each.synthetic for each in named) if named else origins.among(visit),
        }
    else:
        found = options.told_at_fields(lambda: _found(visit, kind, side, anchor))
        given |= _wrong(visit, kind, side, found) if isinstance(found, Failure) else found
        if anchor.HasField("name"):
            given["subject"] = called(visit, [anchor.name])[anchor.name]
    status = status_of(given["problem"] or unproposed or unstepped)
    return render(visit, "matches/page.html", status, active="matches", **given)


def _wrong(visit: Visit, kind: str, side: str, problem: Failure) -> dict[str, Any]:
    """What the page shows of a search whose options are wrong."""
    return {
        "problem": problem,
        "with_employers": anchors.opposite(kind, side) in options.WITH_EMPLOYERS,
        "all_orders": options.orders(visit, ()),
    }


def _found(visit: Visit, kind: str, side: str, anchor: anchor_pb2.Anchor) -> dict[str, Any]:
    stub = visit.stub(service_grpc.MatchingServiceStub, visit.purpose)
    other = anchors.opposite(kind, side)
    narrowed = NARROWED.get(other, ())
    asked = options.options_of(visit)
    request = service.FindMatchesRequest(
        kind=kind,
        anchor=anchor,
        anchor_side=side if anchor.HasField("text") else "",
        filter=_filter(visit),
        limit=visit.number("limit", _LIMIT, _MOST) or _LIMIT,
        order_by=asked.order_by,
        max_per_employer=asked.max_per_employer,
        min_probability=asked.min_probability,
        broaden_below=asked.broaden_below,
        role=asked.role,
        facets=[_field(name) for name in narrowed],
        page_token=lists.page_token(visit),
    )
    found = stub.FindMatches(request, timeout=SECONDS)
    page = visit.number("page", 1, _MOST_PAGES) or 1 if request.page_token else 1
    explained = before = None
    if visit.get("candidate"):
        before = _proposal(visit, kind, anchor.name, visit.get("candidate"))
        explain = service.ExplainMatchRequest(search=request, candidate=visit.get("candidate"))
        explained = beside(lambda: stub.ExplainMatch(explain, timeout=SECONDS))
    return {
        "found": found,
        "beyond": options.beyond(visit, found),
        "with_employers": other in options.WITH_EMPLOYERS,
        "all_orders": options.orders(visit, found.candidates),
        "groups": lists.groups(visit, found.facets, _known(visit)),
        "first": lists.first_link(visit),
        "next": _next_link(visit, found, page),
        "shown": shown(found, visit.get("candidate"), page, request.limit),
        "rows": rows(visit, found.candidates),
        "explained": explained,
        "before": before,
        "closed_before": before is None or before.state in _CLOSED,
        "whose": _whose(visit, kind),
        "whole": in_full(explained.answer.candidate) if explained and explained.answer else None,
        "other_side": other,
        "others": beside(lambda: anchors.known(visit, other, visit.get("why"))) if visit.get("why") else None,
        "synthetic": origins.is_sample(found),
    }


def _proposal(visit: Visit, kind: str, anchor: str, candidate: str) -> proposal_pb2.Proposal | None:
    """The last proposal of a pair; None where there is none, of a text, and for who may not see it."""
    if not anchor or kind not in PROPOSED:
        return None
    stub = visit.stub(proposal_service_pb2_grpc.ProposalServiceStub)
    request = proposal_service_pb2.ListProposalsRequest(
        filter=lists.condition({"kind": kind, "anchor": anchor, "candidate": candidate}),
        order_by="create_time desc",
        page_size=1,
    )
    return next(
        iter(beside(lambda: stub.ListProposals(request, timeout=SECONDS).proposals).answer or ()), None
    )


def _whose(visit: Visit, kind: str) -> tuple[str, str]:
    """Whose texts terms are told of first and then, wherever a search begins: a kind is named after whom it finds, and
    then after for whom.
    """
    finds, _, for_whom = kind.partition("-")
    words = Words(visit.catalogue, visit.language)
    if for_whom not in anchors.SIDES[kind]:
        return visit.say("从谁出发", "For whom"), visit.say("候选", "Candidate")
    return words.item(for_whom), words.item(finds)


def _next_link(visit: Visit, found: service.FindMatchesResponse, page: int) -> str:
    """The address of the next page, which knows how many there are before it; empty at the end."""
    token = found.next_page_token
    return visit.link(token=token, page=str(page + 1), candidate=None) if token else ""


def shown(
    found: service.FindMatchesResponse, candidate: str, page: int, limit: int
) -> tuple[int, int] | None:
    """Where a candidate stands in the list, through all its pages, and on which page; None where it is not shown."""
    names = [each.name for each in found.candidates]
    if candidate not in names:
        return None
    return (page - 1) * limit + names.index(candidate) + 1, page


def _filter(visit: Visit) -> str:
    """What the address says, and the facts chosen on the page."""
    given = visit.get("filter")
    given_facts = {_field(name): visit.get(name) for name in _FACTS}
    chosen = lists.condition(given_facts, lists.FIELDS_OF_WORK)
    return " AND ".join(part for part in (f"({given})" if given else "", chosen) if part)


def _field(name: str) -> str:
    """The field of the filter that a parameter of the address is the value of."""
    return name if name == "stage" else f"{name}_code"


def _known(visit: Visit) -> lists.Known:
    words = Words(visit.catalogue, visit.language)
    return {
        "city_code": ("city", visit.say("设区市", "City"), words.city),
        "industry_code": ("industry", visit.say("产业", "Industry"), words.industry),
        "category_code": ("category", visit.say("人才类别", "Category"), words.category),
        "stage": ("stage", visit.say("发展阶段", "Stage"), words.stage),
    }


def rows(visit: Visit, candidates: Sequence[match_pb2.Candidate]) -> list[Row]:
    """The candidates, their parts drawn on one scale."""
    told = [
        sorted((one for one in each.contributions if one.name != _START), key=lambda one: -abs(one.value))
        for each in candidates
    ]
    values = [one.value for parts in told for one in parts]
    bars = iter(signed_bars(values, _WIDTH))
    return [
        Row(
            each,
            [(one, next(bars)) for one in parts],
            visit.link("/matches", candidate=each.name),
            page_of(visit, each.name),
            options.step(visit, each.let_in_by),
        )
        for each, parts in zip(candidates, told, strict=True)
    ]


def in_full(candidate: match_pb2.Candidate) -> Sum:
    """The score of a candidate with all that it is made of."""
    parts = sorted(candidate.contributions, key=lambda one: (one.name != _START, -abs(one.value)))
    values = [one.value for one in parts]
    shown_as = that_add_up(values, _DIGITS)
    return Sum(list(zip(parts, signed_bars(values, _WIDTH), shown_as, strict=True)), math.fsum(shown_as))
