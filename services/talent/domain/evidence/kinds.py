"""What the policy counts, and which types of each kind the catalogue lists."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from services.catalogue.catalogue import Catalogue
from services.catalogue.model import Named
from services.kernel.text import Text


class EvidenceKind(StrEnum):
    """What a record is evidence of."""

    PLATFORM = "PLATFORM"
    PILOT_ZONE = "PILOT_ZONE"
    SCENARIO = "SCENARIO"
    RD_PROJECT = "RD_PROJECT"
    LEADING_TALENT = "LEADING_TALENT"
    INNOVATIVE_TALENT = "INNOVATIVE_TALENT"
    GROWTH_INDUSTRY = "GROWTH_INDUSTRY"
    CCUS_CAPACITY = "CCUS_CAPACITY"
    GOVERNANCE_CASE = "GOVERNANCE_CASE"
    MILESTONE = "MILESTONE"

    @property
    def label(self) -> Text:
        """As the forms show it."""
        return LABELS[self]

    @property
    def is_talent(self) -> bool:
        """Whether it counts people or teams, who are named in the library alone."""
        return self in (EvidenceKind.LEADING_TALENT, EvidenceKind.INNOVATIVE_TALENT)


LABELS: Mapping[EvidenceKind, Text] = {
    EvidenceKind.PLATFORM: Text("平台载体", "carrier"),
    EvidenceKind.PILOT_ZONE: Text("先导区", "pilot zone"),
    EvidenceKind.SCENARIO: Text("开放应用场景", "open scenario"),
    EvidenceKind.RD_PROJECT: Text("前瞻技术研发项目", "forward-looking R&D project"),
    EvidenceKind.LEADING_TALENT: Text("领军人才（团队）", "leading talent (team)"),
    EvidenceKind.INNOVATIVE_TALENT: Text("创新人才（团队）", "innovative talent (team)"),
    EvidenceKind.GROWTH_INDUSTRY: Text("成长型未来产业", "growth-stage industry"),
    EvidenceKind.CCUS_CAPACITY: Text("碳捕集利用及封存能力", "CCUS capability"),
    EvidenceKind.GOVERNANCE_CASE: Text("治理案例", "governance case"),
    EvidenceKind.MILESTONE: Text("里程碑佐证", "evidence for a milestone"),
}
# The catalogue's metric of a target, and the kind of record that it counts.
OF_METRIC: Mapping[str, EvidenceKind] = {
    "carriers_built": EvidenceKind.PLATFORM,
    "leading_talent_or_team": EvidenceKind.LEADING_TALENT,
    "growth_industries": EvidenceKind.GROWTH_INDUSTRY,
    "forward_rd_projects": EvidenceKind.RD_PROJECT,
    "provincial_pilot_zones": EvidenceKind.PILOT_ZONE,
    "open_scenarios": EvidenceKind.SCENARIO,
    "innovative_talent_or_team": EvidenceKind.INNOVATIVE_TALENT,
    "ccus_capacity_class": EvidenceKind.CCUS_CAPACITY,
}


def types_of(catalogue: Catalogue, kind: EvidenceKind) -> dict[str, Text]:
    """The types of a kind by code, with their names; a kind without types has none."""
    if kind is EvidenceKind.MILESTONE:
        return {each.id: each.text for each in catalogue.milestones}
    lists: Mapping[EvidenceKind, Sequence[Named]] = {
        EvidenceKind.PLATFORM: catalogue.platforms,
        EvidenceKind.SCENARIO: catalogue.scenario_types,
        EvidenceKind.GOVERNANCE_CASE: catalogue.governance_instruments,
    }
    return {each.id: each.name for each in lists.get(kind, ())}
