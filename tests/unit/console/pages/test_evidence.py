"""The page of goals: evidence has its title however far back in the register it stands."""

from dataclasses import replace
from typing import Any

from bole.talent.v1 import evidence_pb2, evidence_service_pb2
from services.console.pages.evidence import show_targets
from tests.unit.console.pages.visiting import Nobody, visit

Record = evidence_pb2.EvidenceRecord


class Register(Nobody):
    """One goal, and a register of three pages."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def ListTargetProgress(self, *_: Any, **__: Any) -> Any:
        """Counts what stands on the second page."""
        goal = evidence_pb2.TargetProgress(value=2, counted=["evidenceRecords/late"])
        return evidence_service_pb2.ListTargetProgressResponse(targets=[goal])

    def ListEvidenceRecords(self, asked: evidence_service_pb2.ListEvidenceRecordsRequest, **__: Any) -> Any:
        """A page."""
        self.read.append(asked.page_token)
        name, token = ("early", "2") if not asked.page_token else ("late", "3")
        record = Record(name=f"evidenceRecords/{name}", title=f"佐证-{name}")
        return evidence_service_pb2.ListEvidenceRecordsResponse(records=[record], next_page_token=token)


def test_the_register_is_read_until_all_that_is_named_is_known() -> None:
    behind = Register()
    shown = bytes(show_targets(replace(visit(), backend=behind)).body).decode()
    assert "佐证-late" in shown
    assert behind.read == ["", "2"]
