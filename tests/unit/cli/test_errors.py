"""Failures as people see them: what, where, what to do; and the exit status."""

import errno
from typing import Any

import grpc
import pytest
from grpc import StatusCode

from services.chassis.configuration import ConfigurationError
from services.chassis.rpc.status import DETAILS_KEY, to_status
from services.cli.answers.errors import shown
from services.kernel.errors import (
    BoleError,
    InvalidArgument,
    OutOfRange,
    PermissionDenied,
    Unauthenticated,
    Unavailable,
    Violation,
)
from services.kernel.text import Language, Text

TOKEN = Text("令牌", "token")


class Refused(grpc.RpcError):
    """A failed call with the details that a service sends."""

    def __init__(self, code: StatusCode, details: bytes | None = None) -> None:
        super().__init__()
        self._code = code
        self._trailing = ((DETAILS_KEY, details),) if details else ()

    def code(self) -> StatusCode:
        return self._code

    def trailing_metadata(self) -> Any:
        return self._trailing


def told(error: Exception, language: Language, capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    with pytest.raises(SystemExit) as ended, shown(language):
        raise error
    return capsys.readouterr().err, int(str(ended.value.code))


def test_a_service_that_is_away_comes_with_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    said, status = told(Refused(StatusCode.UNAVAILABLE), "zh", capsys)
    assert "bole up" in said
    assert "UNAVAILABLE" in said
    assert status == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionDenied(TOKEN, reason="RESUME_TOKEN_INVALID"), {"zh": "完整的令牌", "en": "whole token"}),
        (PermissionDenied(TOKEN, reason="RESUME_TOKEN_MISMATCH"), {"zh": "同一账号", "en": "account or key"}),
        (
            OutOfRange(TOKEN, reason="RESUME_TOKEN_EXPIRED"),
            {"zh": "bole match find", "en": "bole match find"},
        ),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stream_that_does_not_go_on_says_how_to_begin_and_not_to_sign_in(
    error: BoleError, said: dict[str, str], language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Refused(StatusCode.PERMISSION_DENIED, to_status(error, "req-1").SerializeToString())
    lines, status = told(refused, language, capsys)
    assert said[language] in lines
    assert "--from-start" in lines
    assert "bole login" not in lines
    assert status == 1


@pytest.mark.parametrize("reason", ["RECUSED", "COI_UNDECLARED"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_whom_a_tie_keeps_out_is_told_of_declaring_and_not_to_sign_in(
    reason: str, language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    error = to_status(PermissionDenied(TOKEN, reason=reason), "req-1")
    lines, _ = told(Refused(StatusCode.PERMISSION_DENIED, error.SerializeToString()), language, capsys)
    assert "bole interest declare" in lines
    assert "bole login" not in lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_partner_whose_key_does_not_count_is_told_of_keys_and_not_to_sign_in(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    error = to_status(Unauthenticated(TOKEN, reason="KEY_INVALID"), "req-1")
    lines, _ = told(Refused(StatusCode.UNAUTHENTICATED, error.SerializeToString()), language, capsys)
    assert "BOLE_KEY" in lines
    assert "bole login" not in lines


@pytest.mark.parametrize(("language", "words"), [("zh", "磁盘空间不足"), ("en", "the disk is full")])
def test_a_full_disk_is_told_in_the_readers_language(
    language: Language, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    full = to_status(Unavailable(TOKEN, reason="DATABASE_FULL"), "req-1").SerializeToString()
    said, _ = told(Refused(StatusCode.UNAVAILABLE, full), language, capsys)
    assert "bole doctor" in said
    assert "bole up" not in said
    said, status = told(OSError(errno.ENOSPC, "No space left on device", "out.xlsx"), language, capsys)
    assert words in said
    assert "out.xlsx" in said
    assert status == 1


def test_a_wrong_setting_is_status_78(capsys: pytest.CaptureFixture[str]) -> None:
    said, status = told(ConfigurationError("BOLE_X", "没有", "is not a setting"), "en", capsys)
    assert "BOLE_X: is not a setting" in said
    assert status == 78


def test_a_rich_error_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    cause = InvalidArgument.of(
        Violation("filter", "UNKNOWN_FIELD", Text("没有字段 x", "no field x")),
        Violation("page_size", "OUT_OF_RANGE", Text("超出范围", "out of range")),
    )
    refused = Refused(StatusCode.INVALID_ARGUMENT, to_status(cause, "req-1").SerializeToString())
    said, _ = told(refused, "zh", capsys)
    assert "没有字段 x" in said
    assert "[INVALID_ARGUMENT UNKNOWN_FIELD]" in said
    assert "  page_size: 超出范围" in said
    assert "request id: req-1" in said
    assert "  filter: no field x" in told(refused, "en", capsys)[0]


def test_every_field_is_named_and_nothing_is_said_twice(capsys: pytest.CaptureFixture[str]) -> None:
    one = InvalidArgument.field("--city", "UNKNOWN_CITY", "没有苏洲", "no such city")
    assert told(one, "zh", capsys)[0] == "✗ 没有苏洲 [UNKNOWN_CITY]\n  --city\n"
    two = InvalidArgument.of(Violation("a", "X", Text("甲", "A")), Violation("b", "Y", Text("乙", "B")))
    assert told(two, "en", capsys)[0] == "✗ A; B [X]\n  a: A\n  b: B\n"


def test_a_field_of_a_person_stands_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    missing = InvalidArgument.field("person.availability", "REQUIRED", "必填，请补充", "is required")
    assert "到岗意愿 (person.availability)" in told(missing, "zh", capsys)[0]
    assert "availability (person.availability)" in told(missing, "en", capsys)[0]


def test_a_file_that_cannot_be_written_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    said, status = told(PermissionError(13, "Permission denied", "/x/y"), "zh", capsys)
    assert said == "✗ /x/y 没有权限；请换一个位置，或取得权限\n"
    assert status == 1
    nowhere = FileNotFoundError(2, "No such file or directory", "/x/.report.pdf.part")
    assert told(nowhere, "en", capsys)[0].startswith("✗ /x/report.pdf no such file or folder; check the path")
    assert told(OSError(5, "Input/output error"), "en", capsys)[0] == "✗ Input/output error\n"


def test_who_would_answer_for_their_own_work_is_told_to_let_another_do_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    same = PermissionDenied(Text("须由不同人员办理", "takes three people"), reason="SAME_HAND")
    refused = Refused(StatusCode.PERMISSION_DENIED, to_status(same, "req-1").SerializeToString())
    said = told(refused, "en", capsys)[0]
    assert "another account" in said
    assert "--role" not in said


@pytest.mark.parametrize(("resource", "named"), [("deals/d1", "deals/d1"), ("firms/f1", "deals/…")])
def test_who_is_recused_is_told_how_to_declare_again(
    resource: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tied = PermissionDenied(Text("已回避", "recused"), reason="RECUSED", metadata={"resource": resource})
    refused = Refused(StatusCode.PERMISSION_DENIED, to_status(tied, "req-1").SerializeToString())
    said = told(refused, "en", capsys)[0]
    assert f"`bole interest declare {named}`" in said
    assert "--role" not in said


@pytest.mark.parametrize(
    ("roles", "command", "others"),
    [
        ("supervisor", "bole login --role supervisor", ""),
        ("admin, auditor", "bole login --role admin", "--role auditor"),
        ("partner, service", "BOLE_KEY=…", ""),
    ],
)
def test_a_missing_role_is_named_as_the_command_takes_it(
    capsys: pytest.CaptureFixture[str], roles: str, command: str, others: str
) -> None:
    why = PermissionDenied(
        Text("需要角色", "a role is missing"), reason="ROLE_MISSING", metadata={"roles": roles}
    )
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        said, _ = told(
            Refused(StatusCode.PERMISSION_DENIED, to_status(why, "req-1").SerializeToString()),
            language,
            capsys,
        )
        assert command in said
        assert others in said


def test_a_table_of_ones_own_is_told_how_to_go_in(capsys: pytest.CaptureFixture[str]) -> None:
    why = InvalidArgument.field("file", "SHEET_MISSING", "没有工作表", "no sheet")
    refused = Refused(StatusCode.INVALID_ARGUMENT, to_status(why, "req-1").SerializeToString())
    assert all("--map" in told(refused, language, capsys)[0] for language in ("zh", "en"))


def test_what_a_terminal_of_another_encoding_sends_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "氢能".encode("gbk").decode(errors="surrogateescape")
    monkeypatch.setattr("sys.argv", ["bole", "talent", "search", typed])
    said_in: tuple[tuple[Language, str], ...] = (("zh", "不是 UTF-8 文字"), ("en", "is no UTF-8 text"))
    for language, words in said_in:
        with pytest.raises(SystemExit) as ended, shown(language):
            typed.encode()
        said = capsys.readouterr().err
        assert words in said
        assert "NOT_TEXT" in said
        assert ended.value.code == 1
