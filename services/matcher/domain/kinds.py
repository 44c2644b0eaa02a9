"""Kinds of pairs, each one declaration: who, whom, which gates, which features, how long a list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.kernel.errors import InvalidArgument
from services.matcher.domain.item import ItemKind, Purpose

LIST_SIZE = 20


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """A feature with the factor by which this kind counts it."""

    name: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Weighing:
    """What was learnt of one kind from outcomes: a constant and the factor of every feature, under a version.

    `encoder`: the family whose features the outcomes were read with; empty where that is not known.
    """

    kind: str
    version: str
    constant: float
    factors: Mapping[str, float]
    encoder: str = ""
    calibrated: bool = True


@dataclass(frozen=True, slots=True)
class PairKind:
    """One kind of pair. Lists are kept per anchor and hold candidates.

    `by_gaps`: the anchors, which are teams, are seen by what they lack and not by the directions they work in.
    `gates` and `features` name entries of the registries in `score`. `constant` is the log-odds of a pair of
    which nothing is known. Every person or team of the pair must have allowed one of `purposes`. A kind that is
    not `standing` is answered when somebody asks and keeps no lists. `calibrated` and `model` say whether its
    weights were learnt from outcomes, and under which version; without, they are set by hand.
    """

    key: str
    anchor: ItemKind
    candidate: ItemKind
    gates: tuple[str, ...]
    features: tuple[FeatureUse, ...]
    constant: float
    purposes: tuple[Purpose, ...] = ()
    list_size: int = LIST_SIZE
    standing: bool = True
    by_gaps: bool = False
    calibrated: bool = False
    model: str = ""

    def weighed(self, model: "Weighing", encoder: str) -> "PairKind":
        """The same kind with what was learnt: another constant, and another factor for each feature.

        What was learnt of other features, or of the figures of another family of encoders than this, says nothing of
        these: then the weights stay as they are.
        """
        if model.encoder != encoder or model.factors.keys() != {use.name for use in self.features}:
            return self
        uses = tuple(FeatureUse(use.name, model.factors[use.name]) for use in self.features)
        return replace(
            self, constant=model.constant, features=uses, calibrated=model.calibrated, model=model.version
        )


_PERSON_DIRECTION = PairKind(
    "person-direction",
    anchor=ItemKind.DIRECTION,
    candidate=ItemKind.PERSON,
    gates=("open", "consent"),
    features=(FeatureUse("placed"), FeatureUse("directions")),
    constant=-3.0,
    purposes=(Purpose.MATCH_POSITION, Purpose.MATCH_FIRM),
)
_FIRM_DIRECTION = PairKind(
    "firm-direction",
    anchor=ItemKind.DIRECTION,
    candidate=ItemKind.FIRM,
    gates=("open",),
    features=(FeatureUse("placed"), FeatureUse("directions")),
    constant=-3.0,
)
_PERSON_POSITION = PairKind(
    "person-position",
    anchor=ItemKind.POSITION,
    candidate=ItemKind.PERSON,
    gates=("open", "consent"),
    features=(
        FeatureUse("text"),
        FeatureUse("placed", 0.8),
        FeatureUse("directions", 0.3),
        FeatureUse("city"),
        FeatureUse("category"),
        FeatureUse("availability"),
    ),
    constant=-4.5,
    purposes=(Purpose.MATCH_POSITION,),
)
_PERSON_FIRM = PairKind(
    "person-firm",
    anchor=ItemKind.FIRM,
    candidate=ItemKind.PERSON,
    gates=("open", "consent"),
    features=(
        FeatureUse("text"),
        FeatureUse("placed", 0.8),
        FeatureUse("directions", 0.3),
        FeatureUse("city", 0.75),
        FeatureUse("availability", 0.75),
    ),
    constant=-4.5,
    purposes=(Purpose.MATCH_FIRM,),
)
_FIRM_FUND = PairKind(
    "firm-fund",
    anchor=ItemKind.FUND,
    candidate=ItemKind.FIRM,
    gates=("open", "industry_scope", "city_scope", "stage_scope", "valuation_limit", "ticket_limit"),
    features=(
        FeatureUse("scope_words", 0.5),
        FeatureUse("in_scope"),
        FeatureUse("home_city"),
        FeatureUse("stage"),
        FeatureUse("ticket"),
    ),
    constant=-3.0,
)

_TEAM_DIRECTION = replace(_PERSON_DIRECTION, key="team-direction", candidate=ItemKind.TEAM)
_TEAM_POSITION = PairKind(
    "team-position",
    anchor=ItemKind.POSITION,
    candidate=ItemKind.TEAM,
    gates=("open", "consent"),
    features=(
        FeatureUse("text"),
        FeatureUse("placed", 0.8),
        FeatureUse("directions", 0.3),
        FeatureUse("city", 0.75),
    ),
    constant=-4.5,
    purposes=(Purpose.MATCH_POSITION,),
)
_PERSON_CELL = PairKind(
    "person-cell",
    anchor=ItemKind.CELL,
    candidate=ItemKind.PERSON,
    gates=("open", "consent"),
    features=(
        FeatureUse("placed"),
        FeatureUse("directions", 0.5),
        FeatureUse("city"),
        FeatureUse("category"),
        FeatureUse("availability"),
    ),
    constant=-3.0,
    purposes=(Purpose.MATCH_POSITION,),
    standing=False,
)
_PERSON_TEAM = PairKind(
    "person-team",
    anchor=ItemKind.TEAM,
    candidate=ItemKind.PERSON,
    gates=("open", "consent", "not_a_member", "lacks_somebody"),
    features=(
        FeatureUse("gap_words"),
        FeatureUse("fills"),
        FeatureUse("city"),
        FeatureUse("availability"),
    ),
    constant=-3.0,
    purposes=(Purpose.MATCH_POSITION,),
    standing=False,
    by_gaps=True,
)
_SIMILAR_PERSONS = PairKind(
    "similar-persons",
    anchor=ItemKind.PERSON,
    candidate=ItemKind.PERSON,
    gates=("open", "consent"),
    features=(FeatureUse("text"), FeatureUse("field"), FeatureUse("category", 0.5)),
    constant=-3.5,
    purposes=(Purpose.MATCH_POSITION, Purpose.MATCH_FIRM),
    standing=False,
)
_SIMILAR_FIRMS = PairKind(
    "similar-firms",
    anchor=ItemKind.FIRM,
    candidate=ItemKind.FIRM,
    gates=("open",),
    features=(FeatureUse("text"), FeatureUse("field"), FeatureUse("same_stage")),
    constant=-3.5,
    standing=False,
)

KINDS: dict[str, PairKind] = {
    kind.key: kind
    for kind in (
        _PERSON_DIRECTION,
        _FIRM_DIRECTION,
        _TEAM_DIRECTION,
        _PERSON_POSITION,
        _TEAM_POSITION,
        _PERSON_FIRM,
        _FIRM_FUND,
        _PERSON_CELL,
        _PERSON_TEAM,
        _SIMILAR_PERSONS,
        _SIMILAR_FIRMS,
    )
}
STANDING = tuple(kind for kind in KINDS.values() if kind.standing)
"""The kinds that keep lists."""


def pair_kind(key: str) -> PairKind:
    """The kind with this key. Raises InvalidArgument UNKNOWN_PAIR_KIND naming those that exist."""
    if key not in KINDS:
        known = ", ".join(KINDS)
        raise InvalidArgument.field(
            "kind",
            "UNKNOWN_PAIR_KIND",
            f"没有配对类型“{key[:40]}”，可用的有：{known}",
            f"there is no kind of pair {key[:40]!r}; the kinds are: {known}",
        )
    return KINDS[key]
