"""Signing in on this machine: a token of the installation's own key, in a name and with roles."""

import os
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.chassis.identity.identity import ROLES, Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.policy import FOR_PURPOSE
from services.cli.answers.wording import catalogue
from services.cli.session import Session, token_path
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.wording import codes

_NAME = re.compile(r"[\w.@-]{1,64}")
_DEFAULT_ROLES = ("talent_officer", "fund_manager")


def login(
    session: Session, roles: list[str], place: tuple[str, str, str], hours: int, name: str = ""
) -> None:
    """Write a token of this installation's own key, for a city, a fund or a firm of `place` alone; in the name of
    `name`, or of whoever works at this machine.

    Raises InvalidArgument for an unknown role, more than one place, or a name that no account can have.
    """
    held_roles = [_role(each) for each in roles] or _DEFAULT_ROLES
    settings = session.settings
    if settings.environment != "local":
        raise FailedPrecondition(
            Text(
                "bole login 只用于本机安装；生产环境请使用身份服务签发的令牌",
                "`bole login` is for a local installation; production takes tokens of its identity service",
            ),
            reason="NOT_LOCAL",
        )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    ensure_local_keys(settings.keys_dir)
    where = _where(*place)
    grants = [
        Grant(
            role,
            where.get("city"),
            _purposes(role),
            fund=where.get("fund"),
            firm=where.get("firm"),
        )
        for role in held_roles
    ]
    subject = name or account()
    if name and not _NAME.fullmatch(name):
        raise InvalidArgument.field(
            "--account",
            "BAD_ACCOUNT",
            f"账号“{name}”应为1至64个字母、数字、汉字或 . _ @ -",
            f"an account is 1 to 64 letters, digits and . _ @ -, not {name!r}",
        )
    token = issue_local_token(settings.keys_dir, subject, grants, timedelta(hours=hours), datetime.now(UTC))
    path = token_path(settings)
    # Written aside and renamed: nobody else can read it at any moment, whatever was there before.
    aside = path.with_name(f"{path.name}.{uuid4().hex[:8]}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    held = ", ".join(grant.role for grant in grants)
    session.output.say(
        Text(f"已登录 {subject}（{held}），{hours} 小时有效", f"signed in as {subject} ({held})")
    )


def beside(session: Session, name: str, role: str) -> Session:
    """A session of another account, for an hour: of what a second person has to look at before it counts."""
    issued = issue_local_token(
        session.settings.keys_dir, name, [Grant(role)], timedelta(hours=1), datetime.now(UTC)
    )
    return Session(session.settings, session.output, token=issued)


def _role(written: str) -> str:
    """The code of a role by its code or by what it is called. Raises InvalidArgument."""
    called = {role: codes.ROLES[role] for role in sorted(ROLES)}
    found = [role for role, said in called.items() if written in (role, said.zh, said.en)]
    if not found:
        zh, en = (
            "、".join(f"{role}（{said.zh}）" for role, said in called.items()),
            ", ".join(called),
        )
        raise InvalidArgument.field(
            "--role", "UNKNOWN_ROLE", f"没有角色“{written}”，可用：{zh}", f"no role {written!r}; use {en}"
        )
    return found[0]


def account() -> str:
    """Who works at this machine."""
    return os.environ.get("USER") or f"local-{os.getuid()}"


def _where(city: str, fund: str, firm: str) -> dict[str, str]:
    """What a grant is narrowed to. Raises InvalidArgument for an unknown city, or more than one of them."""
    given = {
        "city": catalogue().resolve_city(city, field="--city") if city else "",
        "fund": fund.removeprefix("funds/"),
        "firm": firm.removeprefix("firms/"),
    }
    where = {key: value for key, value in given.items() if value}
    if len(where) > 1:
        raise InvalidArgument.field(
            "--" + list(where)[1],
            "ONE_PLACE",
            "--city、--fund、--firm 只能选一个",
            "use one of --city, --fund and --firm",
        )
    return where


def _purposes(role: str) -> frozenset[str]:
    """All purposes that the policy knows for a role: whoever runs the machine may state any of them."""
    return frozenset(purpose for holder, purpose in FOR_PURPOSE if holder == role)
