"""Compile the contracts in `protos/` into `gen/` whenever the package is built or installed."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import google
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_protos(root: Path) -> None:
    """Write `gen/bole/**_pb2*.py`, their stubs and `gen/bole/contract.binpb` (the descriptors).

    Raises SystemExit where they do not compile, and where a field has no level or a method no roles.
    """
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
    compiled = FileDescriptorSet.FromString((out / "bole" / "contract.binpb").read_bytes())
    if found := sorted(unguarded(compiled)):
        raise SystemExit(
            "denied to everybody, and so no contract: give each field a (bole.common.v1.level), each method its "
            f"(bole.common.v1.access).roles: {', '.join(found)}"
        )
    for folder in {out / "bole", *(path.parent for path in (out / "bole").rglob("*_pb2.py"))}:
        while folder != out:
            (folder / "__init__.py").touch()
            folder = folder.parent
    (out / "bole" / "py.typed").touch()


def unguarded(compiled: FileDescriptorSet) -> Iterator[str]:
    """Our fields without a level and our methods without roles, by their full names."""
    pool = DescriptorPool()
    for file in compiled.file:
        pool.Add(file)
    for file in (
        pool.FindFileByName(each.name) for each in compiled.file if each.package.startswith("bole.")
    ):
        for message in file.message_types_by_name.values():
            yield from (each.full_name for each in _fields(message) if not _option(pool, each, "level"))
        for service in file.services_by_name.values():
            for method in service.methods:
                access = _option(pool, method, "access")
                if not access or not access.roles:
                    yield method.full_name


def _fields(message: Descriptor) -> Iterator[FieldDescriptor]:
    if not message.GetOptions().map_entry:
        yield from message.fields
        for inner in message.nested_types:
            yield from _fields(inner)


def _option(pool: DescriptorPool, of: FieldDescriptor | MethodDescriptor, name: str) -> Any:
    """One of our options, or None: read by the compiled contract, as its code may not be there yet."""
    written = of.GetOptions()
    options = GetMessageClass(pool.FindMessageTypeByName(written.DESCRIPTOR.full_name))
    extension, read = (
        pool.FindExtensionByName(f"bole.common.v1.{name}"),
        options.FromString(written.SerializeToString()),
    )
    return read.Extensions[extension] if read.HasExtension(extension) else None


class CompileProtos(BuildHookInterface[Any]):
    """Hatchling's hook: sdist, wheel and editable install all compile first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the files are collected."""
        compile_protos(Path(self.root))


if __name__ == "__main__":
    sys.exit(compile_protos(Path(__file__).parent))
