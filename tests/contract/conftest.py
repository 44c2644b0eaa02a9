from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.workbook.writing import write_xlsx
from tests.contract.installation import Installation, installation, start_with_sample
from tests.servers import nursery

_HERE = Path(__file__).parent
_LAST = "test_every_rpc_has_a_good_and_a_bad_request"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The test that looks back at all others comes last, and only when all others of this folder run."""
    last = [item for item in items if item.path.parent == _HERE and item.name == _LAST]
    collected = {item.path for item in items if _HERE in item.path.parents}
    whole_folder = collected == set(_HERE.rglob("test_*.py")) and not (
        config.option.keyword or config.option.markexpr or any("::" in each for each in config.args)
    )
    items[:] = [item for item in items if item not in last] + (last if whole_folder else [])
    if not whole_folder:
        config.hook.pytest_deselected(items=last)


@pytest.fixture(scope="package")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All services as processes, with the small sample in them and the index level."""
    made = installation(tmp_path_factory.mktemp("whole"), nursery.spawn, webhook_networks="127.0.0.0/8")
    start_with_sample(made)
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def book(tmp_path: Path) -> Any:
    """Makes a workbook of tables."""

    def make(**tables: list[dict[str, Any]]) -> bytes:
        path = tmp_path / f"{uuid4()}.xlsx"
        write_xlsx(path, tables)
        return path.read_bytes()

    return make
