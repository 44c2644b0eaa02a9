"""Which names stand for which entry of the catalogue."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from services.catalogue.districts import cities_of
from services.catalogue.lookup import Entry, Vocabulary
from services.catalogue.model import City, Industry, Leaf, LocalDirection, Named, Province
from services.kernel.text import Text

OUTSIDE = "outside"
OUTSIDE_NAME = Text("省外", "Outside the province")


def industries(items: Iterable[Industry]) -> Vocabulary:
    """Industries by id, name, short name, English name and alias."""
    entries = tuple(
        Entry(item.id, item.name, (item.name_zh, item.short, item.name_en, *item.aliases)) for item in items
    )
    return Vocabulary(Text("产业", "industry"), "UNKNOWN_INDUSTRY", entries)


def directions(
    leaves: Iterable[Leaf], items: Iterable[Industry], local: Iterable[LocalDirection] = ()
) -> Vocabulary:
    """Leaves by code, name, English name and alias; local ones with or without the word that says so."""
    aliases: dict[str, tuple[str, ...]] = {}
    for industry in items:
        aliases[industry.id] = (industry.short, *industry.aliases)
        aliases |= {direction.id: direction.aliases for direction in industry.directions}
    aliases |= {each.id: (each.name_zh, each.name_en, *each.aliases) for each in local}
    entries = tuple(
        Entry(leaf.code, leaf.name, (leaf.name_zh, leaf.name_en, *aliases[leaf.code])) for leaf in leaves
    )
    return Vocabulary(Text("重点方向", "direction"), "UNKNOWN_DIRECTION", entries)


def cities(items: Iterable[City], province: Province) -> Vocabulary:
    """Cities by id, full and short name with or without the province before it, pinyin and GB/T 2260 code."""
    all_, prefixes = tuple(items), ("", province.name_zh, province.name_zh.removesuffix("省"))
    entries = tuple(
        Entry(
            item.id,
            item.name,
            (
                *(prefix + name for prefix in prefixes for name in (item.name_zh, item.short_zh)),
                item.pinyin,
                f"{item.pinyin} City",
                item.adcode,
            ),
        )
        for item in all_
    )
    remedy = Text(
        f"请填写本省的设区市：{'、'.join(each.short_zh for each in all_)}",
        f"write one of the province's cities: {', '.join(each.pinyin for each in all_)}",
    )
    return Vocabulary(
        Text("设区市", "city"), "UNKNOWN_CITY", entries, remedy, wholes=partial(cities_of, cities=all_)
    )


def places(known: Vocabulary) -> Vocabulary:
    """The cities, and `outside` for a place outside the province."""
    outside = Entry(OUTSIDE, OUTSIDE_NAME, (OUTSIDE_NAME.zh, OUTSIDE_NAME.en, "外省"))
    remedy = Text(
        f"{known.remedy.zh if known.remedy else ''}；省外的一律填“{OUTSIDE_NAME.zh}”",
        f"{known.remedy.en if known.remedy else ''}, or `{OUTSIDE}` for any place outside the province",
    )
    return replace(known, entries=(*known.entries, outside), remedy=remedy)


def named(items: Iterable[Named], kind: Text, reason: str) -> Vocabulary:
    """Anything else by id and by its names."""
    entries = tuple(Entry(item.id, item.name, (item.name_zh, item.name_en)) for item in items)
    return Vocabulary(kind, reason, entries)
