"""Conflicts of interest (利益冲突): what a person declares on a deal, what is known, and what follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.text import Text


class InterestKind(StrEnum):
    """What ties a person to a firm."""

    NONE = "NONE"
    EQUITY = "EQUITY"
    EMPLOYMENT = "EMPLOYMENT"
    KINSHIP = "KINSHIP"
    FINANCING = "FINANCING"
    ADVISER = "ADVISER"
    INVENTOR = "INVENTOR"
    SUPPLIER = "SUPPLIER"
    OTHER = "OTHER"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _KINDS[self]


_KINDS = {
    InterestKind.NONE: Text("无", "none"),
    InterestKind.EQUITY: Text("股权", "equity"),
    InterestKind.EMPLOYMENT: Text("任职（三年内）", "employment within three years"),
    InterestKind.KINSHIP: Text("亲属", "kinship"),
    InterestKind.FINANCING: Text("资金往来", "financing"),
    InterestKind.ADVISER: Text("顾问", "adviser"),
    InterestKind.INVENTOR: Text("发明人", "inventor"),
    InterestKind.SUPPLIER: Text("供应或采购", "supplier or customer"),
    InterestKind.OTHER: Text("其他", "other"),
}


class Standing(StrEnum):
    """What a declaration means for its author now. Only CLEAR opens the file of the deal."""

    CLEAR = "CLEAR"
    RECUSED = "RECUSED"
    CONTRADICTED = "CONTRADICTED"
    ASK_AGAIN = "ASK_AGAIN"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _STANDINGS[self]


_STANDINGS = {
    Standing.CLEAR: Text("无利益冲突", "clear"),
    Standing.RECUSED: Text("回避", "recused"),
    Standing.CONTRADICTED: Text(
        "与已知事实不符，待秘书处理", "contradicted; the secretary has to resolve it"
    ),
    Standing.ASK_AGAIN: Text("企业人员已变动，须重新声明", "the firm's people changed; declare anew"),
}
DECLARED = frozenset({Standing.CLEAR, Standing.RECUSED})


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One person's word on one deal. `circle` is a digest of the firm's people of that moment.

    `commitment` binds the words without holding them: what they say of people can be erased.
    """

    deal_id: str
    number: int
    member: str
    kinds: tuple[InterestKind, ...]
    commitment: str
    circle: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What the secretary found on a contradicted declaration."""

    number: int
    recused: bool
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class KnownLink:
    """A tie known from elsewhere. `id` empty: it follows from what is on record of the firm's people."""

    id: str
    firm_id: str
    member: str
    kind: InterestKind
    source: str
    actor: str
    at: datetime


def examine_declaration(kinds: Iterable[InterestKind], text: str) -> tuple[tuple[InterestKind, ...], str]:
    """The kinds in order and the text normalised. Raises InvalidArgument: NONE beside others, no words."""
    findings, given = Findings(), set(kinds)
    if not given:
        findings.add(
            "kinds", "REQUIRED", "请声明利益关系，没有则选“无”", "declare the ties, or that there are none"
        )
    if InterestKind.NONE in given and len(given) > 1:
        findings.add(
            "kinds", "NONE_AND_OTHERS", "选了“无”就不能再选其他关系", "with “none” no other tie can stand"
        )
    text = findings.text("text", text, most=2000, required=bool(given - {InterestKind.NONE}))
    findings.finish()
    return tuple(kind for kind in InterestKind if kind in given), text


def judge(
    declaration: Declaration, links: Iterable[KnownLink], resolution: Resolution | None, circle: str
) -> Standing:
    """What the declaration means. `links`: what is known of the firm; `circle`: its people now.

    An interest declared stays one. A resolution covers what was known when it was made.
    """
    if declaration.kinds != (InterestKind.NONE,):
        return Standing.RECUSED
    if resolution is not None and resolution.recused:
        return Standing.RECUSED
    if contradictions(declaration, links, resolution):
        return Standing.CONTRADICTED
    return Standing.CLEAR if declaration.circle == circle else Standing.ASK_AGAIN


def contradictions(
    declaration: Declaration, links: Iterable[KnownLink], resolution: Resolution | None
) -> tuple[KnownLink, ...]:
    """What is known against a declaration of no interest and has not been resolved."""
    if declaration.kinds != (InterestKind.NONE,):
        return ()
    return tuple(
        link
        for link in links
        if link.member == declaration.member and (resolution is None or link.at > resolution.at)
    )
