"""Between the contract of duplicates and the domain."""

from collections.abc import Iterable

from bole.talent.v1 import duplicate_pb2, person_pb2
from services.chassis.rpc.wire import instant_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.identity.comparison import Comparison, Evidence, probability
from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.identity.wording import text_of
from services.talent.service.people.duplicates.finding import Resemblance
from services.talent.store.people.duplicates import Suggestion

COLLECTION, JUDGEMENTS = "duplicateSuggestions", "duplicateJudgements"


def suggestion_to_wire(
    suggestion: Suggestion, left: person_pb2.Person, right: person_pb2.Person
) -> duplicate_pb2.DuplicateSuggestion:
    """A pair side by side. Of one city only if both are."""
    bits = suggestion.millibits / 1000
    return duplicate_pb2.DuplicateSuggestion(
        name=f"{COLLECTION}/{suggestion.id}",
        city_code=left.city_code if left.city_code == right.city_code else "",
        band=f"DUPLICATE_BAND_{suggestion.band.name}",
        bits=bits,
        probability=probability(bits),
        evidence=evidence_to_wire(Evidence(*each) for each in suggestion.evidence),
        left=left,
        right=right,
        unsure=suggestion.verdict is Verdict.UNSURE,
        method_version=suggestion.method,
        create_time=instant_to_wire(suggestion.found_at),
    )


def candidate_to_wire(found: Resemblance, person: person_pb2.Person) -> duplicate_pb2.DuplicateCandidate:
    """A record that a person about to be entered resembles."""
    comparison: Comparison = found.comparison
    return duplicate_pb2.DuplicateCandidate(
        city_code=person.city_code,
        person=person,
        band=f"DUPLICATE_BAND_{comparison.band.name}",
        bits=comparison.millibits / 1000,
        probability=comparison.probability,
        evidence=evidence_to_wire(comparison.evidence),
    )


def evidence_to_wire(evidence: Iterable[Evidence]) -> list[duplicate_pb2.DuplicateEvidence]:
    """The pieces of evidence with their words."""
    return [
        duplicate_pb2.DuplicateEvidence(
            feature=each.feature, outcome=each.outcome, bits=each.bits, text=text_to_wire(text_of(each))
        )
        for each in evidence
    ]


def judgement_to_wire(judgement: Judgement) -> duplicate_pb2.DuplicateJudgement:
    """A decision."""
    return duplicate_pb2.DuplicateJudgement(
        name=f"{JUDGEMENTS}/{judgement.id}",
        left=f"persons/{judgement.left}",
        right=f"persons/{judgement.right}",
        verdict=f"DUPLICATE_VERDICT_{judgement.verdict.name}",
        bits=judgement.millibits / 1000,
        reason=judgement.reason,
        automatic=judgement.automatic,
        author=judgement.author,
        create_time=instant_to_wire(judgement.created_at),
        delete_time=instant_to_wire(judgement.deleted_at) if judgement.deleted_at else None,
        deleted_by=judgement.deleted_by,
    )


def verdict_from_wire(verdict: duplicate_pb2.DuplicateVerdict) -> Verdict:
    """The verdict. Raises InvalidArgument (REQUIRED)."""
    name = duplicate_pb2.DuplicateVerdict.Name(verdict).removeprefix("DUPLICATE_VERDICT_")
    if name == "UNSPECIFIED":
        raise InvalidArgument.field(
            "verdict", "REQUIRED", "请给出判定：NEGATIVE 或 UNSURE", "give a verdict: NEGATIVE or UNSURE"
        )
    return Verdict[name]
