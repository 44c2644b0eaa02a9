"""Restrictions of a subscription that no list can meet together: it would be told nothing, without a word."""

from collections.abc import Sequence

from services.catalogue import Catalogue
from services.kernel.errors import InvalidArgument
from services.kernel.suggestion import nearest_words
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import STANDING, PairKind
from services.matcher.rpc.anchors import parse_name, watched_kind
from services.wording.codes import ITEMS

_WITHOUT_CITY = frozenset({ItemKind.DIRECTION})


def require_possible(
    kinds: Sequence[PairKind],
    anchor: tuple[ItemKind, str] | None,
    catalogue: Catalogue,
    *,
    directions: Sequence[str],
    cities: bool,
) -> None:
    """Raise InvalidArgument (NO_SUCH_LIST, UNKNOWN_DIRECTION, DIRECTION_GONE) where no kind of those chosen (all that
    keep lists, if none is) has lists of the anchor, or anchors in a direction that there is or with a city, as far as
    these are restricted.
    """
    sorts = {kind.anchor for kind in kinds or STANDING}
    if anchor is not None:
        if anchor[0] not in sorts:
            raise _no_list(
                "anchor", sorts, Text(f"{ITEMS[anchor[0]].zh}的名单", f"lists of {ITEMS[anchor[0]].en}")
            )
        sorts = {anchor[0]}
        if anchor[0] is ItemKind.DIRECTION:
            _require_known(anchor[1], catalogue)
    if cities and sorts <= _WITHOUT_CITY:
        raise _no_list("city_codes", sorts, Text("按城市订阅", "a restriction by city"))
    if directions and ItemKind.FUND not in sorts and _known(catalogue).isdisjoint(directions):
        raise _gone(directions)


def why_silent(
    kinds: Sequence[str],
    anchor: str,
    directions: Sequence[str],
    cities: Sequence[str],
    catalogue: Catalogue,
) -> Text | None:
    """Why a subscription that is kept under these restrictions is told of no match; None where some list meets them."""
    try:
        watched = [watched_kind(key) for key in kinds]
        named = parse_name(anchor, "anchor") if anchor else None
        require_possible(watched, named, catalogue, directions=directions, cities=bool(cities))
    except InvalidArgument as error:
        return error.violations[0].text
    return None


def _no_list(field: str, sorts: set[ItemKind], asked: Text) -> InvalidArgument:
    kept = [ITEMS[sort] for sort in ItemKind if sort in sorts]
    return InvalidArgument.field(
        field,
        "NO_SUCH_LIST",
        f"所选范围只有{'、'.join(each.zh for each in kept)}的名单，{asked.zh}收不到任何事件；请去掉该条件或另选类型",
        f"what is chosen has lists of {', '.join(each.en for each in kept)} alone: {asked.en} would be told nothing; "
        "leave it out, or choose other kinds",
    )


def _gone(directions: Sequence[str]) -> InvalidArgument:
    """Only funds that invest in every industry are told of under directions that nobody is in any more."""
    named = [each[:63] for each in directions]
    return InvalidArgument.field(
        "direction_codes",
        "DIRECTION_GONE",
        f"目录中已没有方向 {'、'.join(named)}，收不到任何事件；请改选方向，或去掉该条件",
        f"the catalogue no longer has the direction{'s' if len(named) > 1 else ''} {', '.join(named)}: nothing would "
        "be told; choose other directions, or leave them out",
    )


def _known(catalogue: Catalogue) -> set[str]:
    """Directions that anchors are in, and those of earlier catalogues that others stand for."""
    return {leaf.code for leaf in catalogue.leaves} | catalogue.succession.former.keys()


def _require_known(code: str, catalogue: Catalogue) -> None:
    known = _known(catalogue)
    if code in known:
        return
    near = nearest_words(code[:60], known)
    raise InvalidArgument.field(
        "anchor",
        "UNKNOWN_DIRECTION",
        f"目录中没有代码为 {code[:40]} 的方向{'，是否指 ' + '、'.join(near) if near else ''}",
        f"the catalogue has no direction of the code {code[:40]}{', did you mean ' + ', '.join(near) if near else ''}",
    )
