"""From what people write to the id that is meant."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.excerpt import excerpt
from services.kernel.suggestion import nearest
from services.kernel.text import Text

_SEPARATORS = re.compile(r"[\s'’`·・_‐‑–-]+")


def fold(text: str) -> str:
    """The form in which names are compared: NFKC, case-folded, without spaces, hyphens and apostrophes."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be meant: its id, how it is shown, and every name that stands for it."""

    id: str
    name: Text
    names: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The entries of one kind, found by any of their names.

    `kind` is the thing's name in a message, `reason` the error reason for an unknown one, `remedy` what to do
    when no name is near, `wholes` the entries of which what is named is a part: it stands for none of them, and the
    refusal names them. If two entries share a name, an id wins over any other name; otherwise the name is ambiguous
    and is refused with both.
    """

    kind: Text
    reason: str
    entries: tuple[Entry, ...]
    remedy: Text | None = None
    wholes: Callable[[str], Iterable[str]] | None = field(default=None, repr=False, compare=False)
    _ids: dict[str, str] = field(init=False, repr=False)
    _named: dict[str, tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        named: dict[str, tuple[str, ...]] = {}
        for entry in self.entries:
            for name in {fold(name) for name in entry.names} - {""}:
                named[name] = (*named.get(name, ()), entry.id)
        object.__setattr__(self, "_ids", {fold(entry.id): entry.id for entry in self.entries})
        object.__setattr__(self, "_named", named)

    def find(self, text: str) -> str | None:
        """The id that `text` stands for, or None if it stands for none or for several."""
        key = fold(text)
        meant = self._named.get(key, ())
        return self._ids.get(key) or (meant[0] if len(meant) == 1 else None)

    def resolve(self, text: str, place: str, also: Iterable[str] = ()) -> str:
        """The id that `text` stands for.

        Raises InvalidArgument at field `place` with this vocabulary's reason; its message and its metadata
        (`value`, `suggestions`: comma-joined ids) propose near names, those in `also` before all others.
        """
        found = self.find(text)
        if found is not None:
            return found
        wholes = list(self.wholes(text)) if self.wholes else []
        return self._refuse(text, place, wholes or list(also) or self._near(text), part=bool(wholes))

    def _near(self, text: str) -> list[str]:
        key = fold(text)
        shared = self._named.get(key)
        names = {entry.id: [fold(entry.id), *map(fold, entry.names)] for entry in self.entries}
        return list(shared) if shared else nearest(key[:100], names)

    def _refuse(self, text: str, place: str, suggestions: list[str], *, part: bool) -> str:
        shown = excerpt(text)
        names = {entry.id: entry.name for entry in self.entries}
        zh = ("或" if part else "、").join(f"{names[id_].zh}（{id_}）" for id_ in suggestions)
        en = (" or " if part else ", ").join(f"{names[id_].en} ({id_})" for id_ in suggestions)
        if part:
            hint = Text(
                f"它属于{zh}，请填写所属的{self.kind.zh}", f"it is a part of {en}: write the {self.kind.en}"
            )
        else:
            hint = Text(f"您是否要找：{zh}？", f"did you mean {en}?") if suggestions else self._remedy()
        message = Text(
            f"目录中没有{self.kind.zh}“{shown}”；{hint.zh}",
            f"the catalogue has no {self.kind.en} {shown!r}; {hint.en}",
        )
        raise InvalidArgument(
            message,
            reason=self.reason,
            violations=[Violation(place, self.reason, message)],
            metadata={"value": shown, "suggestions": ",".join(suggestions)},
        )

    def _remedy(self) -> Text:
        return self.remedy or Text(
            f"请填写目录中的{self.kind.zh}名称或代码",
            f"write a name or a code of the catalogue's {self.kind.en} list",
        )
