"""Labelled records for measuring how well repeated people are found: SYNTHETIC, and the same for equal seeds.

Some people have two or three records, from sources that know different things and write names differently;
some names belong to several people, now and then in one city, direction or institute.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from services.kernel.names.frequencies import SURNAMES
from services.sample import names
from services.sample.draws import Weighted, generator
from services.sample.variants import Variant, written
from services.sample.weights import CITY, LEAF

_SURNAMES = Weighted.of({surname: float(count) for surname, count in SURNAMES.items()})
_CITIES = Weighted.of({city: weights[0] for city, weights in CITY.items()})
_COPIES = Weighted.of({1: 80.0, 2: 16.0, 3: 4.0})
_VARIANTS = Weighted.of(
    {
        Variant.SAME: 60.0,
        Variant.TRADITIONAL: 8.0,
        Variant.TRANSLITERATED: 14.0,
        Variant.INITIALS: 4.0,
        Variant.HOMOPHONE: 7.0,
        Variant.TYPO: 7.0,
    }
)
_FAMILY = (
    "Anderson",
    "Carpenter",
    "Moreau",
    "Petrov",
    "Okafor",
    "Jacobsen",
    "Pereira",
    "Cohen",
    "Novak",
    "Rossi",
)
_FIRST = ("Anna", "Peter", "Sophie", "Oscar", "Pascal", "Elena", "Marco", "Alice", "Jean", "Cecile", "Paolo")
_OPEN_MAIL = ("163.com", "qq.com", "126.com", "gmail.com")
_SCHOOLS = 60
_EMPLOYERS = 12
_LEAVES = tuple(LEAF)


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """One record as a source states it. `person` tells whom it is about; `variant` how the name is written."""

    id: str
    person: int
    variant: Variant
    name: str
    city: str
    employers: tuple[str, ...]
    schools: tuple[tuple[str, int], ...]
    directions: tuple[tuple[str, int], ...]
    birth_year: int | None
    phone: str
    email: str
    id_number: str
    orcid: str


def labelled_records(people: int, seed: int) -> list[LabelledRecord]:
    """The records of that many people, in an order that tells nothing."""
    found = [record for index in range(people) for record in _records(seed, index)]
    generator(seed, "doubles-order", people).shuffle(found)
    return found


def _records(seed: int, index: int) -> Iterator[LabelledRecord]:
    random = generator(seed, "double", index)
    whole = _person(seed, index, random)
    yield _as_known(whole, f"r{index:06d}a", random)
    for letter in "bc"[: _COPIES.draw(random) - 1]:
        yield _as_known(_elsewhere(whole, random), f"r{index:06d}{letter}", random)


def _person(seed: int, index: int, random: Random) -> LabelledRecord:
    """Everything there is to know of a person; one in eight bears the name of somebody before them."""
    namesake = index > 0 and random.random() < 0.125
    other = random.randrange(index) if namesake else index
    name = _name(generator(seed, "double-name", other))
    city, leaf = _CITIES.draw(random), random.choice(_LEAVES)
    if namesake and random.random() < 0.3:
        near = generator(seed, "double", other)
        near.random()
        city = _CITIES.draw(near)
    employer = _employer(city, random)
    number = f"DEMO{index:014d}"
    return LabelledRecord(
        id="",
        person=index,
        variant=Variant.SAME,
        name=name,
        city=city,
        employers=(employer,),
        schools=((f"示例大学{random.randrange(_SCHOOLS)}", random.randrange(1985, 2022)),),
        directions=_directions(leaf, random),
        birth_year=random.randrange(1955, 1999),
        phone=_office_phone(employer) if random.random() < 0.05 else names.phone(index),
        email=_email(index, employer, random),
        id_number=number,
        orcid=f"0000-0009-{index // 10_000:04d}-{index % 10_000:04d}",
    )


def _name(random: Random) -> str:
    if random.random() < 0.03:
        return f"{random.choice(_FIRST)} {random.choice(_FAMILY)}"
    return _SURNAMES.draw(random) + names.given_name(random)


def _elsewhere(whole: LabelledRecord, random: Random) -> LabelledRecord:
    """The same person in another source: the name in some way, and some of the rest changed since."""
    foreign = whole.name.isascii()
    variant = random.choice((Variant.SAME, Variant.LOOKALIKE)) if foreign else _VARIANTS.draw(random)
    moved = replace(whole, variant=variant, name=written(whole.name, variant, random))
    if random.random() < 0.25:
        city = _CITIES.draw(random) if random.random() < 0.5 else whole.city
        employer = _employer(city, random)
        kept = whole.employers if random.random() < 0.5 else ()
        moved = replace(
            moved, city=city, employers=(employer, *kept), email=_email(whole.person, employer, random)
        )
    if random.random() < 0.25:
        moved = replace(moved, phone=names.phone(900_000 + whole.person))
    if random.random() < 0.15:
        moved = replace(moved, directions=_directions(random.choice(_LEAVES), random))
    if random.random() < 0.03 and whole.birth_year:
        moved = replace(moved, birth_year=whole.birth_year + random.choice((-1, 1)))
    return moved


def _as_known(whole: LabelledRecord, id_: str, random: Random) -> LabelledRecord:
    """What one source knows of it."""

    def known(share: float) -> bool:
        return random.random() < share

    return replace(
        whole,
        id=id_,
        employers=whole.employers if known(0.95) else (),
        schools=whole.schools if known(0.4) else (),
        directions=whole.directions if known(0.9) else (),
        birth_year=whole.birth_year if known(0.5) else None,
        phone=whole.phone if known(0.6) else "",
        email=whole.email if known(0.5) else "",
        id_number=whole.id_number if known(0.3) else "",
        orcid=whole.orcid if known(0.1) else "",
    )


def _employer(city: str, random: Random) -> str:
    return f"{city}示例单位{int(_EMPLOYERS * random.random() ** 2)}有限公司"


def _office_phone(employer: str) -> str:
    return f"1009{sum(map(ord, employer)):07d}"


def _email(index: int, employer: str, random: Random) -> str:
    if random.random() < 0.5:
        return f"p{index}@{random.choice(_OPEN_MAIL)}"
    return f"p{index}@e{sum(map(ord, employer))}.bole-demo.invalid"


def _directions(leaf: str, random: Random) -> tuple[tuple[str, int], ...]:
    other = random.choice(_LEAVES)
    if other == leaf or random.random() < 0.75:
        return ((leaf, 1000),)
    return ((leaf, 600), (other, 400))
