"""The "10+X" future industries (未来产业) and the directions (重点方向) beneath them."""

from dataclasses import dataclass

from services.catalogue.model.place import CityRole
from services.catalogue.model.provision import Named, Phrase, Provision, Series
from services.kernel.text import Text, typeset

LOCAL_PREFIX = "local-"


def is_local(code: str) -> bool:
    """Whether a direction is a region's own: its code says so, and no code of the document does."""
    return code.startswith(LOCAL_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Provision):
    """Growth-stage (成长型) or frontier (前沿性)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """A class of policy verbs, e.g. `forward` for 超前布局 and 探索. Editorial."""

    id: str
    name_en: str
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction(Provision):
    """A technology, product or application that the document names under an industry.

    `verb` is the document's own; `stance` and `kind` are editorial; `parent` is another direction of the same
    industry, set only where the document says "A、B等C".
    """

    industry: str
    kind: str
    verb: str
    stance: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDirection(Named):
    """A direction that a region adds below an industry (地方补充方向): no part of the document.

    `basis` is what the region added it by. Its id begins with `local-`, which no id of the document does. `terms`
    are words of the trade, for placing texts.
    """

    industry: str
    basis: str
    aliases: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def marked(self) -> Text:
        """The name as it is shown everywhere: said to be local."""
        return Text(f"{self.name_zh}（地方）", f"{self.name_en} (local)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of the province with a role in an industry, e.g. 江苏沿海."""

    name_zh: str
    name_en: str
    role_zh: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Provision):
    """One of the ten growth-stage industries or of the open list of frontier ones."""

    number: int
    tier: str
    directions: tuple[Direction, ...]
    short_zh: str = ""
    aliases: tuple[str, ...] = ()
    goal: Phrase | None = None
    platforms: tuple[str, ...] = ()
    cities: tuple[CityRole, ...] = ()
    regions: tuple[Region, ...] = ()
    serves: Series | None = None
    chain: Series | None = None

    @property
    def short(self) -> str:
        """The Chinese name as it fits a column heading."""
        return self.short_zh or self.name_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryMention:
    """A measure of part three that names an industry; `role` says as what."""

    industry: str
    clause: str
    role: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierApproach:
    """How frontier industries are to be explored and which challenges they answer."""

    clause: str
    method: Phrase
    challenges: tuple[Provision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The finest unit that people, positions, firms and deals are filed under.

    A direction, an industry for which the document names no direction, or a `local` direction, whose name says so.
    `parent` is the direction above it.
    """

    code: str
    industry: str
    name_zh: str
    name_en: str
    parent: str | None = None
    local: bool = False

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(typeset(self.name_zh), self.name_en)
