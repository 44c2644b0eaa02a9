"""The classes of talent (人才) that the document names, and the programmes that support them."""

from dataclasses import dataclass

from services.catalogue.model.provision import Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentCategory(Provision):
    """One of the six classes, from 战略科技人才 to 大国工匠, in the document's `order` (from 1)."""

    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentLabel(Provision):
    """A group that targets count; labels cut across the six classes. `counts`: person or person_or_team."""

    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentProgramme(Provision):
    """A support programme such as 双创计划; `level_zh` is 省 where the document says so."""

    level_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentInstrument(Provision):
    """A tool of talent policy, such as the core-talent library (核心人才库)."""
