"""Runs of the checks as every version of them made them: a file for each, `1.json` and on.

A file holds a case, what each of the runs has otherwise (by its path), and the digest of that run. When the checks
change, `VERSION` rises, the former ones go to `checks/former.py`, and `python3 -m tests.unit.funding.kept_runs` writes
the file of the new version; files of earlier versions are never written again.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.storage.columns import Document, canonical_json
from services.funding.domain.checks.check import CheckResult
from services.funding.domain.checks.run import VERSION, run_checks
from services.funding.domain.screening.case import Case
from services.funding.store.deals.reports import digest_of

FOLDER = Path(__file__).parent
_CASES, _RESULTS = Document(Case), Document(tuple[CheckResult, ...])


@dataclass(frozen=True)
class KeptRun:
    """What a run looked at, what it has otherwise than the case of its file, and its digest."""

    inputs: str
    otherwise: dict[str, Any]
    digest: str


def versions() -> list[int]:
    """Of which versions there are runs."""
    return sorted(int(file.stem) for file in FOLDER.glob("*.json"))


def runs(version: int) -> Iterator[KeptRun]:
    """The runs that a version made."""
    kept = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    for otherwise, digest in kept["runs"]:
        yield KeptRun(canonical_json(_varied(kept["case"], otherwise)), otherwise, digest)


def results_of(inputs: str, version: int) -> str:
    """What a version of the checks says, as it is kept."""
    return _RESULTS.encode(run_checks(_CASES.decode(inputs), version))


def _varied(case: dict[str, Any], otherwise: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(case)
    for path, value in otherwise.items():
        *above, last = path.split(".")
        at = made
        for name in above:
            at = at[name]
        at[last] = value
    return made


def write() -> None:
    """The file of the present version, over the cases of the newest file there is."""
    kept = json.loads((FOLDER / f"{versions()[-1]}.json").read_text(encoding="utf-8"))
    lines = []
    for otherwise, _ in kept["runs"]:
        inputs = canonical_json(_varied(kept["case"], otherwise))
        digest = digest_of(inputs, results_of(inputs, VERSION))
        lines.append(json.dumps([otherwise, digest], ensure_ascii=False))
    case = json.dumps(kept["case"], ensure_ascii=False)
    text = '{"case": ' + case + ',\n"runs": [\n' + ",\n".join(lines) + "\n]}\n"
    (FOLDER / f"{VERSION}.json").write_text(text, encoding="utf-8")
