"""Errors as the command line shows them: what, why, what to do, and the request id; then an exit status."""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.files.whole_files import FULL
from services.chassis.identity.identity import ROLES
from services.chassis.rpc.failures import Failure, read_failure
from services.cli import contexts
from services.cli.answers.printing import silence
from services.kernel.errors import BoleError, Violation
from services.kernel.text import Language, Text
from services.wording.persons import FIELDS

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
_REMEDIES = {
    "COLUMN_MISSING": Text(
        "办法：--map 模板列=文件列 说明是哪一列，--fill 模板列=值 给全部行一个值；或用 bole template 的模板",
        "remedy: say which column it is by --map COLUMN=YOURS, or give all rows a value by --fill COLUMN=VALUE; or use "
        "the template of `bole template`",
    ),
    "RUNNING_NUMBER": Text(
        "办法：--fill 编号=南通2026- 加在每行编号之前；没有 --map 编号=… 时，后接行号",
        "remedy: --fill ref=nantong-2026- goes before what each row says; without --map ref=… before the row's number",
    ),
    "SHEET_MISSING": Text(
        "办法：自有表格用 --map 模板列=文件列 说明各列，需要时加 --sheet persons、teams 或 positions",
        "remedy: for a table of your own say which column is which by --map COLUMN=YOURS, and with --sheet what it "
        "holds (persons, teams, positions)",
    ),
    "RESUME_TOKEN_INVALID": Text(
        "办法：--resume 后写完整的令牌，即“检查点”或“从此处继续”所示；没有时用 --from-start 从保留的最早事件开始",
        "remedy: give --resume the whole token, as a checkpoint or `to go on from here` shows it; without one begin "
        "with the oldest event kept, by --from-start",
    ),
    "RESUME_TOKEN_MISMATCH": Text(
        "办法：令牌只在同一账号或密钥、同样的 --kind、--anchor、--direction、--city 下有效，请照原样；"
        "条件要改时去掉 --resume，或用 --from-start",
        "remedy: a token holds for the account or key, and the --kind, --anchor, --direction and --city, that it was "
        "given to; to ask otherwise, leave --resume out or use --from-start",
    ),
    "RESUME_TOKEN_EXPIRED": Text(
        "办法：bole match find 取当前名单，再用 bole match watch --from-start 从保留的最早事件开始；"
        "只要此后的，去掉 --resume",
        "remedy: read the present lists with `bole match find`, then `bole match watch --from-start` begins with the "
        "oldest event kept; leave --resume out for what comes from now on",
    ),
    "DATABASE_FULL": Text(
        "办法：bole doctor 查看磁盘与临时目录还剩多少空间",
        "remedy: `bole doctor` shows how much room the disk and the directory of temporary files have left",
    ),
    "UNAVAILABLE": Text(
        "办法：bole status 查看服务，bole up 启动服务",
        "remedy: `bole status` shows the services, `bole up` starts them",
    ),
    "CORRECTS_ANOTHER": Text(
        "办法：--corrects reports/… 写所更正的报告，--reason 写更正了什么",
        "remedy: name the report by --corrects reports/…, and by --reason what is corrected",
    ),
    "SAME_HAND": Text(
        "办法：由另一账号办理；在一台机器上试，可用 bole login --account NAME",
        "remedy: let another account do it; to try it on one machine, `bole login --account NAME`",
    ),
    "RECUSED": Text(
        "办法：关系不存在或已结束的，bole interest declare deals/… 再次声明",
        "remedy: if there is no tie, or no more, declare again by `bole interest declare deals/…`",
    ),
    "COI_UNDECLARED": Text(
        "办法：bole interest declare deals/… 声明与企业的利益关系，没有的不写种类",
        "remedy: say by `bole interest declare deals/…` what ties you to the firm, without a kind if nothing does",
    ),
    "KEY_INVALID": Text(
        "办法：核对 BOLE_KEY 或 --key；密钥已停用或过期的，用另一个密钥，或请管理员 bole partner-key create partners/…",
        "remedy: check BOLE_KEY or --key; for one that was revoked or has expired take the other one, or have the "
        "administrator make another by `bole partner-key create partners/…`",
    ),
    "UNAUTHENTICATED": Text("办法：bole login 重新登录", "remedy: sign in with `bole login`"),
    "PERMISSION_DENIED": Text(
        "办法：bole login --role 换用有权限的角色，或用 --purpose 写明使用目的",
        "remedy: `bole login --role` takes another role; --purpose states why you look",
    ),
}


_PLACES = {
    errno.ENOENT: Text(
        "没有这个文件或文件夹；请检查路径，文件夹须先建立",
        "no such file or folder; check the path, and make the folder first",
    ),
    errno.EACCES: Text(
        "没有权限；请换一个位置，或取得权限", "no permission; choose another place, or get it"
    ),
    errno.EISDIR: Text("是文件夹；请写明其中的文件名", "is a folder; name a file in it"),
    errno.EROFS: Text(
        "所在磁盘只读；请换一个位置", "lies on a disk that is read alone; choose another place"
    ),
}


@contextmanager
def shown(language: Language) -> Iterator[None]:
    """Turn a failure of the block into a message on standard error and SystemExit."""
    try:
        yield
    except grpc.RpcError as error:
        _tell(failure_lines(read_failure(error), language))
        raise SystemExit(EXIT_FAILED) from None
    except BoleError as error:
        _tell(error_lines(error, language))
        wrong_setting = isinstance(error, ConfigurationError)
        raise SystemExit(EXIT_CONFIGURATION if wrong_setting else EXIT_FAILED) from None
    except UnicodeEncodeError as error:
        if not (lines := _no_text(language)):
            raise
        _tell(lines)
        raise SystemExit(EXIT_FAILED) from error
    except OSError as error:
        raise SystemExit(unwritten(error, language)) from None
    except KeyboardInterrupt:
        raise SystemExit(EXIT_INTERRUPTED) from None


def unwritten(error: OSError, language: Language) -> int:
    """Tell of a file or of standard output that could not be written; the exit status."""
    if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as `head` does
        silence()
        return EXIT_FAILED
    try:
        sys.stdout.flush()
    except OSError:  # once is enough
        silence()
    _tell([_no_room(error, language) or _not_there(error, language)])
    return EXIT_FAILED


def _no_text(language: Language) -> list[str]:
    """What of the command is no text, as what a terminal of another encoding sends; names of files may be any bytes."""
    odd = [each for each in sys.argv[1:] if each != _as_text(each)]
    return [
        Text(
            f"✗ “{_as_text(each)}”不是 UTF-8 文字；请把终端与 LANG 都设为 UTF-8 后重新输入 [NOT_TEXT]",
            f"✗ {_as_text(each)!r} is no UTF-8 text; set the terminal and LANG to UTF-8 and type it again [NOT_TEXT]",
        ).to(language)
        for each in odd
    ]


def _as_text(argument: str) -> str:
    return argument.encode(errors="surrogateescape").decode(errors="replace")


def _not_there(error: OSError, language: Language) -> str:
    """What is the matter with the place of a file, called as it was given: a file is written beside its place first."""
    place = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if place is not None and place.suffix == ".part":
        place = place.with_name(place.name.removeprefix(".").removesuffix(".part"))
    why = _PLACES.get(error.errno or 0)
    said = why.to(language) if why else error.strerror or str(error)
    return f"✗ {place} {said}" if place else f"✗ {said}"


def _no_room(error: OSError, language: Language) -> str:
    """That a disk is full, in the reader's language; empty for any other error."""
    if error.errno not in FULL:
        return ""
    zh, en = (f"文件 {error.filename} ", f" {error.filename}") if error.filename else ("文件", "")
    return Text(
        f"✗ 磁盘空间不足，{zh}未写完；请在目标目录或临时目录腾出空间后重试",
        f"✗ the disk is full, and the file{en} was not written; free some room where it goes, or where temporary "
        "files lie, and try again",
    ).to(language)


def failure_lines(failure: Failure, language: Language) -> list[str]:
    """A failed call: what is wrong, where, what to do, and the id under which the service logged it."""
    lines = [f"✗ {failure.text.to(language)} [{failure.code} {failure.reason}]"]
    lines += _fields(failure.violations, failure.text, language)
    remedy = _REMEDIES.get(failure.reason) or _REMEDIES.get(failure.code)
    remedy = _other_role(failure.metadata.get("roles", "")) or remedy
    if remedy is not None and (deal := failure.metadata.get("resource", "")).startswith("deals/"):
        remedy = Text(remedy.zh.replace("deals/…", deal), remedy.en.replace("deals/…", deal))
    if remedy is not None and "bole login" in remedy.en and (name := contexts.name_in_use(os.environ)):
        remedy = _of_context(name)
    if remedy is not None:
        lines.append(f"  {remedy.to(language)}")
    if failure.request_id:
        lines.append(f"  request id: {failure.request_id}")
    return lines


def _other_role(those_that_may: str) -> Text | None:
    """How to take one of these roles; None where nobody signs in with any of them."""
    roles = those_that_may.split(", ")
    staff = [each for each in roles if each in ROLES - {"partner", "partner_reader", "service"}]
    ways = [f"bole login --role {each}" for each in staff] + ["BOLE_KEY=…"] * ("partner" in roles)
    if not ways:
        return None
    return Text(
        f"办法：换用有权限的身份：{'、'.join(ways)}", f"remedy: take a role that may: {', '.join(ways)}"
    )


def _of_context(name: str) -> Text:
    """What to do where this machine's sign-in is not asked."""
    add = f"bole context add {name} --token-file FILE"
    return Text(
        f"办法：在连接（{name}）处取得有此权限且未过期的令牌，再运行 {add}",
        f"remedy: get a token that may, and has not expired, where the context ({name}) is, then run {add}",
    )


def error_lines(error: BoleError, language: Language) -> list[str]:
    """An error found on this side, before anything was asked."""
    return [
        f"✗ {error.text.to(language)} [{error.reason}]",
        *_fields(error.violations, error.text, language),
    ]


def _fields(violations: Iterable[Violation], said: Text, language: Language) -> list[str]:
    """The fields at fault; what the first line has said already is not repeated."""
    return [
        f"  {_field(each.field, language)}"
        if each.text == said
        else _named(each.field, each.text.to(language))
        for each in violations
        if each.field or each.text != said
    ]


def _field(field: str, language: Language) -> str:
    """The path of a field, after what people call it where it is one of a person's."""
    called = FIELDS.get(field.removeprefix("person.")) if field.startswith("person.") else None
    return field if called is None else f"{called.to(language)} ({field})"


def _named(field: str, text: str) -> str:
    return f"  {text}" if text.startswith(field) else f"  {field}: {text}"


def _tell(lines: Iterable[str]) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
