from pathlib import Path

import pytest

from services.catalogue import load
from services.chassis.configuration import ConfigurationError
from services.chassis.regional import KEY, catalogue_of, require_known
from services.chassis.settings import Settings

GOOD = """
editions: [{version: "1", directions: {}}]
directions:
  - {id: local-x, industry: quantum, name_zh: 量子精密测量, name_en: Quantum sensing, basis: SYNTHETIC}
"""


def settings(path: Path) -> Settings:
    return Settings.model_validate({"data_dir": path.parent, "local_directions": path})


def test_an_installation_without_a_file_has_the_policys_catalogue(tmp_path: Path) -> None:
    assert catalogue_of(settings(tmp_path / "none.yaml")) is load()


def test_a_file_adds_to_it_and_one_that_breaks_a_rule_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "local.yaml"
    path.write_text(GOOD, "utf-8")
    assert catalogue_of(settings(path)).leaf("local-x").local
    path.write_text(GOOD.replace("quantum,", "astrology,"), "utf-8")
    with pytest.raises(ConfigurationError, match="astrology") as refused:
        catalogue_of(settings(path))
    assert refused.value.key == KEY
    with pytest.raises(ConfigurationError, match=KEY):
        catalogue_of(settings(tmp_path))


def test_directions_that_records_stand_under_must_be_known() -> None:
    require_known([])
    with pytest.raises(ConfigurationError, match="local-x"):
        require_known(["local-x"])
