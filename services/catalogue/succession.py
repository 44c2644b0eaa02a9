"""What became of directions from one edition of the catalogue to the next: renamed, merged, split."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

import yaml

WHOLE = 1000
Shares = tuple[tuple[str, int], ...]
"""Codes of directions with a share each, in thousandths."""


@dataclass(frozen=True)
class Edition:
    """`directions`: the codes that this edition no longer has, each with what takes its place."""

    version: str
    directions: Mapping[str, Shares]


@dataclass(frozen=True)
class Succession:
    """The editions so far, oldest first."""

    editions: tuple[Edition, ...] = ()

    @cached_property
    def former(self) -> Mapping[str, Shares]:
        """Every code of the past with what stands for it today, through however many editions."""
        found: dict[str, Shares] = {}
        for edition in reversed(self.editions):
            found |= {code: renewed(shares, found) for code, shares in edition.directions.items()}
        return found

    def check(self, version: str, leaves: Iterable[str]) -> None:
        """Raise ValueError unless the last edition is `version` and every code of the past leads to its leaves."""
        known = set(leaves)
        if not self.editions or self.editions[-1].version != version:
            raise ValueError(f"editions.yaml does not end with the catalogue's version {version}")
        if len({each.version for each in self.editions}) < len(self.editions):
            raise ValueError("editions.yaml names a version twice")
        for edition in self.editions:
            for code, shares in edition.directions.items():
                _check(edition.version, code, shares)
        for code, shares in self.former.items():
            lost = [each for each, _ in shares if each not in known]
            if code in known or lost:
                raise ValueError(
                    f"{code}: still in use, or followed by {lost}, which the catalogue does not have"
                )


def load_succession() -> Succession:
    """The editions that ship with the product. Raises KeyError, TypeError, ValueError for a file of another form."""
    return parse_succession(resources.files("services.catalogue").joinpath("editions.yaml").read_bytes())


def parse_succession(data: bytes) -> Succession:
    """Editions from the bytes of a YAML file; raises as `load_succession`."""
    tree: dict[str, Any] = yaml.load(data, yaml.CSafeLoader)
    return Succession(
        tuple(
            Edition(
                node["version"], {code: tuple(shares.items()) for code, shares in node["directions"].items()}
            )
            for node in tree["editions"]
        )
    )


def renewed(shares: Iterable[tuple[str, int]], former: Mapping[str, Shares]) -> Shares:
    """Shares with every code of the past replaced; the whole stays the same to the thousandth.

    Of a split the places take the whole thousandths of their share, and the first ones what is left over.
    """
    found: dict[str, int] = {}
    for code, amount in shares:
        for place, part in divided(amount, former.get(code, ((code, WHOLE),))):
            found[place] = found.get(place, 0) + part
    return tuple((code, amount) for code, amount in found.items() if amount)


def divided(amount: int, shares: Shares) -> list[tuple[str, int]]:
    """An amount of at least 0 over shares: whole parts that add up to it."""
    parts = [amount * share // WHOLE for _, share in shares]
    left = amount - sum(parts)
    return [
        (code, part + (at < left)) for at, ((code, _), part) in enumerate(zip(shares, parts, strict=True))
    ]


def principal(shares: Shares) -> str:
    """The place that takes the most, of equals the first: for what cannot be divided."""
    return max(shares, key=lambda each: each[1])[0]


def _check(version: str, code: str, shares: Shares) -> None:
    amounts = [share for _, share in shares]
    if not shares or min(amounts) <= 0 or sum(amounts) != WHOLE or any(place == code for place, _ in shares):
        raise ValueError(f"edition {version}: what takes the place of {code} does not add up to {WHOLE}")
