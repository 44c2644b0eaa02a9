"""What people and positions leave in their indices."""

from typing import Any

from services.chassis.searching.index import TextIndex
from services.chassis.searching.tokens import (
    CATEGORY,
    CITY,
    DIRECTION,
    VERSION,
    code_tokens,
    fold,
    folded_tokens,
    name_tokens,
    sound_order,
    sound_tokens,
    text_tokens,
)
from services.talent.domain.people.person import PersonRecord
from services.talent.domain.position import Position
from services.talent.store import schema

PEOPLE_BY_WORDS = TextIndex(schema.person_text, "person_id", ("sound", "made"))
POSITIONS_BY_WORDS = TextIndex(schema.position_text, "position_id")


def person_words(person: PersonRecord) -> dict[str, Any]:
    """The row of a person: names with their sounds, work and works, the codes that everybody may see, what the
    person is sorted by, and the version of the way in which all this is made.
    """
    names = [person.name, *(each.text for each in person.other_names)]
    past = [text for each in person.affiliations for text in (each.employer, each.title)]
    works = [*person.works, *(each.title for each in person.work_items)]
    texts = [*names, person.employer, person.title, *past, person.profile, *works]
    codes = _codes([code for code, _ in person.direction_shares], person.city, person.category)
    folded = [fold(text) for text in texts]
    tokens = folded_tokens(folded) | sound_tokens(names) | name_tokens(names) | codes
    return {
        "person_id": person.id,
        "personal": "\n".join(folded),
        "tokens": frozenset(tokens),
        "sound": sound_order(person.name),
        "made": VERSION,
    }


def position_words(position: Position) -> dict[str, Any]:
    """The row of a position: title, employer, requirement, and codes."""
    texts = [position.title, position.employer, position.employer_code, position.requirement]
    codes = _codes([position.leaf], position.city, position.category)
    return {
        "position_id": position.id,
        "personal": fold("\n".join(texts)),
        "tokens": frozenset(text_tokens(texts) | codes),
    }


def _codes(directions: list[str], city: str, category: str) -> set[str]:
    return code_tokens(DIRECTION, directions) | code_tokens(CITY, [city]) | code_tokens(CATEGORY, [category])
