"""Carriers, laboratories, measures of innovation and of governance."""

from dataclasses import dataclass
from typing import Literal

from services.catalogue.model.provision import Named, Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory(Provision):
    """A named laboratory. The document ties none to an industry, so neither does the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Provision):
    """A carrier (平台载体): one `named` institution, or a `type` that the document asks for."""

    form: Literal["named", "type"]
    industry: str | None = None
    verb: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseType(Provision):
    """A type of firm to cultivate or attract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Provision):
    """Any other measure; the optional parts are verbatim pieces of its sentence."""

    condition_zh: str = ""
    group_zh: str = ""
    frequency_zh: str = ""
    builders_zh: str = ""
    fields_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One of the conditions that must all hold."""

    id: str
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultTolerance:
    """The exemption mechanism (容错机制): who, in what work, under which conditions, with what effect."""

    clause: str
    subjects: tuple[Named, ...]
    scopes: tuple[Named, ...]
    trigger_zh: str
    conditions: tuple[Condition, ...]
    effect_zh: str
    effect_en: str
