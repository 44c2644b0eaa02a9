"""Tools that work on the library while nothing serves."""

from collections.abc import Sequence

from services.chassis.house import House
from services.chassis.regional import catalogue_of
from services.talent.app.parts import known_axes, people_of
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.service.people.moves import Moves
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.erasing_again import ErasingAgain, erase_listed, tell_erased
from services.talent.service.privacy.withdrawing_again import WithdrawingAgain
from services.talent.service.shortage.counting import Counting, count_once, start_counting
from services.talent.service.shortage.counting.laying import lay_quarters
from services.talent.service.shortage.counting.tool import recount
from services.talent.store.mapping import map_aggregates


def count_again(house: House, arguments: Sequence[str]) -> int:
    """The counts of the map against a recount; see `recount`."""
    return recount(house.database, _counting(house).counter, arguments)


def lay_sample_quarters(house: House, arguments: Sequence[str]) -> int:
    """The closed quarters of a sample; see `laying`."""
    return lay_quarters(house.database, _counting(house).ticker, arguments)


def tell_erasures(house: House, arguments: Sequence[str]) -> int:
    """Whom the library has erased; see `erasing_again`."""
    return tell_erased(house.database, arguments)


def erase_again(house: House, arguments: Sequence[str]) -> int:
    """Erase in a restored library whom a file lists; see `erasing_again`."""
    map_aggregates()
    catalogue = catalogue_of(house.settings)
    axes = known_axes(house, catalogue)
    start_counting(house.database, axes, Method(), catalogue.version, house.clock)
    people = people_of(house, catalogue, axes, Moves(catalogue, axes, house.clock, house.ids))
    erasing = ErasingAgain(house.database, Erasing(people), house.audit, house.clock)
    return erase_listed(
        erasing, WithdrawingAgain(house.database, people, house.audit, house.clock), arguments
    )


def _counting(house: House) -> Counting:
    map_aggregates()
    catalogue = catalogue_of(house.settings)
    return count_once(house.database, Axes.of_catalogue(catalogue), Method(), catalogue.version, house.clock)
