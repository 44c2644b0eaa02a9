"""The record of what was run: `docs/reliability.json`, and its table in `docs/reliability.md`.

A row gathers runs of one promise. Pieces of other seeds are added to it; seeds that are in it already are refused, and
so is a row begun anew with fewer runs than the one that stands.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
_JOINT = "; "


def add_record_option(parser: argparse.ArgumentParser) -> None:
    """`--record add|anew`."""
    parser.add_argument(
        "--record",
        choices=("add", "anew"),
        help="write docs/reliability.json and .md: add these runs to the row, or begin it anew with them",
    )


class RecordRefused(Exception):
    """The row that stands would say less, or something twice; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Runs of seeds that follow one another, `first` to `last`."""

    first: int
    last: int
    runs: int


@dataclass(frozen=True, slots=True)
class Row:
    """Where runs go. `command` names `{runs}` and `{seed}`; one seed stands for `each` runs."""

    name: str
    command: str
    each: int = 1
    docs: Path = DOCS

    def check(self, seeds: Sequence[int], mode: str) -> None:
        """Before a long run: raises RecordRefused where its end could not be written."""
        rows = _read(self.docs)
        stands = self._pieces(rows.get(self.name))
        if mode == "add":
            _disjoint(self.name, stands, _pieces(seeds, self.each))
        elif len(seeds) * self.each < sum(piece.runs for piece in stands):
            raise RecordRefused(f"{self.name}: fewer runs than the row has; add other seeds to it instead")

    def allows(self, seeds: Sequence[int], mode: str | None) -> bool:
        """Whether a run may begin; says on stderr why not."""
        try:
            if mode is not None:
                self.check(seeds, mode)
        except RecordRefused as refused:
            sys.stderr.write(f"{refused}\n")
            return False
        return True

    def write(self, seeds: Sequence[int], violations: int, mode: str, *, runs: int | None = None) -> None:
        """Add what was run to the row, or begin it anew, and write the table. `runs`: of one stretch of seeds whose
        last is not whole.
        """
        new = _pieces(seeds, self.each)
        if not new:
            return
        if runs is not None:
            new = [replace(new[0], runs=runs)]
        self.check(seeds, mode)
        rows = _read(self.docs)
        row = rows.get(self.name) if mode == "add" else None
        pieces = list(_joined(sorted([*self._pieces(row), *new], key=lambda each: each.first), self.each))
        rows[self.name] = {
            "name": self.name,
            "runs": sum(piece.runs for piece in pieces),
            "violations": (row["violations"] if row else 0) + violations,
            "seeds": ", ".join(f"{piece.first}-{piece.last}" for piece in pieces),
            "command": _JOINT.join(self.command.format(runs=p.runs, seed=p.first) for p in pieces),
        }
        _write(self.docs, sorted(rows.values(), key=lambda each: _place(each["name"])))

    def _pieces(self, row: dict[str, Any] | None) -> list[Piece]:
        """What the row says it was made of: its commands name the runs of each stretch of seeds."""
        if row is None:
            return []
        stretches = [stretch.split("-") for stretch in row["seeds"].split(", ")]
        pattern = re.escape(self.command).replace(r"\{runs\}", r"(\d+)").replace(r"\{seed\}", r"\d+")
        runs = [re.fullmatch(pattern, command) for command in row["command"].split(_JOINT)]
        if not all(runs):
            raise RecordRefused(f"{self.name}: the row was made by another command; begin it anew")
        return [
            Piece(int(first), int(last), int(found[1]))
            for (first, last), found in zip(stretches, runs, strict=True)
            if found
        ]


def _pieces(seeds: Iterable[int], each: int) -> list[Piece]:
    return list(_joined([Piece(seed, seed, each) for seed in sorted(set(seeds))], each))


def _joined(pieces: Iterable[Piece], each: int) -> Iterable[Piece]:
    """Neighbours as one, unless the last seed of the first is not whole."""
    last: Piece | None = None
    for piece in pieces:
        whole = last is not None and last.runs == (last.last - last.first + 1) * each
        if last is not None and whole and last.last + 1 == piece.first:
            last = Piece(last.first, piece.last, last.runs + piece.runs)
        else:
            if last is not None:
                yield last
            last = piece
    if last is not None:
        yield last


def _disjoint(name: str, stands: list[Piece], new: list[Piece]) -> None:
    for before, after in pairwise(sorted([*stands, *new], key=lambda each: each.first)):
        if after.first <= before.last:
            raise RecordRefused(
                f"{name}: seed {after.first} is in the row already; take other seeds, or begin it anew"
            )


def _read(docs: Path) -> dict[str, dict[str, Any]]:
    file = docs / "reliability.json"
    return {row["name"]: row for row in json.loads(file.read_text())} if file.exists() else {}


def _write(docs: Path, rows: list[dict[str, Any]]) -> None:
    (docs / "reliability.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    page = docs / "reliability.md"
    before, _, rest = page.read_text().partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{table(rows)}{END}{rest.partition(END)[2]}")


def _place(name: str) -> tuple[int, str]:
    """Promises by their number, then what has none."""
    number = name.split()[0].removeprefix("P")
    return (int(number) if number.isdecimal() else 99, name)


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown."""
    lines = ["| promise | runs | violations | seeds | command |", "| --- | ---: | ---: | --- | --- |"]
    lines += [
        f"| {r['name']} | {r['runs']} | {r['violations']} | {r['seeds']} | `{r['command']}` |" for r in rows
    ]
    return "\n".join(lines) + "\n"
