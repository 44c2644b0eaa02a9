"""Compile the contracts in `protos/` into `gen/` whenever the package is built or installed."""

import sys
from pathlib import Path
from typing import Any

import google
from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_protos(root: Path) -> None:
    """Write `gen/bole/**_pb2*.py`, their stubs and `gen/bole/contract.binpb` (the descriptors)."""
    out = root / "gen"
    out.mkdir(exist_ok=True)
    common = next(path for path in map(Path, google.__path__) if (path / "api").is_dir()).parent
    bundled = Path(protoc.__file__).parent / "_proto"
    sources = sorted(
        str(path.relative_to(root / "protos")) for path in (root / "protos" / "bole").rglob("*.proto")
    )
    (out / "bole").mkdir(exist_ok=True)
    status = protoc.main(
        [
            "protoc",
            f"-I{root / 'protos'}",
            f"-I{common}",
            f"-I{bundled}",
            f"--python_out={out}",
            f"--grpc_python_out={out}",
            f"--pyi_out={out}",
            "--include_imports",
            "--include_source_info",
            f"--descriptor_set_out={out / 'bole' / 'contract.binpb'}",
            *sources,
        ]
    )
    if status:
        raise SystemExit("the protos do not compile")
    for folder in {out / "bole", *(path.parent for path in (out / "bole").rglob("*_pb2.py"))}:
        while folder != out:
            (folder / "__init__.py").touch()
            folder = folder.parent
    (out / "bole" / "py.typed").touch()


class CompileProtos(BuildHookInterface[Any]):
    """Hatchling's hook: sdist, wheel and editable install all compile first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the files are collected."""
        compile_protos(Path(self.root))


if __name__ == "__main__":
    sys.exit(compile_protos(Path(__file__).parent))
