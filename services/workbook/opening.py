"""A new workbook, which is there as a whole or not at all, and says of a full disk what Python says."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from traceback import clear_frames
from typing import IO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from services.workbook.parts_aside import parts_aside
from services.workbook.whole import whole_file


@contextmanager
def new_workbook(
    file: Path | IO[bytes], options: Mapping[str, object] | None = None
) -> Iterator[xlsxwriter.Workbook]:
    """A workbook, written when the block ends; `options` are those of xlsxwriter. What stood at a path before stays
    until the new one is whole.

    Raises OSError when it cannot be written; the library has an error of its own for that, which is none.
    """
    whole = io.BytesIO()
    try:
        with (
            parts_aside() as aside,
            xlsxwriter.Workbook(
                whole if isinstance(file, Path) else file, {**(options or {}), "tmpdir": aside}
            ) as book,
        ):
            yield book
    except FileCreateError as error:
        (cause,) = error.args
        for told in (
            error,
            cause,
        ):  # the archive that was broken off ends now, while what it is written to is there
            clear_frames(told.__traceback__)
        raise cause if isinstance(cause, OSError) else OSError(str(cause)) from error
    if isinstance(file, Path):
        with whole_file(file) as there:
            there.write(whole.getvalue())
