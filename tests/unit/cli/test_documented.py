"""Every command that README, docs/commands.md and the console's pages name exists."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from services.cli.main import app

ROOT = Path(__file__).parents[3]
PAGES = ("README.md", "docs/commands.md", "services/console/templates")


@pytest.mark.parametrize("page", PAGES)
def test_commands_on_a_page_exist(page: str) -> None:
    place = ROOT / page
    texts = [
        each.read_text("utf-8") for each in (sorted(place.rglob("*.html")) if place.is_dir() else [place])
    ]
    named = re.findall(r"bole ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)", "\n".join(texts))
    assert len(named) >= 5
    root = get_command(app)
    for words in named:
        command = root
        for word in words.split():
            children = getattr(command, "commands", None)
            if children is None:
                break  # an argument of the command
            assert word in children, f"{page}: bole {words}"
            command = children[word]
