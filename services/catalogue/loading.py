"""Read `industries.yaml` into the model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import yaml

from services.catalogue import model
from services.catalogue.catalogue import Catalogue
from services.catalogue.local import with_local
from services.catalogue.succession import load_succession

T = TypeVar("T")
Node = Mapping[str, Any]

# Sections that are plain lists: the name in the file, the name in Catalogue, the class of the items.
_LISTS: tuple[tuple[str, str, type[Any]], ...] = (
    ("clauses", "clauses", model.Clause),
    ("departments", "departments", model.Department),
    ("industry_mentions", "industry_mentions", model.IndustryMention),
    ("cities", "cities", model.City),
    ("city_roles", "city_roles", model.CityRole),
    ("partner_regions", "partner_regions", model.PartnerRegion),
    ("laboratories", "laboratories", model.Laboratory),
    ("platforms", "platforms", model.Platform),
    ("enterprise_types", "enterprise_types", model.EnterpriseType),
    ("talent_categories", "categories", model.TalentCategory),
    ("talent_labels", "labels", model.TalentLabel),
    ("talent_programmes", "programmes", model.TalentProgramme),
    ("talent_instruments", "talent_instruments", model.TalentInstrument),
    ("targets", "targets", model.Target),
    ("milestones", "milestones", model.Milestone),
    ("funds", "funds", model.FundKind),
    ("fund_principles", "fund_principles", model.FundPrinciple),
    ("firm_stages", "firm_stages", model.FirmStage),
    ("finance_instruments", "finance_instruments", model.FinanceInstrument),
    ("capital_sources", "capital_sources", model.CapitalSource),
    ("fiscal_measures", "fiscal_measures", model.FiscalMeasure),
    ("data_opening", "data_opening", model.Measure),
    ("scenario_types", "scenario_types", model.Measure),
    ("innovation_measures", "innovation_measures", model.Measure),
    ("cooperation", "cooperation", model.Measure),
    ("governance_instruments", "governance_instruments", model.Measure),
    ("monitoring", "monitoring", model.Measure),
)
_SERIES = ("cultivation_chain", "system_chain", "scenario_sectors", "transfer_services", "pilot_areas")


@cache
def load(local_file: bytes = b"") -> Catalogue:
    """The catalogue that ships with the product, with a region's own directions (`local`); read once per process.

    Raises TypeError or KeyError if the file has a part that the model does not know, or lacks one, ValueError if
    the editions do not lead to it, InvalidArgument for local directions that break a rule.
    """
    return with_local(load(), local_file) if local_file else _load()


def _load() -> Catalogue:
    catalogue = parse(resources.files("services.catalogue").joinpath("industries.yaml").read_bytes())
    succession = load_succession()
    succession.check(catalogue.version, (leaf.code for leaf in catalogue.leaves))
    return replace(catalogue, succession=succession)


def parse(data: bytes) -> Catalogue:
    """A catalogue from the bytes of a YAML file; raises as `load`."""
    tree = yaml.load(data, yaml.CSafeLoader)
    vocabulary = tree["vocabulary"]
    sections: dict[str, Any] = {name: _series(tree[name]) for name in _SERIES}
    sections |= {name: _many(cls, tree[section]) for section, name, cls in _LISTS}
    return Catalogue(
        version=tree["catalogue"]["version"],
        document=_document(tree["catalogue"]["document"]),
        tiers=tuple(model.Tier(id=key, **node) for key, node in vocabulary["tier"].items()),
        stances=tuple(_one(model.Stance, {"id": key, **node}) for key, node in vocabulary["stance"].items()),
        direction_kinds=tuple(vocabulary["kind"]),
        industries=tuple(_industry(node) for node in tree["industries"]),
        frontier_approach=_frontier_approach(tree["frontier_approach"]),
        province=model.Province(**tree["province"]),
        talent_attribute=model.Provision(id="international-outlook", **tree["talent_attribute"]),
        fault_tolerance=_fault_tolerance(tree["fault_tolerance"]),
        **sections,
    )


def _one(cls: type[T], node: Node) -> T:
    return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in node.items()})


def _many(cls: type[T], nodes: Sequence[Node]) -> tuple[T, ...]:
    return tuple(_one(cls, node) for node in nodes)


def _document(node: Node) -> model.Document:
    return model.Document(**{**node, "dated": str(node["dated"])})


def _series(node: Node) -> model.Series:
    items = node["stages"] if "stages" in node else node["items"]
    named = (model.Named(**{"id": item["name_zh"], **item}) for item in items)
    return model.Series(clause=node["clause"], quote=node["quote"], items=tuple(named))


def _industry(node: Node) -> model.Industry:
    nested = {
        "directions": tuple(
            _one(model.Direction, {**child, "industry": node["id"]}) for child in node["directions"]
        ),
        "goal": _phrase(node["goal"]) if "goal" in node else None,
        "cities": tuple(_city_role(child) for child in node.get("cities", ())),
        "regions": _many(model.Region, node.get("regions", ())),
        "serves": _series(node["serves"]) if "serves" in node else None,
        "chain": _series(node["chain"]) if "chain" in node else None,
    }
    return _one(model.Industry, {**node, **nested})


def _city_role(node: Node) -> model.CityRole:
    rest = {key: value for key, value in node.items() if key != "city"}
    return model.CityRole(cities=(node["city"],), **rest)


def _phrase(node: Node, clause: str = "") -> model.Phrase:
    return model.Phrase(**{"clause": clause, **node})


def _frontier_approach(node: Node) -> model.FrontierApproach:
    challenges = (model.Provision(**{"id": child["name_zh"], **child}) for child in node["challenges"])
    return model.FrontierApproach(
        clause=node["clause"],
        method=_phrase(node["method"], node["clause"]),
        challenges=tuple(challenges),
    )


def _fault_tolerance(node: Node) -> model.FaultTolerance:
    nested = {
        "subjects": _many(model.Named, node["subjects"]),
        "scopes": _many(model.Named, node["scopes"]),
        "conditions": _many(model.Condition, node["conditions"]),
    }
    return model.FaultTolerance(**{**node, **nested})
