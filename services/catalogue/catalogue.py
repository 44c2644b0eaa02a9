"""The catalogue as a whole: its sections, look-up by id and resolution of names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from services.catalogue import model, vocabularies
from services.catalogue.lookup import Vocabulary
from services.catalogue.succession import Succession
from services.catalogue.vocabularies import OUTSIDE
from services.kernel.errors import NotFound
from services.kernel.text import Language, Text

__all__ = ["OUTSIDE", "Catalogue"]

T = TypeVar("T")
_MAX_PROPOSED = 10


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every section of the policy, in the document's order, and what a region adds to it. Immutable.

    `local_directions` hang on industries, beside the document's directions and never among them; `local_file` is the
    file they were read from, of which `load` makes the same catalogue again.
    """

    version: str
    document: model.Document
    tiers: tuple[model.Tier, ...]
    stances: tuple[model.Stance, ...]
    direction_kinds: tuple[str, ...]
    clauses: tuple[model.Clause, ...]
    departments: tuple[model.Department, ...]
    industries: tuple[model.Industry, ...]
    industry_mentions: tuple[model.IndustryMention, ...]
    frontier_approach: model.FrontierApproach
    province: model.Province
    cities: tuple[model.City, ...]
    city_roles: tuple[model.CityRole, ...]
    partner_regions: tuple[model.PartnerRegion, ...]
    laboratories: tuple[model.Laboratory, ...]
    platforms: tuple[model.Platform, ...]
    enterprise_types: tuple[model.EnterpriseType, ...]
    categories: tuple[model.TalentCategory, ...]
    talent_attribute: model.Provision
    labels: tuple[model.TalentLabel, ...]
    programmes: tuple[model.TalentProgramme, ...]
    talent_instruments: tuple[model.TalentInstrument, ...]
    targets: tuple[model.Target, ...]
    milestones: tuple[model.Milestone, ...]
    funds: tuple[model.FundKind, ...]
    fund_principles: tuple[model.FundPrinciple, ...]
    firm_stages: tuple[model.FirmStage, ...]
    finance_instruments: tuple[model.FinanceInstrument, ...]
    capital_sources: tuple[model.CapitalSource, ...]
    fiscal_measures: tuple[model.FiscalMeasure, ...]
    cultivation_chain: model.Series
    system_chain: model.Series
    scenario_sectors: model.Series
    transfer_services: model.Series
    pilot_areas: model.Series
    data_opening: tuple[model.Measure, ...]
    scenario_types: tuple[model.Measure, ...]
    innovation_measures: tuple[model.Measure, ...]
    cooperation: tuple[model.Measure, ...]
    governance_instruments: tuple[model.Measure, ...]
    monitoring: tuple[model.Measure, ...]
    fault_tolerance: model.FaultTolerance
    succession: Succession = field(default_factory=Succession, compare=False)
    local_directions: tuple[model.LocalDirection, ...] = ()
    local_file: bytes = field(default=b"", compare=False, repr=False)

    @cached_property
    def directions(self) -> tuple[model.Direction, ...]:
        """The document's directions of all industries."""
        return tuple(direction for industry in self.industries for direction in industry.directions)

    @cached_property
    def leaves(self) -> tuple[model.Leaf, ...]:
        """Every direction of the document and every industry for which it names none, in the order of the
        industries; then the local directions.
        """
        named = (leaf for industry in self.industries for leaf in _leaves_of(industry))
        return (*named, *(_local_leaf(each) for each in self.local_directions))

    def clause(self, id_: str) -> model.Clause:
        """The clause with this number, e.g. `3.4`; raises NotFound."""
        return _found(self._clauses, id_, f"clauses/{id_}")

    def industry(self, code: str) -> model.Industry:
        """The industry with this id; raises NotFound."""
        return _found(self._industries, code, f"industries/{code}")

    def direction(self, code: str) -> model.Direction:
        """The document's direction with this id; raises NotFound, also for an industry that is its own leaf."""
        return _found(self._directions, code, f"directions/{code}")

    def leaf(self, code: str) -> model.Leaf:
        """The leaf with this code; raises NotFound."""
        return _found(self._leaves, code, f"directions/{code}")

    def city(self, code: str) -> model.City:
        """The city with this id; raises NotFound, also for `outside`."""
        return _found(self._cities, code, f"cities/{code}")

    def category(self, code: str) -> model.TalentCategory:
        """The class of talent with this id; raises NotFound."""
        return _found(self._categories, code, f"categories/{code}")

    def industry_of(self, leaf_code: str) -> str:
        """The id of the industry that a leaf belongs to; raises NotFound."""
        return self.leaf(leaf_code).industry

    def leaves_of(self, industry: str) -> tuple[model.Leaf, ...]:
        """The leaves of an industry, local ones last; raises NotFound."""
        code = self.industry(industry).id
        return tuple(leaf for leaf in self.leaves if leaf.industry == code)

    def leaf_text(self, code: str, language: Language | None = None) -> str:
        """The words that describe a leaf, for text matching; in both languages unless one is asked for.

        Chinese: name, parent's name, the document's phrase, industry. English: name, parent's name, industry.
        Aliases belong to both. Raises NotFound.
        """
        leaf = self.leaf(code)
        industry = self.industry(leaf.industry)
        direction = self._directions.get(code)
        parent = self._directions.get(leaf.parent or "")
        aliases = direction.aliases if direction else self._local_words.get(code, ())
        zh = (leaf.name_zh, parent and parent.name_zh, direction and direction.quote, industry.name_zh)
        en = (leaf.name_en, parent and parent.name_en, industry.name_en)
        words = (*(zh if language != "en" else ()), *(en if language != "zh" else ()))
        return " ".join(dict.fromkeys(word for word in (*words, *aliases, *industry.aliases) if word))

    def resolve_direction(self, text: str, field: str = "direction") -> str:
        """The code of the leaf that `text` names; raises InvalidArgument (UNKNOWN_DIRECTION).

        The name of an industry that has directions is refused with its first ten directions as suggestions, the
        code of a direction that was split with those that took its place; that of a renamed one is understood.
        """
        vocabulary = self.vocabulary_of_directions
        places = [code for code, _ in self.succession.former.get(text.strip(), ())]
        if places:
            return places[0] if len(places) == 1 else vocabulary.resolve(text, field, places)
        if vocabulary.find(text) is None:
            industry = self.vocabulary_of_industries.find(text)
            also = [leaf.code for leaf in self.leaves_of(industry)][:_MAX_PROPOSED] if industry else []
            return vocabulary.resolve(text, field, also)
        return vocabulary.resolve(text, field)

    def resolve_industry(self, text: str, field: str = "industry") -> str:
        """The id of the industry that `text` names; raises InvalidArgument (UNKNOWN_INDUSTRY)."""
        return self.vocabulary_of_industries.resolve(text, field)

    def resolve_city(self, text: str, field: str = "city") -> str:
        """The id of the city that `text` names; raises InvalidArgument (UNKNOWN_CITY)."""
        return self.vocabulary_of_cities.resolve(text, field)

    def resolve_place(self, text: str, field: str = "city") -> str:
        """As `resolve_city`, and `outside` for 省外."""
        return self.vocabulary_of_places.resolve(text, field)

    def resolve_category(self, text: str, field: str = "category") -> str:
        """The id of the class of talent that `text` names; raises InvalidArgument (UNKNOWN_CATEGORY)."""
        return self.vocabulary_of_categories.resolve(text, field)

    def resolve_label(self, text: str, field: str = "label") -> str:
        """The id of the talent label that `text` names; raises InvalidArgument (UNKNOWN_LABEL)."""
        return self.vocabulary_of_labels.resolve(text, field)

    def resolve_programme(self, text: str, field: str = "programme") -> str:
        """The id of the programme that `text` names; raises InvalidArgument (UNKNOWN_PROGRAMME)."""
        return self.vocabulary_of_programmes.resolve(text, field)

    def resolve_department(self, text: str, field: str = "department") -> str:
        """The id of the department that `text` names; raises InvalidArgument (UNKNOWN_DEPARTMENT)."""
        return self.vocabulary_of_departments.resolve(text, field)

    @cached_property
    def places(self) -> dict[str, Text]:
        """What the cities and `outside` are called, by code."""
        return {each.id: each.name for each in self.vocabulary_of_places.entries}

    @cached_property
    def vocabulary_of_industries(self) -> Vocabulary:
        """The names of industries."""
        return vocabularies.industries(self.industries)

    @cached_property
    def vocabulary_of_directions(self) -> Vocabulary:
        """The names of leaves."""
        return vocabularies.directions(self.leaves, self.industries, self.local_directions)

    @cached_property
    def vocabulary_of_cities(self) -> Vocabulary:
        """The names of cities."""
        return vocabularies.cities(self.cities, self.province)

    @cached_property
    def vocabulary_of_places(self) -> Vocabulary:
        """The names of cities and of the outside."""
        return vocabularies.places(self.vocabulary_of_cities)

    @cached_property
    def vocabulary_of_categories(self) -> Vocabulary:
        """The names of the classes of talent."""
        return vocabularies.named(self.categories, Text("人才类别", "talent category"), "UNKNOWN_CATEGORY")

    @cached_property
    def vocabulary_of_departments(self) -> Vocabulary:
        """The names of departments."""
        return vocabularies.named(self.departments, Text("部门", "department"), "UNKNOWN_DEPARTMENT")

    @cached_property
    def vocabulary_of_labels(self) -> Vocabulary:
        """The names of talent labels."""
        return vocabularies.named(self.labels, Text("人才标签", "talent label"), "UNKNOWN_LABEL")

    @cached_property
    def vocabulary_of_programmes(self) -> Vocabulary:
        """The names of talent programmes."""
        return vocabularies.named(self.programmes, Text("人才计划", "talent programme"), "UNKNOWN_PROGRAMME")

    @cached_property
    def _clauses(self) -> dict[str, model.Clause]:
        return {item.id: item for item in self.clauses}

    @cached_property
    def _industries(self) -> dict[str, model.Industry]:
        return {item.id: item for item in self.industries}

    @cached_property
    def _directions(self) -> dict[str, model.Direction]:
        return {item.id: item for item in self.directions}

    @cached_property
    def _leaves(self) -> dict[str, model.Leaf]:
        return {item.code: item for item in self.leaves}

    @cached_property
    def _local_words(self) -> dict[str, tuple[str, ...]]:
        return {item.id: (*item.aliases, *item.terms) for item in self.local_directions}

    @cached_property
    def _cities(self) -> dict[str, model.City]:
        return {item.id: item for item in self.cities}

    @cached_property
    def _categories(self) -> dict[str, model.TalentCategory]:
        return {item.id: item for item in self.categories}


def _leaves_of(industry: model.Industry) -> tuple[model.Leaf, ...]:
    own: Sequence[model.Industry | model.Direction] = industry.directions or (industry,)
    return tuple(
        model.Leaf(
            code=item.id,
            industry=industry.id,
            name_zh=item.name_zh,
            name_en=item.name_en,
            parent=item.parent if isinstance(item, model.Direction) else None,
        )
        for item in own
    )


def _local_leaf(item: model.LocalDirection) -> model.Leaf:
    name = item.marked
    return model.Leaf(code=item.id, industry=item.industry, name_zh=name.zh, name_en=name.en, local=True)


def _found(items: dict[str, T], key: str, name: str) -> T:
    if key not in items:
        raise NotFound.resource(name)
    return items[key]
