"""What each field of two records says: the same, different, or nothing because one does not know."""

from collections.abc import Iterator
from typing import NamedTuple

from services.talent.domain.identity.traits import Traits, mail_domain

_HALF = 500


class Outcome(NamedTuple):
    """A feature and what it says; both are keys of `Method.fields`."""

    feature: str
    outcome: str


def keys(left: Traits, right: Traits) -> Iterator[Outcome]:
    """The strong keys that both have."""
    yield from _equality("id_number", left.id_digest, right.id_digest)
    yield from _equality("orcid", left.orcid, right.orcid)


def contact_and_work(left: Traits, right: Traits) -> Iterator[Outcome]:
    """Telephone, e-mail, employers; the domain of the mail only where neither address nor employer agrees."""
    yield from _equality("phone", left.phone, right.phone)
    yield from _equality("email", left.email, right.email)
    shared = left.employers & right.employers
    if left.employers and right.employers:
        yield Outcome("employer", "same" if shared else "different")
    domain = mail_domain(left.email)
    if domain and domain == mail_domain(right.email) and left.email != right.email and not shared:
        yield Outcome("mail_domain", "same")


def birth_and_education(left: Traits, right: Traits) -> Iterator[Outcome]:
    """Year of birth; school with the year of leaving it, or the school alone."""
    if left.birth_year is not None and right.birth_year is not None:
        apart = abs(left.birth_year - right.birth_year)
        yield Outcome("birth_year", "same" if apart == 0 else "one_off" if apart == 1 else "different")
    if left.schools and right.schools:
        dated = {each for each in left.schools & right.schools if each[1] is not None}
        schools = {school for school, _ in left.schools} & {school for school, _ in right.schools}
        yield Outcome("education", "same" if dated else "school" if schools else "different")


def directions_and_city(left: Traits, right: Traits) -> Iterator[Outcome]:
    """Overlap of what they work on (half of it or more is the same), and the city."""
    if left.directions and right.directions:
        theirs = dict(right.directions)
        overlap = sum(min(share, theirs.get(code, 0)) for code, share in left.directions)
        yield Outcome("direction", "same" if overlap >= _HALF else "some" if overlap else "different")
    yield from _equality("city", left.city, right.city)


def teams(left: Traits, right: Traits) -> Iterator[Outcome]:
    """People who stand side by side in one team are two; common mates in different teams suggest one."""
    if left.teams & right.teams:
        yield Outcome("team", "together")
    elif (left.mates & right.mates) - {left.id, right.id}:
        yield Outcome("team", "mates")


def _equality(feature: str, left: str, right: str) -> Iterator[Outcome]:
    if left and right:
        yield Outcome(feature, "same" if left == right else "different")
