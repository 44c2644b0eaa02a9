"""The figures by which two records are weighed; all of them proposals, printed with every method note.

Fellegi and Sunter (1969): a field that agrees (or not) adds log2(m / u) bits, where m is the chance of seeing
that in two records of one person and u in records of two people. Names take u from how common they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2
from types import MappingProxyType

from services.kernel.text import Text

VERSION = "duplicates-2"


@dataclass(frozen=True, slots=True)
class Odds:
    """`same`: chance of an outcome in two records of one person; `other`: in records of two people."""

    same: float
    other: float

    @property
    def bits(self) -> float:
        """What the outcome adds."""
        return log2(self.same / self.other)


FIELDS: Mapping[str, Mapping[str, Odds]] = MappingProxyType(
    {
        "id_number": {"same": Odds(0.98, 1e-9), "different": Odds(0.005, 1.0)},
        "orcid": {"same": Odds(0.97, 1e-9), "different": Odds(0.03, 1.0)},
        "phone": {"same": Odds(0.60, 1.5e-4), "different": Odds(0.40, 1.0)},
        "email": {"same": Odds(0.65, 2e-5), "different": Odds(0.35, 1.0)},
        "mail_domain": {"same": Odds(0.50, 0.01)},
        "birth_year": {
            "same": Odds(0.97, 0.025),
            "one_off": Odds(0.02, 0.05),
            "different": Odds(0.01, 0.925),
        },
        "employer": {"same": Odds(0.75, 0.002), "different": Odds(0.25, 0.998)},
        "education": {
            "same": Odds(0.60, 8e-4),
            "school": Odds(0.20, 0.03),
            "different": Odds(0.20, 0.97),
        },
        "direction": {"same": Odds(0.80, 0.02), "some": Odds(0.12, 0.02), "different": Odds(0.08, 0.96)},
        "city": {"same": Odds(0.80, 0.12), "different": Odds(0.20, 0.88)},
        "team": {"mates": Odds(0.30, 5e-4), "together": Odds(0.02, 0.32)},
    }
)

# Fields that tell of the same thing count as one when independent agreements are counted.
GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "phone": "contact",
        "email": "contact",
        "mail_domain": "work",
        "employer": "work",
        "birth_year": "birth",
        "education": "education",
        "direction": "direction",
        "team": "team",
    }
)


@dataclass(frozen=True, slots=True)
class Method:
    """Figures that a house may set.

    `prior_bits`: how rare a pair of one person is among all pairs (-24: one in 17 million, for instance 5,000
    repeated people in a library of 400,000). `review_bits` and `link_bits`: where the bands begin, prior
    included. `counted_bits`: from how many bits an agreement counts as an independent one. `name_same` and
    `name_near`: the share of records of one person whose names agree in every character, and in all but one.
    `near_cap`: the most bits that a near name gives. `sound_bits`, `spelling_bits`, `initials_bits`: what an
    agreement by reading gives, below the evidence of the commonest names. `common_name`: from which share of
    all people a name alone brings no two records together. `oldest`: of the records that share a key, all are
    compared with so many of the oldest, and the others not with one another.
    """

    version: str = VERSION
    prior_bits: float = -24.0
    review_bits: float = -3.0
    link_bits: float = 10.0
    counted_bits: float = 4.0
    name_same: float = 0.85
    name_near: float = 0.03
    near_cap: float = 5.0
    sound_bits: float = 5.0
    spelling_bits: float = 8.0
    initials_bits: float = 1.0
    different_bits: float = -7.0
    common_name: float = 1e-6
    oldest: int = 30
    fields: Mapping[str, Mapping[str, Odds]] = field(default_factory=lambda: FIELDS)

    @property
    def note(self) -> Text:
        """How records are weighed, as it is printed beside the results."""
        weights = "; ".join(
            f"{name}: " + ", ".join(f"{outcome} {odds.bits:+.1f}" for outcome, odds in outcomes.items())
            for name, outcomes in self.fields.items()
        )
        return Text(
            f"方法 {self.version}：每项证据按 log2(m/u) 计分，姓名按常见程度计分，拼音最多 {self.spelling_bits:g} 分；"
            f"先验 {self.prior_bits:g}；合计达到 {self.review_bits:g} 待审核，达到 {self.link_bits:g} 且"
            f"证件或 ORCID 一致或另有两项独立证据（各不低于 {self.counted_bits:g}）可直接关联。"
            f"许多记录共用一项线索（如姓名）时，只与其中最早的 {self.oldest} 条逐一比较，其余两两之间不再比较。"
            f"权重：{weights}",
            f"method {self.version}: every field adds log2(m/u) bits, a name by how common it is, a reading at most "
            f"{self.spelling_bits:g}; prior {self.prior_bits:g}; from {self.review_bits:g} on to be reviewed, from "
            f"{self.link_bits:g} on to link if a strong key agrees, or two independent fields of at least "
            f"{self.counted_bits:g} bits each. Of many records that share a clue (a name, for instance) all are "
            f"compared with the {self.oldest} oldest, and the others not with one another. Weights: {weights}",
        )
