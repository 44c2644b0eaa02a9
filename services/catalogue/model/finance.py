"""Funds (基金), finance for firms and what the state adds."""

from dataclasses import dataclass
from typing import Literal

from services.catalogue.model.provision import Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class FundKind(Provision):
    """A kind of fund that the document names; `condition_zh` is the condition it sets."""

    founded_by: tuple[str, ...] = ()
    founders_zh: str = ""
    condition_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundPrinciple(Provision):
    """投早, 投小, 投长 or 投硬科技."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmStage(Provision):
    """A stage of firm that finance is to reach: 种子期 or 初创期."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceInstrument(Provision):
    """A way to bring money or technology into a firm."""

    kind: Literal["credit", "equity", "transfer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalSource(Provision):
    """A kind of institution whose money the document calls for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalMeasure(Provision):
    """A budget, tax or procurement measure."""
