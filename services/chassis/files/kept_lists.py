"""Lists that are kept beside backups, of what a restore must not bring back: one entry a line. They only grow, because
a restored database has forgotten some of it.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.fail_points import reach
from services.chassis.files.directories import writing_to
from services.chassis.files.whole_files import put_in_place, write_beside
from services.kernel.text import Text


@dataclass(frozen=True)
class KeptList:
    """`service` has the commands `tell`, which writes or adds to it, and `again`, which applies it. `called`: what it
    lists; `entry`: what a line of it is, and `is_entry` whether it is one.
    """

    service: str
    tell: str
    again: str
    called: Text
    entry: Text
    is_entry: Callable[[str], bool]

    def told(self, entries: Iterable[str], arguments: Sequence[str]) -> int:
        """The command `tell [FILE]`: to standard output, or added to a file, which keeps what it has; its exit status.

        Raises ConfigurationError where it cannot be written, and for a file that is no such list.
        """
        if len(arguments) > 1:
            return self._misused(f"{self.tell} [文件]", f"{self.tell} [FILE]")
        found = sorted(entries)
        if not arguments:
            sys.stdout.writelines(f"{each}\n" for each in found)
            return 0
        (path,) = map(Path, arguments)
        with writing_to(self.tell, path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            before = self.read(path) if path.exists() else []
            together = sorted({*before, *found})
            beside = write_beside(path, "".join(f"{each}\n" for each in together).encode())
            reach("kept_list.after_write_before_place")
            put_in_place(beside, path)
            reach("kept_list.after_place")
        count, new = len(together), len(together) - len(before)
        sys.stdout.write(
            f"{path} 已列出 {count} {self.called.zh}，新增 {new}\n"
            f"{path} names {count} {self.called.en}, {new} of them newly\n"
        )
        return 0

    def applied(self, act: Callable[[Sequence[str]], Text], arguments: Sequence[str]) -> int:
        """The command `again FILE`: what `act` did of the file, a line in each language; its exit status.

        78 and how it is used for anything but one file. Raises ConfigurationError for a file that is no such list.
        """
        if len(arguments) != 1:
            return self._misused(f"{self.again} 文件", f"{self.again} FILE")
        done = act(self.read(Path(arguments[0])))
        sys.stdout.write(f"{done.zh}\n{done.en}\n")
        return 0

    def read(self, path: Path) -> list[str]:
        """The entries of a file. Raises ConfigurationError for what is no such list, or cannot be read."""
        try:
            entries = path.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "UTF-8"
            raise ConfigurationError(
                str(path),
                f"无法读取{self.called.zh}名单（{why}），请给出 {self.tell} 写出的文件",
                f"cannot be read as a list of {self.called.en} ({why}); name a file that `{self.tell}` wrote",
            ) from error
        if wrong := [at for at, each in enumerate(entries, 1) if not self.is_entry(each)]:
            raise ConfigurationError(
                str(path),
                f"第 {wrong[0]} 项不是{self.entry.zh}，请给出 {self.tell} 写出的文件",
                f"its entry {wrong[0]} is no {self.entry.en}; name a file that `{self.tell}` wrote",
            )
        return entries

    def _misused(self, zh: str, en: str) -> int:
        """How a command is used, in both languages; the exit status."""
        module = f"python -m services.{self.service}"
        sys.stderr.write(f"用法：{module} {zh}\nusage: {module} {en}\n")
        return EXIT_CONFIGURATION
