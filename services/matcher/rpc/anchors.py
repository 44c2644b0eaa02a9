"""Between names and texts on the wire and items of the match space."""

from typing import Any

from bole.matcher.v1 import anchor_pb2
from services.catalogue import Catalogue
from services.chassis.rpc.wire import money_from_wire
from services.kernel.errors import InvalidArgument
from services.kernel.money import CNY
from services.kernel.suggestion import nearest_words
from services.matcher.domain.item import Item, ItemKind, Purpose
from services.matcher.domain.kinds import KINDS, PairKind
from services.matcher.events import stage_of
from services.wording.codes import ITEMS

WHOLE = 1000
AMOUNTS = ("ask", "valuation")
_FIRM, _OF_CATEGORY = (ItemKind.FIRM,), (ItemKind.PERSON, ItemKind.POSITION)
_TOLD_OF = {"category_code": _OF_CATEGORY, "stage": _FIRM, "ask": _FIRM, "valuation": _FIRM}
_COLLECTIONS = {kind.collection: kind for kind in ItemKind}


def pair_kind(key: str, field: str = "kind") -> PairKind:
    """The kind. Raises InvalidArgument (UNKNOWN_PAIR_KIND) with near names."""
    if key in KINDS:
        return KINDS[key]
    near, known = nearest_words(key[:60], KINDS), ", ".join(KINDS)
    raise InvalidArgument.field(
        field,
        "UNKNOWN_PAIR_KIND",
        f"没有配对类型“{key[:40]}”{'，是否指 ' + '、'.join(near) if near else ''}；可用：{known}",
        f"no kind of pair {key[:40]!r}{', did you mean ' + ', '.join(near) if near else ''}; use {known}",
    )


def watched_kind(key: str, field: str = "kinds") -> PairKind:
    """A kind that keeps lists. Raises InvalidArgument (UNKNOWN_PAIR_KIND, KIND_NOT_WATCHED)."""
    kind = pair_kind(key, field)
    if not kind.standing:
        kept = ", ".join(each.key for each in KINDS.values() if each.standing)
        raise InvalidArgument.field(
            field,
            "KIND_NOT_WATCHED",
            f"类型 {key} 不保留名单，不能订阅；可订阅：{kept}",
            f"kind {key} keeps no lists and cannot be watched; choose from {kept}",
        )
    return kind


def parse_name(name: str, field: str) -> tuple[ItemKind, str]:
    """Kind and id of a resource name. Raises InvalidArgument (INVALID_NAME)."""
    collection, _, id_ = name.partition("/")
    if collection not in _COLLECTIONS or not id_ or "/" in id_:
        known = "、".join(f"{each}/…" for each in _COLLECTIONS)
        raise InvalidArgument.field(
            field, "INVALID_NAME", f"名称应写成 {known}", f"the name must read one of {known}"
        )
    return _COLLECTIONS[collection], id_


def pair_named(kind: PairKind, one: str, other: str) -> tuple[str, str]:
    """Ids of anchor and candidate of a pair; of two different sorts either may be named first.

    Raises InvalidArgument (INVALID_NAME, WRONG_PAIR, SAME_ENTITY).
    """
    names = [parse_name(one, "anchor"), parse_name(other, "candidate")]
    if names[0] == names[1]:
        raise same_entity()
    for first, second in (names, names[::-1]):
        if (first[0], second[0]) == (kind.anchor, kind.candidate):
            return first[1], second[1]
    raise InvalidArgument.field(
        "candidate",
        "WRONG_PAIR",
        f"类型 {kind.key} 由一个 {kind.anchor} 和一个 {kind.candidate} 组成",
        f"kind {kind.key} pairs a {kind.anchor} with a {kind.candidate}",
    )


def same_entity() -> InvalidArgument:
    """Both sides of a pair are one."""
    return InvalidArgument.field(
        "candidate", "SAME_ENTITY", "不能与自身配对", "nothing is paired with itself"
    )


def anchor_missing() -> InvalidArgument:
    """Neither a name nor a text was given."""
    return InvalidArgument.field(
        "anchor",
        "ANCHOR_MISSING",
        "请给出 name（已登记的对象）或 text（一段文字）",
        "give a name (of a stored entity) or a text",
    )


def given_item(text: anchor_pb2.TextAnchor, side: str, kind: PairKind, catalogue: Catalogue) -> Item:
    """An item for a text that comes with the request. Raises InvalidArgument for its side, codes and facts."""
    sides = {kind.anchor.value: kind.anchor, kind.candidate.value: kind.candidate}
    for without_text in (ItemKind.DIRECTION, ItemKind.FUND, ItemKind.CELL):
        sides.pop(without_text.value, None)
    if kind.by_gaps:
        sides.pop(kind.anchor.value)
    if side not in sides:
        known = ", ".join(sides)
        raise InvalidArgument.field(
            "anchor_side",
            "UNKNOWN_SIDE",
            f"请说明文字代表哪一方：{known}",
            f"say which side the text is: {known}",
        )
    _require_told(text, sides[side])
    return Item(
        sides[side],
        "",
        texts=(text.text,),
        leaves=_shares(text.direction_code, catalogue),
        city=catalogue.resolve_place(text.city_code, field="anchor.text.city_code")
        if text.city_code
        else None,
        category=(
            catalogue.resolve_category(text.category_code, field="anchor.text.category_code")
            if text.category_code
            else None
        ),
        stage=stage_of(text.stage),
        purposes=frozenset({Purpose.MATCH_POSITION, Purpose.MATCH_FIRM}),
        ask=amount_of(text, "ask", "anchor.text."),
        valuation=amount_of(text, "valuation", "anchor.text."),
    )


def _require_told(text: anchor_pb2.TextAnchor, side: ItemKind) -> None:
    """Raises InvalidArgument (NOT_OF_THIS_SIDE) for what is never known of such a side, so that it would not count."""
    for field, sides in _TOLD_OF.items():
        given = text.HasField(field) if field in AMOUNTS else getattr(text, field)
        if given and side not in sides:
            told = [ITEMS[each] for each in sides]
            raise InvalidArgument.field(
                f"anchor.text.{field}",
                "NOT_OF_THIS_SIDE",
                f"只有{'、'.join(each.zh for each in told)}有这一项，而文字代表{ITEMS[side].zh}，请勿填写",
                f"it is known of {', '.join(each.en for each in told)} alone, and the text is one of "
                f"{ITEMS[side].en}; leave it out",
            )


def amount_of(message: Any, field: str, where: str = "") -> int | None:
    """An amount in fen, None where none is given. Raises InvalidArgument for less than nothing and other currencies."""
    if not message.HasField(field):
        return None
    amount = money_from_wire(getattr(message, field))
    if amount.fen < 0 or amount.currency != CNY:
        raise InvalidArgument.field(
            f"{where}{field}",
            "AMOUNT_NOT_USABLE",
            "请给出不小于零的人民币金额",
            "give an amount in CNY, zero or more",
        )
    return amount.fen


def leaves_named(catalogue: Catalogue, text: str, field: str) -> tuple[str, ...]:
    """Codes of the direction, or of all directions of the industry. Raises InvalidArgument."""
    industry = catalogue.vocabulary_of_industries.find(text)
    if (
        industry is not None
        and text != industry
        and catalogue.vocabulary_of_directions.find(text) is not None
    ):
        industry = None
    if industry is not None:
        return tuple(leaf.code for leaf in catalogue.leaves_of(industry))
    return (catalogue.resolve_direction(text, field=field),)


def _shares(text: str, catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    """The whole for a direction, even shares for the directions of an industry."""
    leaves = leaves_named(catalogue, text, "anchor.text.direction_code") if text else ()
    return tuple((leaf, WHOLE // len(leaves)) for leaf in leaves)
