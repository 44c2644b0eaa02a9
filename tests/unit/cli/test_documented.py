"""Every command that README and docs/commands.md name exists."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from services.cli.main import app

ROOT = Path(__file__).parents[3]
PAGES = ("README.md", "docs/commands.md")


@pytest.mark.parametrize("page", PAGES)
def test_commands_on_a_page_exist(page: str) -> None:
    named = re.findall(r"bole ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)", (ROOT / page).read_text("utf-8"))
    assert len(named) > 5
    root = get_command(app)
    for words in named:
        command = root
        for word in words.split():
            children = getattr(command, "commands", None)
            if children is None:
                break  # an argument of the command
            assert word in children, f"{page}: bole {words}"
            command = children[word]
