"""What is made up for before the talent service serves: what older versions left undone."""

from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.regional import catalogue_of
from services.talent.app.parts import assertions_of, known_axes, people_of
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.service.completion import Completion
from services.talent.service.finding.findable import Findable
from services.talent.service.people.moves import Moves
from services.talent.service.people.teams import Teams
from services.talent.service.positions.positions import Positions
from services.talent.service.privacy.consents import Consents
from services.talent.service.shortage.counting import Counter, count_once
from services.talent.service.succeeding import Succeeding
from services.talent.service.telling_needs import TellingNeeds
from services.talent.store.mapping import map_aggregates


def complete(house: House) -> None:
    """Make statements of what older versions knew of people; make findable and count what never was; carry over to
    today's directions what stands under earlier ones; tell what teams need whose needs were never told.
    """
    map_aggregates()
    catalogue = catalogue_of(house.settings)
    axes = known_axes(house, catalogue)
    Completion(assertions_of(house, catalogue), Consents(house.clock)).run(house.database)
    Findable(catalogue).run(house.database)
    counting = count_once(house.database, axes, Method(), catalogue.version, house.clock)
    succeeding = _succeeding(house, catalogue, axes, counting.counter)
    succeeding.run(house.database)
    TellingNeeds(succeeding.teams).run(house.database)
    counting.ticker.begin()  # whoever serves turns the day: what a new one brings is counted there


def _succeeding(house: House, catalogue: Catalogue, axes: Axes, counter: Counter) -> Succeeding:
    moves = Moves(catalogue, axes, house.clock, house.ids)
    people = people_of(house, catalogue, axes, moves)
    positions = Positions(catalogue, axes, house.journal, house.clock, house.ids)
    return Succeeding(people, positions, Teams(people), counter)
