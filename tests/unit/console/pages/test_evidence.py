"""The page of goals: evidence has its title however far back in the register it stands."""

from dataclasses import replace
from typing import Any

import grpc

from bole.talent.v1 import evidence_pb2, evidence_service_pb2
from services.console.pages.evidence import show_targets
from tests.unit.console.pages.visiting import Nobody, visit

Record = evidence_pb2.EvidenceRecord


class Refused(grpc.RpcError):
    """A record that the visitor may not see."""

    def code(self) -> grpc.StatusCode:
        """Not there."""
        return grpc.StatusCode.NOT_FOUND

    def details(self) -> str:
        """Said so."""
        return "none"

    def trailing_metadata(self) -> tuple[()]:
        """Nothing."""
        return ()


class Register(Nobody):
    """One goal, and a register of several pages."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def ListTargetProgress(self, *_: Any, **__: Any) -> Any:
        """Counts what stands on the second page."""
        names = [f"evidenceRecords/{each}" for each in ("early", "late", "secret")]
        goal = evidence_pb2.TargetProgress(value=3, counted=names)
        return evidence_service_pb2.ListTargetProgressResponse(targets=[goal])

    def ListEvidenceRecords(self, asked: evidence_service_pb2.ListEvidenceRecordsRequest, **__: Any) -> Any:
        """The first page."""
        self.read.append(asked.page_token)
        record = Record(name="evidenceRecords/early", title="佐证-early")
        return evidence_service_pb2.ListEvidenceRecordsResponse(records=[record], next_page_token="2")

    def GetEvidenceRecord(self, asked: evidence_service_pb2.GetEvidenceRecordRequest, **__: Any) -> Any:
        """One record; not everybody's to see."""
        self.read.append(asked.name)
        if asked.name.endswith("secret"):
            raise Refused
        return Record(name=asked.name, title="佐证-late")


def test_what_a_goal_names_is_asked_for_by_name_where_the_first_page_lacks_it() -> None:
    behind = Register()
    shown = bytes(show_targets(replace(visit(), backend=behind)).body).decode()
    assert "佐证-late" in shown
    assert "佐证-early" in shown
    assert sorted(behind.read) == ["", "evidenceRecords/late", "evidenceRecords/secret"]
