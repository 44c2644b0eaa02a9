"""The policy as frozen values: one module per subject."""

from services.catalogue.model.finance import (
    CapitalSource,
    FinanceInstrument,
    FirmStage,
    FiscalMeasure,
    FundKind,
    FundPrinciple,
)
from services.catalogue.model.industry import (
    Direction,
    FrontierApproach,
    Industry,
    IndustryMention,
    Leaf,
    LocalDirection,
    Region,
    Stance,
    Tier,
)
from services.catalogue.model.measure import (
    Condition,
    EnterpriseType,
    FaultTolerance,
    Laboratory,
    Measure,
    Platform,
)
from services.catalogue.model.place import (
    City,
    CityRole,
    PartnerRegion,
    Province,
)
from services.catalogue.model.provision import (
    Clause,
    Department,
    Document,
    Named,
    Phrase,
    Provision,
    Series,
)
from services.catalogue.model.talent import (
    TalentCategory,
    TalentInstrument,
    TalentLabel,
    TalentProgramme,
)
from services.catalogue.model.target import (
    Milestone,
    Target,
)

__all__ = [
    "CapitalSource",
    "City",
    "CityRole",
    "Clause",
    "Condition",
    "Department",
    "Direction",
    "Document",
    "EnterpriseType",
    "FaultTolerance",
    "FinanceInstrument",
    "FirmStage",
    "FiscalMeasure",
    "FrontierApproach",
    "FundKind",
    "FundPrinciple",
    "Industry",
    "IndustryMention",
    "Laboratory",
    "Leaf",
    "LocalDirection",
    "Measure",
    "Milestone",
    "Named",
    "PartnerRegion",
    "Phrase",
    "Platform",
    "Province",
    "Provision",
    "Region",
    "Series",
    "Stance",
    "TalentCategory",
    "TalentInstrument",
    "TalentLabel",
    "TalentProgramme",
    "Target",
    "Tier",
]
