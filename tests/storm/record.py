"""The record of what was run: `docs/reliability.json`, and its table in `docs/reliability.md`."""

import json
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def write_record(name: str, runs: int, violations: int, seeds: str, command: str, docs: Path = DOCS) -> None:
    """Put a row in the place of the one of its name, and write the table anew."""
    file = docs / "reliability.json"
    rows = json.loads(file.read_text()) if file.exists() else []
    row = {"name": name, "runs": runs, "violations": violations, "seeds": seeds, "command": command}
    kept = [*(each for each in rows if each["name"] != name), row]
    kept.sort(key=lambda each: _place(each["name"]))
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    page = docs / "reliability.md"
    before, _, rest = page.read_text().partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{table(kept)}{END}{rest.partition(END)[2]}")


def _place(name: str) -> tuple[int, str]:
    """Promises by their number, then what has none."""
    number = name.split()[0].removeprefix("P")
    return (int(number) if number.isdecimal() else 99, name)


def table(rows: list[dict[str, str | int]]) -> str:
    """The rows as Markdown."""
    lines = ["| promise | runs | violations | seeds | command |", "| --- | ---: | ---: | --- | --- |"]
    lines += [
        f"| {r['name']} | {r['runs']} | {r['violations']} | {r['seeds']} | `{r['command']}` |" for r in rows
    ]
    return "\n".join(lines) + "\n"
