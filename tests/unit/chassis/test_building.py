"""A contract that says of something not who may see or call it does not build."""

import shutil
from pathlib import Path

import pytest

from hatch_build import compile_protos
from tests.servers.workspace import REPOSITORY

_POLICY = Path("protos/bole/common/v1/policy.proto")
_NEW = """
syntax = "proto3";
package bole.common.v1;
import "bole/common/v1/policy.proto";
service NewService {
  rpc Open(NewRequest) returns (NewRequest) {
    option (bole.common.v1.access) = {roles: ["*"]};
  }
  rpc GetNew(NewRequest) returns (NewRequest)%s;
}
message NewRequest {
  message Inner {
    string note = 1%s;
  }
  string name = 1 [(bole.common.v1.level) = LEVEL_PUBLIC];
  map<string, string> labels = 2 [(bole.common.v1.level) = LEVEL_PUBLIC];
  Inner inner = 3%s;
}
"""
_LEVEL = " [(bole.common.v1.level) = LEVEL_INTERNAL]"
_NONE = " [(bole.common.v1.level) = LEVEL_UNSPECIFIED]"
_ROLES = ' {option (bole.common.v1.access) = {roles: ["auditor"]};}'
_NO_ROLES = " {option (bole.common.v1.access) = {mutates: true};}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / _POLICY).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / _POLICY, tmp_path / _POLICY)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("", _LEVEL, _LEVEL), "NewService.GetNew"),
        ((_NO_ROLES, _LEVEL, _LEVEL), "NewService.GetNew"),
        ((_ROLES, "", _LEVEL), "NewRequest.Inner.note"),
        ((_ROLES, _LEVEL, ""), "NewRequest.inner"),
        ((_ROLES, _LEVEL, _NONE), "NewRequest.inner"),
    ],
)
def test_a_method_or_a_field_without_a_policy_does_not_build(
    root: Path, given: tuple[str, str, str], named: str
) -> None:
    (root / _POLICY).with_name("new.proto").write_text(_NEW % given)
    with pytest.raises(SystemExit) as refused:
        compile_protos(root)
    assert str(refused.value).endswith(f": bole.common.v1.{named}")


def test_with_all_of_it_said_it_builds(root: Path) -> None:
    (root / _POLICY).with_name("new.proto").write_text(_NEW % (_ROLES, _LEVEL, _LEVEL))
    compile_protos(root)
    assert (root / "gen/bole/common/v1/new_pb2.py").exists()
