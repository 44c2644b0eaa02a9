"""投硬科技: R&D, rights, people, depth.

R&D intensity 30·clamp(r / 0.5); rights 25·clamp(ln(1 + p) / ln 11), p = inventions + 1.5·PCT +
0.2·utility models + 0.1·software; R&D staff 15·clamp(q / 0.6); team 15; technical depth 15 by experts
(rating - 1) / 4, else by the estimate of a model, which counts as declared.
"""

import math

from services.funding.domain import wording
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.ratio import Ratio
from services.funding.domain.scores.curves import clamp
from services.funding.domain.scores.score import UNKNOWN_VALUE, Dimension, Score, dimension, scored
from services.funding.domain.screening.case import Case
from services.kernel.text import Text, counted

_RIGHTS = (1.0, 1.5, 0.2, 0.1)


def hard_score(case: Case) -> Score:
    """The score 投硬科技 of a case."""
    facts = case.snapshot
    return scored(
        _share(Text("研发强度", "R&D intensity"), 30, facts.rd_intensity, 0.5, facts.verified),
        _rights(facts),
        _share(Text("研发人员占比", "share of R&D staff"), 15, facts.rd_staff_share, 0.6, facts.verified),
        _team(case.technical.team),
        _depth(case.technical.expert_rating, case.technical.similarity),
    )


def _share(name: Text, weight: float, ratio: Ratio | None, full: float, verified: bool) -> Dimension:
    return dimension(
        name,
        weight,
        s=None if ratio is None else clamp(ratio.num / ratio.den / full),
        value=UNKNOWN_VALUE if ratio is None else wording.share(ratio),
        verified=verified,
        formula=Text(f"达到{full:.0%}得满分", f"{full:.0%} scores all points"),
    )


def rights_index(facts: FirmSnapshot) -> float | None:
    """The sum p of the rights by their weights; None while the number of one kind is unknown."""
    counts = (facts.inventions, facts.pct, facts.utility, facts.software)
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return None
    return sum(weight * count for weight, count in zip(_RIGHTS, known, strict=True))


def _rights(facts: FirmSnapshot) -> Dimension:
    p = rights_index(facts)
    return dimension(
        Text("知识产权", "rights"),
        25,
        s=None if p is None else clamp(math.log1p(p) / math.log(11)),
        value=UNKNOWN_VALUE if p is None else _counts(facts),
        verified=facts.verified,
        formula=Text(
            "折算10件发明得满分，按对数递增", "the worth of 10 inventions scores all points, logarithmic"
        ),
    )


def _counts(facts: FirmSnapshot) -> Text:
    """The rights of whom all are known."""
    inventions, utility = facts.inventions or 0, facts.utility or 0
    return Text(
        f"发明{inventions}、PCT {facts.pct}、实用新型{utility}、软著{facts.software}",
        f"{counted(inventions, 'invention')}, {facts.pct} PCT, {counted(utility, 'utility model')}, "
        f"{facts.software} software",
    )


def _team(team: float | None) -> Dimension:
    return dimension(
        Text("核心团队", "core team"),
        15,
        s=None if team is None else clamp(team),
        value=UNKNOWN_VALUE if team is None else Text(f"{team:.2f}", f"{team:.2f}"),
        verified=True,
        formula=Text("取人才库核实的水平", "as verified in the talent library"),
    )


def _depth(rating: float | None, similarity: float | None) -> Dimension:
    name = Text("技术深度", "technical depth")
    if rating is not None:
        return dimension(
            name,
            15,
            s=clamp((rating - 1) / 4),
            value=Text(f"{rating:g}分", f"{rating:g} of 5"),
            verified=True,
            formula=Text("外部专家评分，5分得满分", "rated by outside experts, 5 scores all points"),
        )
    return dimension(
        name,
        15,
        s=None if similarity is None else clamp(similarity),
        value=UNKNOWN_VALUE if similarity is None else Text(f"{similarity:.2f}", f"{similarity:.2f}"),
        verified=False,
        formula=Text(
            "模型估计：与目录关键技术的相近程度", "a model's estimate: nearness to the key technologies"
        ),
    )
