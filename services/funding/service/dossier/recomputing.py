"""Makes the compliance runs of a bundle again, without a database or a running service.

    python3 -m services.funding.service.dossier.recomputing dossier.zip

Exit status: 0 every run is made again bit for bit, 1 not, 2 no such bundle, or runs of checks newer than these.
"""

import json
import sys
import zipfile
from pathlib import Path

from services.funding.service.dossier.verifier import RUNS
from services.funding.store.deals.reports import Recomputed, made_again
from services.kernel.errors import FailedPrecondition


def recompute_runs(bundle: Path) -> dict[str, Recomputed]:
    """Every run of a bundle made again, by its file. Raises OSError, ValueError, KeyError for what is none, and
    FailedPrecondition (RULES_VERSION_UNKNOWN).
    """
    with zipfile.ZipFile(bundle) as archive:
        runs = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.startswith(RUNS)}
    return {
        name: made_again(run["inputs"], run["results"], run["digest"], run.get("rules_version"))
        for name, run in runs.items()
    }


def main(arguments: list[str]) -> int:
    """The exit status."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        found = recompute_runs(Path(arguments[0]))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"无法读取 cannot be read: {error}\n")
        return 2
    except FailedPrecondition as error:
        sys.stderr.write(f"{error.text.zh}\n{error.text.en}\n")
        return 2
    for name, made in found.items():
        mark = "✓ 一致 the same" if made.same else f"✗ 不同 differs: {', '.join(made.differing)}"
        sys.stdout.write(
            f"{mark} {name} {made.digest} （第{made.rules_version}版规则 rules {made.rules_version}）\n"
        )
    return 0 if all(each.same for each in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
