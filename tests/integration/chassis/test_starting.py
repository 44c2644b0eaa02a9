"""A process before a PostgreSQL and a Kafka that are away, and before a PostgreSQL that says no."""

import time
from pathlib import Path

import pytest
from sqlalchemy import make_url

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.log.kafka_log import KafkaLog
from services.chassis.log.log import TopicPolicy
from services.chassis.process.starting import wait_for_database, wait_for_log
from services.chassis.settings import load_settings
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import expected_version
from services.cli.running import processes
from services.talent.app import BLUEPRINT
from tests.servers import nursery
from tests.servers.authority import Authority
from tests.servers.ports import free_port
from tests.servers.schemas import give_schema

KEY = "BOLE_TALENT_DATABASE_URL"


class WaitedError(Exception):
    """It would wait."""


def waits(_seconds: float) -> None:
    raise WaitedError


def asked(url: str) -> None:
    database = Database(open_engine(url))
    try:
        wait_for_database(KEY, database.engine, waits)
    finally:
        database.close()


def test_a_database_that_answers_is_not_waited_for(postgres_url: str) -> None:
    asked(postgres_url)


def test_a_database_that_says_no_is_named(postgres_url: str) -> None:
    url = make_url(postgres_url)
    wrong = {
        "password": url.set(password="canary"),
        "user": url.set(username="canary"),
        "name": url.set(database="canary"),
        "a replica": url.update_query_dict({"options": "-c default_transaction_read_only=on"}),
    }
    for what, each in wrong.items():
        with pytest.raises(ConfigurationError) as caught:
            asked(each.render_as_string(hide_password=False))
        assert caught.value.key == KEY, what
        assert "canary" not in str(caught.value), what


def test_a_database_without_the_tls_that_is_asked_for_is_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authority().issue(tmp_path)
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(tmp_path / "ca.crt"))
    with pytest.raises(ConfigurationError) as caught:
        asked(postgres_url)
    assert caught.value.key == KEY


def test_a_server_that_is_not_there_is_waited_for(postgres_url: str) -> None:
    url = make_url(postgres_url).set(port=free_port())
    with pytest.raises(WaitedError):
        asked(url.render_as_string(hide_password=False))


def test_a_name_that_nobody_knows_is_waited_for(postgres_url: str) -> None:
    url = make_url(postgres_url).set(host="nowhere.invalid")
    with pytest.raises(WaitedError):
        asked(url.render_as_string(hide_password=False))
    log = KafkaLog("nowhere.invalid:9092", timeout_seconds=0.2)
    with pytest.raises(WaitedError):
        wait_for_log("BOLE_LOG_URL", lambda: log.ensure_topics({"a": TopicPolicy.COMPACT}), waits)
    log.close()


def test_a_service_on_the_database_of_another_ends_and_before_its_migration_says_what_it_waits_for(
    tmp_path: Path,
) -> None:
    settings = processes.free_addresses(load_settings({"BOLE_DATA_DIR": str(tmp_path)}))
    give_schema("funding", settings.talent_database_url)
    ended = nursery.run("services.talent", ["serve"], processes.environment(settings))
    assert ended.returncode == EXIT_CONFIGURATION, ended.stderr
    assert KEY in ended.stderr
    assert "service funding, not of talent" in ended.stderr

    empty = settings.model_copy(update={"talent_database_url": f"sqlite:///{tmp_path}/empty.db"})
    said = tmp_path / "said"
    waiting = nursery.spawn("services.talent", ["serve"], processes.environment(empty), said)
    while "not ready before `migrate` has run" not in said.read_text(encoding="utf-8"):
        assert waiting.poll() is None, said.read_text(encoding="utf-8")
        time.sleep(0.02)
    waiting.terminate()
    waiting.wait()
    [line] = [each for each in said.read_text(encoding="utf-8").splitlines() if "not ready before" in each]
    assert '"none"' in line
    assert f'"{expected_version(BLUEPRINT.migrations)}"' in line


def test_a_log_that_is_not_there_is_waited_for() -> None:
    log = KafkaLog(f"127.0.0.1:{free_port()}", timeout_seconds=0.2)
    with pytest.raises(WaitedError):
        wait_for_log("BOLE_LOG_URL", lambda: log.ensure_topics({"a": TopicPolicy.COMPACT}), waits)
    log.close()
