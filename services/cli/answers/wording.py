"""Words for codes in this installation's catalogue: the shared words, with the catalogue read from the settings."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from bole.common.v1 import data_origin_pb2
from services.catalogue import Catalogue
from services.chassis.regional import catalogue_of
from services.chassis.rpc.wire import instant_from_wire
from services.cli.session import settings_of_environment
from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Language
from services.wording.codes import CONTRIBUTIONS, GATES, ITEMS, PURPOSES
from services.wording.words import Words


def say(pair: Any, language: Language) -> str:
    """One language of a text as it came over the wire."""
    return str(pair.zh if language == "zh" else pair.en)


def minute(stamp: Timestamp) -> str:
    """A wire instant to the minute, in the province's time."""
    return f"{instant_from_wire(stamp).astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"


def origin(number: int) -> str:
    """REAL or SYNTHETIC, of an origin as it came over the wire; one that is not stated is taken as real."""
    return "SYNTHETIC" if number == data_origin_pb2.DATA_ORIGIN_SYNTHETIC else "REAL"


def purpose(code: str, language: Language) -> str:
    """Why somebody looks; the code itself if it is unknown."""
    return PURPOSES[code].to(language) if code in PURPOSES else code


def stars(count: int, _: Language) -> str:
    """A star for each."""
    return "★" * count


def contribution(name: str, language: Language) -> str:
    """What people call a part of a score; its name if it has no other."""
    return CONTRIBUTIONS[name].to(language) if name in CONTRIBUTIONS else name


def gate(code: str, language: Language) -> str:
    """What people call a gate of a pair; its code if it has no other name."""
    return GATES[code].to(language) if code in GATES else code


def facet(field: str, value: str, language: Language) -> str:
    """A value of a counted dimension as people read it."""
    words = {
        "industry_code": industry,
        "direction_code": direction,
        "city_code": city,
        "from_city_code": city,
        "to_city_code": city,
        "category_code": category,
        "state": deal_state,
        "reason": move_reason,
        "channel": channel,
    }
    return words[field](value, language) if field in words and value else value or "—"


def counts(items: Mapping[str, int], language: Language) -> str:
    """How many of each kind, e.g. 人才 300 · 岗位 27."""
    named = {key: ITEMS[key].to(language) if key in ITEMS else key for key in items}
    order = sorted(items, key=lambda key: list(ITEMS).index(key) if key in ITEMS else len(ITEMS))
    return " · ".join(f"{named[key]} {items[key]:,}" for key in order)


@cache
def catalogue() -> Catalogue:
    """The policy as data, with this installation's own directions, read once."""
    return catalogue_of(settings_of_environment())


def words(language: Language) -> Words:
    """The names of this installation's catalogue."""
    return Words(catalogue(), language)


def place(word: str) -> str:
    """Code of a city or of `outside`, in any of its names. Raises InvalidArgument."""
    return catalogue().resolve_place(word)


def tier(code: str, language: Language) -> str:
    """What the policy calls a tier of industries; the code itself if it is unknown."""
    return words(language).tier(code)


def city(code: str, language: Language) -> str:
    """Short name of a city; 省外 for `outside`; the code itself if it is unknown."""
    return words(language).city(code)


def industry(code: str, language: Language) -> str:
    """Name of an industry; the code itself if it is unknown."""
    return words(language).industry(code)


def direction(code: str, language: Language) -> str:
    """Name of a direction or of an industry that has none; the code itself if it is unknown."""
    return words(language).direction(code)


def category(code: str, language: Language) -> str:
    """Name of a talent category; the code itself if it is unknown."""
    return words(language).category(code)


def department(code: str, language: Language) -> str:
    """Name of a department; the code itself if it is unknown."""
    return words(language).department(code)


def move_reason(code: str, language: Language) -> str:
    """Why people moved, by the code of the reason."""
    return words(language).move_reason(code)


def channel(written: str, language: Language) -> str:
    """Where a deal came from."""
    return words(language).channel(written)


def deal_state(code: str, language: Language) -> str:
    """Name of a deal's state, given as `STATE_…`."""
    return words(language).deal_state(code)


def stage(code: str, language: Language) -> str:
    """Name of a firm's stage, given as `FIRM_STAGE_…`."""
    return words(language).stage(code)
