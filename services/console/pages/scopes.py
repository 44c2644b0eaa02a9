"""What a page counts, from its address: industry, direction, city, category, in any name the catalogue knows."""

from datetime import date

from google.type.date_pb2 import Date

from bole.talent.v1 import shortage_pb2 as shortage
from services.chassis.rpc.wire import date_to_wire
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

DIMENSIONS = ("industry", "direction", "city", "category")


def scope_of(visit: Visit, *, outside: bool = False) -> shortage.ShortageScope:
    """The scope; the industry of a direction goes without saying. `outside`: records may be of outside the province.

    Raises InvalidArgument with near names.
    """
    known = visit.catalogue
    given = {name: visit.get(name) for name in DIMENSIONS}
    resolve = {
        "industry": known.resolve_industry,
        "direction": known.resolve_direction,
        "city": known.resolve_place if outside else known.resolve_city,
        "category": known.resolve_category,
    }
    codes = {name: resolve[name](word, field=name) for name, word in given.items() if word}
    if "direction" in codes:
        codes["industry"] = known.industry_of(codes["direction"])
    return shortage.ShortageScope(**{f"{name}_code": code for name, code in codes.items()})


def asking(scope: shortage.ShortageScope) -> shortage.ShortageScope:
    """The scope as the service takes it: of industry and direction, the direction alone."""
    wanted = shortage.ShortageScope()
    wanted.CopyFrom(scope)
    if wanted.direction_code:
        wanted.ClearField("industry_code")
    return wanted


def day_of(visit: Visit) -> Date | None:
    """The day for which the address asks (`as_of`); None for today. Raises InvalidArgument."""
    given = visit.get("as_of")
    if not given:
        return None
    try:
        return date_to_wire(date.fromisoformat(given))
    except ValueError:
        raise InvalidArgument.field(
            "as_of", "NOT_A_DATE", "日期应写成 2026-06-30", "write the date as 2026-06-30"
        ) from None
