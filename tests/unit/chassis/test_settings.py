from pathlib import Path

import pytest

from services.chassis.configuration import ConfigurationError
from services.chassis.settings import describe, load_settings, without_secrets


def test_defaults_follow_the_data_directory() -> None:
    settings = load_settings({"BOLE_DATA_DIR": "/srv/bole", "PATH": "/bin"})
    assert settings.keys_dir == Path("/srv/bole/keys")
    assert settings.database_url("talent") == "sqlite:////srv/bole/talent.db"
    assert settings.log_url == "sqlite:////srv/bole/log.db"
    assert settings.funding_address == "127.0.0.1:50052"


def test_settings_cannot_be_changed() -> None:
    settings = load_settings({})
    with pytest.raises(ValueError, match="frozen"):
        settings.rpc_threads = 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BOLE_TALENT_ADRESS", "127.0.0.1:1"),
        ("BOLE_TALENT_ADDRESS", "localhost"),
        ("BOLE_TALENT_ADDRESS", "localhost:99999"),
        ("BOLE_TALENT_ADDRESS", ""),
        ("BOLE_FUNDING_DATABASE_URL", "mysql://user:secret@host/db"),
        ("BOLE_FUNDING_DATABASE_URL", "sqlite://"),
        ("BOLE_FUNDING_DATABASE_URL", "postgresql:///"),
        ("BOLE_LOG_URL", "postgresql://host/db"),
        ("BOLE_LOG_URL", "kafka://host:9093?tls="),
        ("BOLE_LOG_URL", "kafka://host:9093?password=secret"),
        ("BOLE_TALENT_HEALTH_ADDRESS", "9191"),
        ("BOLE_IDENTITY_KEYS", "https://sso.example.gov/keys"),
        ("BOLE_NOTHING_FILE", "/etc/hosts"),
        ("BOLE_DRAIN_SECONDS", "10s"),
        ("BOLE_DRAIN_SECONDS", "-1"),
        ("BOLE_RPC_THREADS", "0"),
        ("BOLE_RPC_THREADS", "1000000000000"),
        ("BOLE_ENVIRONMENT", "prod"),
        ("BOLE_LOG_LEVEL", "loud"),
        ("BOLE_FAILPOINT", "relay.after_mark"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(key: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({key: value})
    assert caught.value.key == key
    assert key in caught.value.text.zh
    assert key in caught.value.text.en
    assert "secret" not in str(caught.value)


def test_all_faults_are_named_in_one_line(tmp_path: Path) -> None:
    wrong = {
        "BOLE_TALENT_ADRESS": "127.0.0.1:1",
        "BOLE_LOG_LEVEL": "loud",
        "BOLE_DATA_DIR": " ",
        "BOLE_FUNDING_DATABASE_URL": "mysql://user:secret@host/db",
        "BOLE_LOG_URL_FILE": str(tmp_path / "none"),
        "BOLE_PARTNER_AUTHORITIES": str(tmp_path / "without-tls.crt"),
    }
    with pytest.raises(ConfigurationError) as caught:
        load_settings({**wrong, "BOLE_RPC_THREADS": "8"})
    for said in (caught.value.text.zh, caught.value.text.en):
        assert all(said.count(key) >= 1 for key in wrong)
        assert "BOLE_RPC_THREADS" not in said
        assert "secret" not in said
        assert "\n" not in said
    assert caught.value.text.zh.startswith(f"{caught.value.key}：")


def test_crash_tests_are_refused_in_production() -> None:
    with pytest.raises(ConfigurationError, match="BOLE_FAILPOINT"):
        load_settings({"BOLE_ENVIRONMENT": "production", "BOLE_FAILPOINT": "relay.after_mark:1"})


@pytest.mark.parametrize("keys", [None, "http://sso.example.gov/keys", "ftp://127.0.0.1/keys"])
def test_an_identity_service_publishes_its_keys_where_nobody_changes_them(keys: str | None) -> None:
    given = {"BOLE_IDENTITY_ISSUER": "https://sso.example.gov"} | (
        {"BOLE_IDENTITY_KEYS": keys} if keys else {}
    )
    with pytest.raises(ConfigurationError) as caught:
        load_settings(given)
    assert caught.value.key == "BOLE_IDENTITY_KEYS"


SIGN_IN = {
    "BOLE_IDENTITY_ISSUER": "https://sso.example.gov",
    "BOLE_IDENTITY_KEYS": "https://sso.example.gov/keys",
    "BOLE_IDENTITY_CLIENT": "bole-console",
    "BOLE_IDENTITY_CLIENT_SECRET": "secret-of-the-client",
}


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("BOLE_IDENTITY_CLIENT", {"BOLE_IDENTITY_CLIENT_SECRET": None}),
        ("BOLE_IDENTITY_CLIENT", {"BOLE_IDENTITY_CLIENT": None}),
        ("BOLE_IDENTITY_CLIENT", {"BOLE_IDENTITY_ISSUER": None, "BOLE_IDENTITY_KEYS": None}),
        ("BOLE_IDENTITY_CLIENT", {"BOLE_IDENTITY_ISSUER": "http://sso.example.gov"}),
        ("BOLE_IDENTITY_CLIENT", {"BOLE_IDENTITY_ISSUER": "https://[sso"}),
        ("BOLE_IDENTITY_CLIENT_SECRET", {"BOLE_IDENTITY_CLIENT_SECRET": "secret"}),
        ("BOLE_IDENTITY_SCOPE", {"BOLE_IDENTITY_SCOPE": "profile"}),
    ],
)
def test_a_client_of_an_identity_service_is_whole(key: str, changes: dict[str, str | None]) -> None:
    assert load_settings(SIGN_IN).identity_client == "bole-console"
    given = {name: value for name, value in {**SIGN_IN, **changes}.items() if value is not None}
    with pytest.raises(ConfigurationError) as caught:
        load_settings(given)
    assert key in str(caught.value)
    assert "secret-of" not in str(caught.value)


def test_a_value_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "uri"
    file.write_text("postgresql://bole:secret@talent-rw/bole\n")
    settings = load_settings({"BOLE_TALENT_DATABASE_URL_FILE": str(file)})
    assert settings.database_url("talent") == "postgresql://bole:secret@talent-rw/bole"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BOLE_TALENT_DATABASE_URL", "postgresql://bole:secret-of-bole@talent-rw/bole"),
        ("BOLE_MATCHER_DATABASE_URL", "postgresql://matcher-rw/bole?user=bole&password=secret-of-bole"),
        ("BOLE_IDENTITY_CLIENT_SECRET", "secret-of-the-client"),
    ],
)
def test_production_takes_secrets_from_files_alone(tmp_path: Path, key: str, value: str) -> None:
    local = {name: said for name, said in SIGN_IN.items() if name != key} | {key: value}
    production = {**local, "BOLE_ENVIRONMENT": "production"}
    in_a_file = "BOLE_IDENTITY_CLIENT_SECRET_FILE"
    if key + "_FILE" != in_a_file:
        (tmp_path / "client").write_text(production.pop("BOLE_IDENTITY_CLIENT_SECRET"))
        production[in_a_file] = str(tmp_path / "client")
    load_settings(local)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(production)
    assert caught.value.key == key
    for said in (caught.value.text.zh, caught.value.text.en):
        assert f"{key}_FILE" in said
        assert "secret-of" not in said
    (tmp_path / "value").write_text(value)
    del production[key]
    load_settings({**production, f"{key}_FILE": str(tmp_path / "value")})
    load_settings(
        {"BOLE_ENVIRONMENT": "production", "BOLE_TALENT_DATABASE_URL": "postgresql://talent-rw/bole"}
    )


@pytest.mark.parametrize("also", [{}, {"BOLE_TALENT_DATABASE_URL": "sqlite:////srv/talent.db"}])
def test_a_file_that_is_not_there_or_not_alone_is_named(tmp_path: Path, also: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"BOLE_TALENT_DATABASE_URL_FILE": str(tmp_path / "uri")} | also)
    assert caught.value.key == "BOLE_TALENT_DATABASE_URL_FILE"


def test_a_wrong_value_in_a_file_is_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "uri"
    file.write_text("mysql://bole:secret@host/bole")
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"BOLE_TALENT_DATABASE_URL_FILE": str(file)})
    assert "secret" not in str(caught.value)


def test_every_setting_is_described() -> None:
    described = describe()
    assert all(doc for _, _, doc in described)
    assert ("BOLE_RPC_THREADS", "16", "threads that run unary calls") in described


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("BOLE_TALENT_DATABASE_URL", "postgresql://u:p@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("BOLE_TALENT_DATABASE_URL", "postgresql://u:p@s/w:d@h/d", "postgresql://u:***@h/d"),
        ("BOLE_TALENT_DATABASE_URL", "postgresql://u:p?w@h/d", "(set, not shown)"),
        ("BOLE_TALENT_DATABASE_URL", "postgresql://h/d?password=p@x", "(set, not shown)"),
        ("BOLE_TALENT_DATABASE_URL", "postgresql://h/d?password=p", "postgresql://h/d?…"),
        ("BOLE_TALENT_DATABASE_URL", "sqlite:////data/talent.db", "sqlite:////data/talent.db"),
        ("BOLE_TALENT_DATABASE_URL_FILE", "/run/secrets/url", "/run/secrets/url"),
        ("BOLE_LOG_URL", "kafka://a:9092,b:9092", "kafka://a:9092,b:9092"),
        ("BOLE_TALENT_ADDRESS", "127.0.0.1:50051", "127.0.0.1:50051"),
        ("BOLE_IDENTITY_CLIENT_SECRET", "p", "(set, not shown)"),
        ("BOLE_IDENTITY_CLIENT_SECRET_FILE", "/run/secrets/client", "/run/secrets/client"),
        ("BOLE_KEY", "p", "(set, not shown)"),
    ],
)
def test_a_setting_is_shown_without_what_is_secret_in_it(variable: str, value: str, shown: str) -> None:
    assert without_secrets(variable, value).en == shown
