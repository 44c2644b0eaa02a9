"""What all entities of one sample share: the distributions, and the firms that others may refer to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from services.catalogue import OUTSIDE, Catalogue
from services.sample import names, weights
from services.sample.draws import Weighted, generator
from services.sample.profiles import Profile
from services.sample.triples import Triple, load_triples

PEOPLE, JOBS, FIRMS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Employer:
    """What identifies firm `index`."""

    index: int
    name: str
    uscc: str
    industry: str
    leaf: str
    city: str


@dataclass(frozen=True, eq=False)
class World:
    """One seed, one catalogue, one profile."""

    seed: int
    catalogue: Catalogue
    profile: Profile

    def random(self, kind: str, index: int) -> Random:
        """The generator of one entity."""
        return generator(self.seed, kind, index)

    @cached_property
    def triples(self) -> Mapping[str, tuple[Triple, ...]]:
        """The technology triples by leaf."""
        return load_triples()

    @cached_property
    def industries(self) -> tuple[Weighted[str], ...]:
        """Industries as people, jobs and firms are spread over them."""
        return tuple(Weighted.of({key: w[side] for key, w in weights.INDUSTRY.items()}) for side in range(3))

    @cached_property
    def categories(self) -> tuple[Weighted[str], ...]:
        """Talent categories of people and of jobs."""
        return tuple(Weighted.of({key: w[side] for key, w in weights.CATEGORY.items()}) for side in range(2))

    @cached_property
    def _leaves(self) -> tuple[Mapping[str, Weighted[str]], ...]:
        return tuple(
            {
                industry.id: Weighted.of(
                    {
                        leaf.code: len(self.triples[leaf.code]) * _leaf_weight(leaf.code, side)
                        for leaf in self.catalogue.leaves_of(industry.id)
                    }
                )
                for industry in self.catalogue.industries
            }
            for side in range(3)
        )

    @cached_property
    def _cities(self) -> tuple[Mapping[str, Weighted[str]], ...]:
        return tuple(
            {key: Weighted.of(_city_weights(key, side)) for key in weights.INDUSTRY} for side in range(3)
        )

    def leaf(self, random: Random, industry: str, side: int) -> str:
        """A leaf of the industry, as people, jobs or firms are spread."""
        return self._leaves[side][industry].draw(random)

    def city(self, random: Random, industry: str, side: int) -> str:
        """A city (for people also `outside`), as people, jobs or firms of the industry are spread."""
        return self._cities[side][industry].draw(random)

    def triple(self, random: Random, leaf: str) -> Triple:
        """One of the leaf's triples."""
        return random.choice(self.triples[leaf])

    def leaf_name(self, code: str) -> str:
        """The Chinese name of a leaf."""
        return self.catalogue.leaf(code).name_zh

    def city_name(self, code: str) -> str:
        """The short Chinese name of a city, 省外 for the outside."""
        return "省外" if code == OUTSIDE else self.catalogue.city(code).short_zh

    def employer(self, index: int) -> Employer:
        """The identity of firm `index`."""
        random = self.random("firm-identity", index)
        industry = self.industries[FIRMS].draw(random)
        leaf = self.leaf(random, industry, FIRMS)
        city = self.catalogue.city(self.city(random, industry, FIRMS))
        name = names.firm_name(random, index, industry, city.name_zh)
        return Employer(index, name, names.credit_code(index, city.adcode), industry, leaf, city.id)

    @cached_property
    def _employers(self) -> Mapping[tuple[str, str], list[Employer]]:
        places: dict[tuple[str, str], list[Employer]] = {}
        for index in range(self.profile.employers):
            found = self.employer(index)
            places.setdefault((found.industry, found.city), []).append(found)
        return places

    def employer_in(self, random: Random, industry: str, city: str) -> Employer | None:
        """A firm of the industry in the city among those that may be referred to; None when there is none."""
        found = self._employers.get((industry, city))
        return random.choice(found) if found else None


def _leaf_weight(code: str, side: int) -> float:
    people, jobs = weights.LEAF.get(code, (1.0, 1.0))
    return (people, jobs, max(jobs, 0.4))[side]


def _city_weights(industry: str, side: int) -> dict[str, float]:
    result = {
        city: w[side] * weights.CLUSTER.get((industry, city), (1.0, 1.0))[min(side, JOBS)]
        for city, w in weights.CITY.items()
    }
    return {**result, OUTSIDE: weights.OUTSIDE_PEOPLE} if side == PEOPLE else result
