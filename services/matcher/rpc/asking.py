"""What a request to FindMatches asks: from whom, for whom, which of them, in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.filtering import Schema
from services.chassis.house import House
from services.chassis.policy import Level, may_use
from services.chassis.rpc.call import current_call
from services.kernel.errors import InvalidArgument
from services.matcher.corpus.finding import Query
from services.matcher.corpus.placing import read
from services.matcher.corpus.space import MatchSpace
from services.matcher.corpus.taking import Taking
from services.matcher.domain.cells import cell_of
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.domain.ranking import Key
from services.matcher.domain.roles import Role
from services.matcher.rpc.anchors import AMOUNTS, amount_of, anchor_missing, given_item, pair_kind, parse_name
from services.matcher.rpc.ordering import Order
from services.matcher.rpc.seeing import Sight
from services.matcher.service.counting import FACETS
from services.matcher.service.engine import View
from services.matcher.service.wanted import Conditions, Eyes, schema, schema_of

DEFAULT_LIMIT = 10
_METHOD = "FindMatches"
_PAGING = ("limit", "page_token", "facets")
_EMPLOYERS = {ItemKind.POSITION: Level.INTERNAL, ItemKind.PERSON: Level.PERSONAL}
"""Who names an employer, and of which level the contract says that it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that may be asked: from what, in which kind, for which sort, and which of those are shown.

    `below`: how many have to pass for the filter to stay as it is.
    """

    view: View
    kind: PairKind
    query: Query
    sort: ItemKind
    conditions: Conditions
    order: Order
    taking: Taking
    below: int
    facets: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """Reads requests."""

    house: House
    catalogue: Catalogue

    def read(self, view: View, request: wire.FindMatchesRequest, sight: Sight) -> Asked:
        """Raises InvalidArgument, PermissionDenied and NotFound for what may not be asked."""
        kind = pair_kind(request.kind)
        sight.require(kind.anchor, kind.candidate)
        if request.role:
            role = Role(match_pb2.FirmRole.Name(request.role).removeprefix("FIRM_ROLE_"))
            view = view._replace(finder=view.finder.in_role(kind.key, role))
            kind = view.finder.kind(kind.key)
        order = Order.of(request.order_by, kind)
        query = self._query(request, kind, view.space, sight)
        if request.anchor.HasField("text"):
            require_words(query, view.space)
        start = query.kind if isinstance(query, Item) else query[0]
        sort = kind.candidate if start is kind.anchor else kind.anchor
        eyes = sight.eyes(sort, current_call().clearance)
        if request.max_per_employer:
            _require_employers(sort, eyes)
        return Asked(
            view,
            kind,
            query,
            sort,
            Conditions.of(request.filter, schema_of(sort, self.catalogue, eyes)),
            order,
            Taking(
                request.limit or DEFAULT_LIMIT,
                request.min_probability,
                request.max_per_employer,
                self._after(request),
            ),
            request.broaden_below,
            _facets(request.facets, schema(self.catalogue, eyes)),
        )

    def token(self, request: wire.FindMatchesRequest, last: Key | None) -> str:
        """What the next page is asked with, after a key; empty where there is none."""
        if last is None:
            return ""
        subject = current_call().principal.subject
        return self.house.pages.issue(last, method=_METHOD, query=_bound(request), subject=subject)

    def _after(self, request: wire.FindMatchesRequest) -> Key | None:
        """Raises InvalidArgument (PAGE_TOKEN_INVALID, PAGE_TOKEN_MISMATCH)."""
        if not request.page_token:
            return None
        subject = current_call().principal.subject
        cursor = self.house.pages.read(
            request.page_token, method=_METHOD, query=_bound(request), subject=subject
        )
        return tuple(each for each in cursor or () if isinstance(each, str | int | float))

    def _query(
        self, request: wire.FindMatchesRequest, kind: PairKind, space: MatchSpace, sight: Sight
    ) -> Query:
        which = request.anchor.WhichOneof("anchor")
        if which == "name":
            sort, id_ = parse_name(request.anchor.name, "anchor.name")
            sight.require_item(space, sort, id_)
            if sort is ItemKind.CELL and kind.anchor is sort:
                return cell_of(space.codes, id_)
            amounts = [field for field in AMOUNTS if request.HasField(field)]
            if amounts and sort is not ItemKind.FIRM:
                raise _no_firm(amounts[0])
            with space.lock:
                return _with_amounts(request, space.item(sort, id_)) if amounts else (sort, id_)
        if request.HasField("ask") or request.HasField("valuation"):
            raise _no_firm("ask" if request.HasField("ask") else "valuation")
        if which == "text":
            given = given_item(request.anchor.text, request.anchor_side, kind, self.catalogue)
            return read(given, space.codes) if given.kind is kind.anchor else given
        raise anchor_missing()


def _bound(request: wire.FindMatchesRequest) -> dict[str, str]:
    """What must not change from page to page."""
    asked = wire.FindMatchesRequest()
    asked.CopyFrom(request)
    for field in _PAGING:
        asked.ClearField(field)
    return {"request": asked.SerializeToString(deterministic=True).hex()}


def _facets(names: Sequence[str], fields: Schema) -> tuple[str, ...]:
    """The dimensions to count, of those that the caller may filter by. Raises InvalidArgument (UNKNOWN_FACET)."""
    allowed = [each.name for each in fields.fields if each.name in FACETS]
    for name in names:
        if name not in allowed:
            known = ", ".join(allowed)
            raise InvalidArgument.field(
                "facets",
                "UNKNOWN_FACET",
                f"没有分面 {name[:40]}，可用：{known}",
                f"no facet {name[:40]}; use {known}",
            )
    return tuple(dict.fromkeys(names))


def _require_employers(sort: ItemKind, eyes: Eyes) -> None:
    """Raises InvalidArgument (NO_EMPLOYERS) for those who have none, or whose the caller may not see."""
    if sort in _EMPLOYERS and may_use(eyes.clearance, _EMPLOYERS[sort]):
        return
    if sort in _EMPLOYERS:
        zh, en = (
            "当前账号或使用目的不能查看其用人单位",
            "this account, or its purpose, may not see their employers",
        )
    else:
        zh, en = "只有岗位和人才有用人单位", "positions and people alone have employers"
    raise InvalidArgument.field(
        "max_per_employer", "NO_EMPLOYERS", f"不能按用人单位限制：{zh}", f"no limit per employer: {en}"
    )


def _with_amounts(request: wire.FindMatchesRequest, firm: Item) -> Item:
    """A stored firm with the amounts of the request."""
    return replace(firm, ask=amount_of(request, "ask"), valuation=amount_of(request, "valuation"))


def _no_firm(field: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "AMOUNT_WITHOUT_FIRM",
        "金额只能与已登记的企业（firms/…）一起给出；文字的金额写在 anchor.text 中",
        "an amount goes with a stored firm (firms/…); those of a text are given in anchor.text",
    )


def require_words(query: Query, space: MatchSpace) -> None:
    """A text without a letter, digit or ideograph finds nothing, whatever is said beside it."""
    if isinstance(query, Item) and not space.encoder.encode([query.text]).present[0]:
        raise InvalidArgument.field(
            "anchor.text.text",
            "TEXT_EMPTY",
            "文字中没有可用的字词，请写明专长、技术或要求",
            "the text holds no words; say what the skills, the technology or the requirements are",
        )
