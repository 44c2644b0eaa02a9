"""What changed of a record since its form was opened: beside the etag a form carries what its page said of it."""

import json
from collections.abc import Mapping
from typing import NamedTuple

_LONGEST = 4_000
"""Characters of what a form says was seen; a longer one is none of ours."""


class Change(NamedTuple):
    """A line of the page: what it is called, what it said, what it says now."""

    name: str
    before: str
    now: str


def noted(facts: Mapping[str, object]) -> str:
    """The facts as a form carries them."""
    return json.dumps({name: str(value) for name, value in facts.items()}, ensure_ascii=False)


def changes(form: Mapping[str, str], facts: Mapping[str, object]) -> list[Change]:
    """Which of the facts are others than what the form says was seen. In another language nothing is compared."""
    seen = _seen(form.get("seen", ""))
    now = {name: str(value) for name, value in facts.items()}
    return [
        Change(name, seen[name], said) for name, said in now.items() if name in seen and seen[name] != said
    ]


def _seen(given: str) -> dict[str, str]:
    try:
        found = json.loads(given) if len(given) <= _LONGEST else None
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}
