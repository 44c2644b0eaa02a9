"""The two files of results: `results.json` for programs, `RESULTS.md` for people."""

import json
import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.harness.row import Row

_LIBRARIES = ("grpcio", "protobuf", "sqlalchemy", "numpy", "faiss-cpu", "psycopg")
_HEAD = """# Figures

Each row is repeated by its command. Both sides of a ratio are measured in the same run, in turn; medians.
A ratio is written so that higher is better, and holds when it reaches its bar.

| row | ours | peer | ratio | bar | holds | n | machine | note |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def merge(folder: Path, rows: Iterable[Row]) -> None:
    """Put the rows into both files; rows of the same name are replaced, all others stay."""
    path = folder / "results.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"machines": [], "rows": []}
    here = describe_machine()
    machines: list[dict[str, Any]] = known["machines"]
    if here not in machines:
        machines.append(here)
    new = {row.name: {**row.document(), "machine": machines.index(here)} for row in rows}
    by_name = {row["name"]: row for row in known["rows"]} | new
    merged = [by_name[name] for name in sorted(by_name)]
    document = {"machines": machines, "rows": merged}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "RESULTS.md").write_text(_readable(machines, merged), encoding="utf-8")


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, system and the versions that matter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def line(row: Mapping[str, Any]) -> str:
    """One row of the readable table."""
    holds = {True: "yes", False: "**no**", None: "–"}[row["holds"]]
    peer = "–" if row["peer_value"] is None else f"{row['peer_value']:g} {row['unit']} ({row['peer']})"
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:,.4g}"
    bar = "–" if row["bar"] is None else f"{row['bar']:,g}"
    cells = (
        f"`{row['name']}`",
        f"{row['value']:g} {row['unit']}",
        peer,
        ratio,
        bar,
        holds,
        f"{row['n']:,}",
        str(row.get("machine", 0) + 1),
        row["note"],
    )
    return f"| {' | '.join(cells)} |"


def _readable(machines: list[dict[str, Any]], rows: list[dict[str, Any]]) -> str:
    listed = [
        f"{number}. {each['cpu']}, {each['cores']} cores, {each['memory_gib']} GiB, {each['system']}, "
        f"Python {each['python']}, " + ", ".join(f"{name} {at}" for name, at in each["libraries"].items())
        for number, each in enumerate(machines, 1)
    ]
    return _HEAD + "\n".join(map(line, rows)) + "\n\nMachines:\n" + "\n".join(listed) + "\n"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for entry in cpuinfo.read_text(encoding="utf-8").splitlines():
            if entry.startswith("model name"):
                return entry.split(":", 1)[1].strip()
    return platform.processor() or "unknown"
