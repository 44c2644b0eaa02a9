"""A team never counts as supply: the map is the same with and without it."""

from datetime import date

from services.talent.domain.axes import ALL
from services.talent.domain.people.team import Member, TeamFacts
from services.talent.domain.shortage.table import Address
from services.talent.service.people.teams import Teams
from services.talent.service.shortage.shortage import ShortageMap
from tests.integration.talent.library import Library


def facts(lead: str, *members: Member) -> TeamFacts:
    return TeamFacts(
        ref="T-1",
        name="海水制氢团队",
        lead=lead,
        members=members,
        directions=("seawater-h2",),
        city="nantong",
    )


def supply(library: Library) -> tuple[float | None, int | None]:
    """Supply and people of the whole province."""
    with library.database.read() as session:
        table = ShortageMap(library.talent.counter).table(session, date(2026, 7, 1))
    cell = table.cell(Address(ALL), cleared=True)
    return cell.supply, cell.persons


def test_a_team_adds_nothing_to_the_supply_of_its_members(library: Library) -> None:
    people = [library.register(ref=f"P-{n}") for n in range(3)]
    before = supply(library)
    assert before[1] == 3
    teams = Teams(library.people)
    members = (Member(people[1], "工程师", 500), Member(people[2], until=date(2026, 1, 1)))
    with library.database.write() as session:
        made = teams.register(session, facts(people[0], *members), "REAL", "tester").id
    assert supply(library) == before
    with library.database.write() as session:
        teams.dissolve(session, teams.get(session, made), "tester")
    assert supply(library) == before


def test_roles_shares_and_dates_are_read_back(library: Library) -> None:
    people = [library.register(ref=f"P-{n}") for n in range(3)]
    members = (Member(people[1], "工程师", 500, date(2026, 1, 1)), Member(people[2]))
    teams = Teams(library.people)
    with library.database.write() as session:
        made = teams.register(session, facts(people[0], *members), "REAL", "tester").id
    with library.database.read() as session:
        assert teams.get(session, made).members == members
