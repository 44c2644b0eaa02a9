"""The hand-written technology triples that every text of the sample is made from."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Triple:
    """One technology of a leaf, the product it becomes, its use, its hard part, and the skills it needs."""

    leaf: str
    technology: str
    product: str
    application: str
    challenge: str
    skills: tuple[str, ...]


@cache
def load_triples() -> dict[str, tuple[Triple, ...]]:
    """The triples by leaf code, read once from the packaged file."""
    text = resources.files("services.sample").joinpath("triples.yaml").read_text("utf-8")
    return {
        leaf: tuple(
            Triple(leaf, e["technology"], e["product"], e["application"], e["challenge"], tuple(e["skills"]))
            for e in entries
        )
        for leaf, entries in yaml.safe_load(text).items()
    }
