"""Whom two sources found, on both engines: counted from records that were begun and merged, once a day."""

import pytest

from services.kernel.clock import civil_date, midnight
from services.talent.domain.people.person import Person, check_facts
from services.talent.domain.shortage.counts.coverage import Said
from services.talent.domain.shortage.table import Address
from services.talent.service.people.assertions import whole
from services.talent.service.people.people import Entered
from services.talent.service.privacy.withdrawing import Withdrawing
from tests.integration.talent.importing import PERSON, Importing
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates
from tests.integration.talent.test_live_counts import person_facts

HERE = Address("hydrogen", "nantong")


def begin(talent: Talent, source: str, count: int) -> list[str]:
    """Records that a source begins."""
    now, made = talent.clock.now(), []
    with talent.database.write() as session:
        for number in range(count):
            stated = person_facts(f"{source}-{number}", name=f"欧阳{'甲乙丙丁戊己庚辛壬癸'[number % 10]}")
            facts = check_facts(stated, talent.people.axes, civil_date(now))
            person = Person.register(facts, id_=talent.people.ids.new(), origin="SYNTHETIC", now=now)
            entered = Entered(person, whole(facts, source), midnight(facts.observed))
            talent.people.add(session, [entered], "tester")
            made.append(person.id)
    return made


def said(talent: Talent) -> Said:
    """What is said a day later."""
    talent.pass_days(1)
    assert talent.ticker.turn()
    table = talent.frame().table
    return table.coverage_of(table.at(HERE))


def test_with_one_source_the_coverage_is_unknown(talent: Talent) -> None:
    begin(talent, "import", 12)
    found = said(talent)
    assert found.share is None
    assert found.why is not None
    assert found.why.en.startswith("unknown")


def test_people_whom_both_found_are_those_whose_records_were_merged(talent: Talent) -> None:
    first, second = begin(talent, "registry", 14), begin(talent, "survey", 12)
    merging = Duplicates(Library(talent))
    for left, right in zip(first[:8], second[:8], strict=True):
        merging.merge(left, right)
    found = said(talent)
    people = 15 * 13 / 9 - 1
    assert found.share == pytest.approx(18 / people)
    assert found.low is not None
    assert found.high is not None
    assert found.share is not None
    assert found.low < found.share < found.high
    assert talent.frame().cube.overlap.sources == ("registry", "survey")  # type: ignore[union-attr]
    with talent.database.write() as session:
        for id_ in second[8:]:
            Withdrawing(talent.people).withdraw(session, session.get_one(Person, id_), "本人撤回", "tester")
    assert said(talent).share == pytest.approx(14 / (15 * 9 / 9 - 1))


def test_what_is_said_later_of_a_known_person_is_no_find_of_its_own(talent: Talent) -> None:
    ids = begin(talent, "registry", 10)
    with talent.database.write() as session:
        for id_ in ids:
            talent.people.amend(session, session.get_one(Person, id_), {"title": "研究员"}, "tester")
    assert said(talent).share is None


def test_lists_that_imports_name_are_sources_of_their_own(talent: Talent) -> None:
    importing = Importing(talent)
    people = [
        {
            **PERSON,
            "ref": f"P-{number}",
            "name": f"欧阳{glyph}",
            "phone": f"139000000{number:02}",
            "purposes": "数据统计",
        }
        for number, glyph in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯")
    ]
    report, _ = importing.load("persons", *people, source="social-insurance")
    assert report.sheets[0].created_count == 14
    theirs = [{**each, "source_list": "高校"} for each in people[:8]]
    more = [{**each, "ref": f"U-{each['ref']}", "source_list": "高校"} for each in people[:4]]
    for number, each in enumerate(more):
        each |= {"name": f"司马{number}甲"[:3], "phone": f"138000000{number:02}"}
    report, batch = importing.load("persons", *theirs, *more)
    assert (report.sheets[0].created_count, report.sheets[0].changed_count) == (4, 8)
    found = said(talent)
    assert talent.frame().cube.overlap.sources == ("social-insurance", "university")  # type: ignore[union-attr]
    assert found.share == pytest.approx(18 / (15 * 13 / 9 - 1))
    again, _ = importing.load("persons", *theirs, *more)
    assert again.sheets[0].same_count == 12
    importing.undo(batch)
    assert said(talent).share is None
