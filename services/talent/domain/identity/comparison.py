"""Two records side by side: what each field says, the sum, and the band that follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from services.talent.domain.identity import outcomes
from services.talent.domain.identity.method import GROUPS, Method
from services.talent.domain.identity.outcomes import Outcome
from services.talent.domain.identity.person_name import NameAgreement, PersonName, agree
from services.talent.domain.identity.traits import Traits

_BY_SOUND = frozenset({NameAgreement.SOUND, NameAgreement.SPELLING, NameAgreement.INITIALS})


class Band(StrEnum):
    """What should happen to a pair."""

    LINK = "LINK"
    REVIEW = "REVIEW"
    APART = "APART"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one feature says: its `outcome`, and the bits that it adds. The prior is a feature too."""

    feature: str
    outcome: str
    bits: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The evidence in a fixed order, its sum in bits (log2 of the odds), and the band."""

    evidence: tuple[Evidence, ...]
    bits: float
    band: Band

    @property
    def millibits(self) -> int:
        """The sum in thousandths of a bit."""
        return round(self.bits * 1000)

    @property
    def twice_in_a_list(self) -> bool:
        """Whether the names agree in every character, and a telephone or mail address does, and no strong key differs:
        in one list that is worth a look, however little else agrees.
        """
        said = {each.feature: each.outcome for each in self.evidence}
        return (
            said["name"] == NameAgreement.CHARACTERS.value
            and "same" in (said.get("phone"), said.get("email"))
            and "different" not in (said.get("id_number"), said.get("orcid"))
        )

    @property
    def probability(self) -> float:
        """That both records are of one person, if prior and weights are right."""
        return probability(self.bits)


def probability(bits: float) -> float:
    """The chance that goes with odds of 2 to the power of `bits`."""
    return 1 / (1 + 2 ** -min(max(bits, -1000.0), 1000.0))


def compare(left: Traits, right: Traits, method: Method) -> Comparison:
    """Weigh two records. The order of the two changes nothing."""
    name, name_bits = _names(left, right, method)
    evidence = [
        Evidence("prior", "prior", method.prior_bits),
        Evidence("name", name.value, name_bits),
        *(
            Evidence(each.feature, each.outcome, method.fields[each.feature][each.outcome].bits)
            for each in _outcomes(left, right)
        ),
    ]
    bits = sum(each.bits for each in evidence)
    return Comparison(tuple(evidence), bits, _band(left, right, name, evidence, bits, method))


def conflicting_keys(left: Traits, right: Traits) -> tuple[str, ...]:
    """The kinds of strong key that both have and that differ: two people, or a wrong key."""
    theirs = right.strong_keys
    return tuple(kind for kind, value in left.strong_keys.items() if theirs.get(kind, value) != value)


def _band(
    left: Traits,
    right: Traits,
    name: NameAgreement,
    evidence: list[Evidence],
    bits: float,
    method: Method,
) -> Band:
    strong = any(each.feature in ("id_number", "orcid") and each.outcome == "same" for each in evidence)
    groups = {
        GROUPS[each.feature]
        for each in evidence
        if each.feature in GROUPS and each.bits >= method.counted_bits
    }
    if bits < method.review_bits and not strong:
        return Band.APART
    if conflicting_keys(left, right):
        return Band.REVIEW if strong else Band.APART
    if name in _BY_SOUND and not strong and not groups:
        return Band.APART
    if bits >= method.link_bits and name is NameAgreement.CHARACTERS and (strong or len(groups) >= 2):
        return Band.LINK
    return Band.REVIEW


def _names(left: Traits, right: Traits, method: Method) -> tuple[NameAgreement, float]:
    """The best agreement of any name of one with any name of the other."""
    pairs = [(a, b) for a in left.names for b in right.names]
    found = [
        (agreement, _name_bits(agreement, a, b, method)) for a, b in pairs for agreement in (agree(a, b),)
    ]
    return max(found, key=lambda each: each[1])


def _name_bits(agreement: NameAgreement, left: PersonName, right: PersonName, method: Method) -> float:
    match agreement:
        case NameAgreement.CHARACTERS:
            return log2(method.name_same / left.share)
        case NameAgreement.ONE_CHARACTER_OFF:
            near = max(left.near_share, right.near_share)
            return min(method.near_cap, log2(method.name_near / near))
        case NameAgreement.SOUND:
            return method.sound_bits
        case NameAgreement.SPELLING:
            return method.spelling_bits
        case NameAgreement.INITIALS:
            return method.initials_bits
        case NameAgreement.NONE:
            return method.different_bits


def _outcomes(left: Traits, right: Traits) -> Iterator[Outcome]:
    yield from outcomes.keys(left, right)
    yield from outcomes.contact_and_work(left, right)
    yield from outcomes.birth_and_education(left, right)
    yield from outcomes.directions_and_city(left, right)
    yield from outcomes.teams(left, right)
