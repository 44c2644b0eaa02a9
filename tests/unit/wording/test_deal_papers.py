"""The kinds of documents that a form offers are those of the domain."""

from services.funding.domain.deal.evidence import EvidenceKind
from services.wording.deal_papers import PAPERS


def test_every_kind_is_offered_by_its_name_but_what_an_import_rests_on() -> None:
    known = {kind.name: kind.label for kind in EvidenceKind if kind is not EvidenceKind.SOURCE_DOCUMENT}
    assert known == PAPERS
