"""One reader under atheris: `python -m tests.fuzz.guided.target NAME FOLDER [options of libFuzzer]`.

The code of the services tells which of its branches each input takes; inputs that take a new one are kept in FOLDER and
changed further. The process ends at the first error that is no refusal, with the input beside FOLDER.
"""

import sys
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["services", "defusedxml"], enable_loader_override=False):
    from tests.fuzz.guided.forms import FORMS
    from tests.fuzz.parsers import PARSERS
    from tests.fuzz.spoiling import STRANGE

_LONGEST_WORD = 60


def main(name: str, folder: Path, options: list[str]) -> None:
    """Does not return: libFuzzer ends the process, 0 where nothing was found in its time."""
    reading, form = PARSERS[name], FORMS[name]
    folder.mkdir(parents=True, exist_ok=True)
    for place, each in enumerate(reading.good()):
        (folder / f"good-{place}").write_bytes(form.bytes_of(each))
    words = folder.with_suffix(".dict")
    words.write_text(
        "".join(f'"{_escaped(each)}"\n' for each in STRANGE if each and len(each) < _LONGEST_WORD)
    )

    def read(data: bytes) -> None:
        with suppress(*reading.refusals):
            reading.read(form.read_from(data))

    def changed(data: bytes, most: int, seed: int) -> bytes:
        assert form.change is not None
        return form.change(data, most, seed, atheris.Mutate)

    arguments = [sys.argv[0], *options, f"-dict={words}", f"-artifact_prefix={folder}-found-", str(folder)]
    if form.change is None:
        atheris.Setup(arguments, read)
    else:
        atheris.Setup(arguments, read, custom_mutator=changed)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode(errors="surrogatepass"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
