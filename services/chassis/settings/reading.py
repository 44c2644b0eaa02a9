"""Reading the settings from the environment, and saying what is wrong with them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.chassis.configuration import ConfigurationError
from services.chassis.settings.whole import Settings
from services.kernel.text import Text

PREFIX = "BOLE_"
_IN_FILE = "_file"
_SECRET = "identity_client_secret"  # noqa: S105 (the name of a setting)
_PASSWORD = re.compile(r"://[^/?#]*:[^/?#]*@|[?&]password=")


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`; a key of the prefix that is unknown, empty or wrong is an error.

    `BOLE_X_FILE` names a file that holds the value of `BOLE_X`: for addresses with passwords in them, which production
    takes from files alone, because an environment is seen by whoever sees the process.
    Raises one ConfigurationError that names every wrong key and the remedy.
    """
    named = {name[len(PREFIX) :].lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    given: dict[str, str] = {}
    faults: list[ConfigurationError] = []
    for field, value in named.items():
        try:
            given.update([_filled(*_read(field, value, named))])
        except ConfigurationError as fault:
            faults.append(fault)
    if given.get("environment") == "production":
        faults += [_in_the_open(field) for field, value in named.items() if _holds_a_secret(field, value)]
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        faults += map(_explain, error.errors(include_url=False))
    if faults:
        raise ConfigurationError.together(faults)
    return settings


def _filled(field: str, value: str) -> tuple[str, str]:
    if value.strip():
        return field, value
    raise ConfigurationError(
        _key(field), "值为空，请删除该变量或填写取值", "is empty; unset it or give it a value"
    )


def _read(field: str, value: str, named: Mapping[str, str]) -> tuple[str, str]:
    """A setting and its value, which may be in a file."""
    setting = field.removesuffix(_IN_FILE)
    if setting == field or setting not in Settings.model_fields:
        return field, value
    if setting in named:
        raise ConfigurationError(
            _key(field),
            f"与 {_key(setting)} 只能取其一",
            f"and {_key(setting)} say the same; use one of them",
        )
    try:
        return setting, Path(value).read_text().strip()
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            _key(field), "无法读取所指的文件，请提供该文件", "names a file that cannot be read; provide it"
        ) from error


def _holds_a_secret(field: str, value: str) -> bool:
    of_a_database = field.endswith("_database_url") and _PASSWORD.search(value) is not None
    return of_a_database or field == _SECRET


def without_secrets(variable: str, value: str) -> Text:
    """A setting as it may be shown: of an address user, host, port and path, never its password; nothing of a secret
    and of what is no setting.
    """
    field = variable.removeprefix(PREFIX).lower()
    address, asked, query = value.partition("?")
    unclear = "@" in query  # a password may have both marks, and what stands behind it is then not told apart
    if field.removesuffix(_IN_FILE) not in Settings.model_fields or field == _SECRET or unclear:
        return Text("（已设置，不显示）", "(set, not shown)")
    kind, mark, rest = address.partition("://") if "://" in address else ("", "", address)
    login, at, place = rest.rpartition("@")
    user, hidden, _ = login.partition(":")
    said = f"{kind}{mark}{user}{':***' if hidden else ''}{at}{place}{'?…' if asked else ''}"
    return Text(said, said)


def _in_the_open(field: str) -> ConfigurationError:
    file = _key(field + _IN_FILE)
    return ConfigurationError(
        _key(field),
        f"生产环境的口令与密钥不得直接写在环境变量中，请写入文件并改用 {file}",
        f"holds a secret, which production takes from a file alone; put it in one and name that by {file}",
    )


def describe() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every setting, for `--help`."""
    return list(_described())


def _described() -> Iterator[tuple[str, str, str]]:
    for name, field in Settings.model_fields.items():
        yield _key(name), "" if field.default is None else str(field.default), field.description or ""


def _key(field: str) -> str:
    return PREFIX + field.upper()


def _explain(problem: ErrorDetails) -> ConfigurationError:
    """Say what is wrong without repeating the value: it may hold a password."""
    key = _key(str(problem["loc"][0]))
    if problem["type"] == "extra_forbidden":
        return ConfigurationError(
            key,
            "没有这个设置项，请检查拼写（--help 列出全部设置）",
            "is not a setting; check its spelling (--help lists them all)",
        )
    rule = problem["msg"].removeprefix("Value error, ")
    return ConfigurationError(
        key, f"取值不合要求（{rule}），请更正", f"has a wrong value ({rule}); correct it"
    )
