from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.deal.evidence import (
    Evidence,
    EvidenceKind,
    Requirement,
    examine_evidence,
    missing_evidence,
)
from services.funding.domain.findings import Findings
from tests.unit.funding.cases import AT

NEEDED = (Requirement(EvidenceKind.EXPERT_OPINION, 2),)


def paper(digit: str = "a", kind: EvidenceKind = EvidenceKind.EXPERT_OPINION, seconds: int = 0) -> Evidence:
    return Evidence(kind, "意见", digit * 64, AT + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ((paper("a"), paper("b")), 0),
        ((paper("a"), paper("a")), 1),
        ((paper("a"), paper("b", seconds=1)), 1),
        ((paper("a"), paper("b", kind=EvidenceKind.RISK_LIST)), 1),
    ],
)
def test_two_different_papers_in_time_are_needed(given: tuple[Evidence, ...], short: int) -> None:
    assert len(missing_evidence(NEEDED, given, frozenset(), AT)) == short


def test_a_late_paper_is_called_late() -> None:
    (violation,) = missing_evidence(NEEDED, (paper("a"), paper("b", seconds=1)), frozenset(), AT)
    assert violation.field == "evidence.EXPERT_OPINION"
    assert "晚于决策时间" in violation.text.zh
    assert "外部专家意见" in violation.text.zh


@given(st.integers(-10, 10))
def test_a_paper_counts_exactly_when_received_by_the_decision(seconds: int) -> None:
    item = paper(seconds=seconds)
    assert item.is_late(AT) == (seconds > 0)
    assert bool(missing_evidence([Requirement(item.kind)], [item], frozenset(), AT)) == (seconds > 0)


def test_minutes_serve_one_decision_only_and_reports_serve_again() -> None:
    minutes, report = paper(kind=EvidenceKind.INTERNAL_MINUTES), paper(kind=EvidenceKind.DD_LEGAL)
    spent = frozenset({"a" * 64})
    assert missing_evidence([Requirement(minutes.kind)], [minutes], spent, AT)
    assert not missing_evidence([Requirement(report.kind)], [report], spent, AT)


def test_papers_without_title_or_digest_are_found() -> None:
    findings = Findings()
    examine_evidence([Evidence(EvidenceKind.ANSWERS, " ", "A" * 64, AT)], AT, findings)
    assert [v.field for v in findings.violations] == ["evidence[0].title", "evidence[0].sha256"]
