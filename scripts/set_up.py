"""Set the project up in `.venv`, once: `scripts/set_up.py run` for running it, `… test` for testing it too.

Standard library only: it runs before anything is installed. A step is skipped when its inputs are unchanged.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}


def main(purpose: str) -> None:
    """Bring `.venv` to the state that `purpose` (run or test) needs."""
    if sys.version_info < (3, 11):
        raise SystemExit("Bole needs Python 3.11 or newer / 需要 Python 3.11 或更高版本")
    lock = LOCKS[purpose]
    done_before = any(_stamp(other).exists() for other in LOCKS)
    if not PYTHON.exists():
        _say(1, "虚拟环境 virtual environment .venv")
        _make_environment()
    if not _is_current(purpose, [lock]):
        _say(2, f"依赖 dependencies ({_count(lock)} packages{'' if done_before else ', 1–3 min'})")
        _install(lock)
        _mark(purpose, [lock])
    sources = [ROOT / "pyproject.toml", ROOT / "hatch_build.py", *sorted((ROOT / "protos").rglob("*.proto"))]
    if not _is_current("package", sources) or not (ROOT / "gen" / "bole" / "contract.binpb").exists():
        _say(3, "契约与程序 contracts and program")
        _run([PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
        _without_the_name_of_the_folder()
        _mark("package", sources)


def _say(step: int, what: str) -> None:
    print(f"[{step}/3] {what}", flush=True)


def _make_environment() -> None:
    """`python -m venv`; Debian splits it into a package of its own, which root may install."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("      python3-venv …", flush=True)
        _run(["apt-get", "update", "-qq"])
        _run(["apt-get", "install", "-y", "-qq", "python3-venv"])
        _run(command)
        return
    raise SystemExit(
        "python3 -m venv does not work here; install the package python3-venv / 请先安装 python3-venv"
    )


def _install(lock: Path) -> None:
    """Install exactly what the lock names, by hash, and show how far it is."""
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--progress-bar=off",
        "-r",
        str(lock),
    ]
    started, seen, total = time.monotonic(), 0, _count(lock)
    output: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            output.append(line)
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                _progress(f"      {seen}/{total}", seen)
            elif line.startswith("Installing collected"):
                _progress(f"      {total}/{total} 安装中 installing", total)
    if process.returncode:
        sys.stdout.write("".join(output[-20:]))
        raise SystemExit("the dependencies could not be installed / 依赖安装失败")
    print(f"\r      完成 done in {time.monotonic() - started:.0f} s{' ' * 24}", flush=True)


def _without_the_name_of_the_folder() -> None:
    """Python before 3.13 reads files of paths in the encoding of the locale, which may lack the folder's characters
    (`LC_ALL=C`, a Chinese name): what leads here from there has none of them.
    """
    for file in VENV.glob("lib/python*/site-packages/_bole.pth"):
        lines = file.read_text("utf-8").splitlines()
        file.write_text("".join(f"{os.path.relpath(line, file.parent)}\n" for line in lines), "utf-8")


def _progress(text: str, seen: int) -> None:
    """One moving line on a terminal, a line every 20 packages in a log."""
    if sys.stdout.isatty():
        print(f"\r{text}   ", end="", flush=True)
    elif seen % 20 == 0:
        print(text, flush=True)


def _count(lock: Path) -> int:
    return sum("==" in line and not line.startswith((" ", "#")) for line in lock.read_text().splitlines())


def _run(command: list[str | Path]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"failed / 失败: {' '.join(map(str, command))}")


def _fingerprint(paths: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _stamp(name: str) -> Path:
    return VENV / f".bole-{name}"


def _is_current(name: str, paths: Iterable[Path]) -> bool:
    stamp = _stamp(name)
    return stamp.exists() and stamp.read_text() == _fingerprint(paths)


def _mark(name: str, paths: Iterable[Path]) -> None:
    _stamp(name).write_text(_fingerprint(paths))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
