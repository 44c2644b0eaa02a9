"""The province, its thirteen cities (设区市) and the regions it works with."""

from dataclasses import dataclass

from services.catalogue.model.provision import Named
from services.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """The province; `adcode` is its GB/T 2260 code."""

    id: str
    name_zh: str
    pinyin: str
    adcode: str

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_zh, self.pinyin)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A prefecture-level city.

    `lon` and `lat` are degrees in GCJ-02, for schematic maps; `region` is 苏南, 苏中 or 苏北; `named_in`
    lists the clauses that name the city.
    """

    id: str
    name_zh: str
    short_zh: str
    pinyin: str
    adcode: str
    lon: float
    lat: float
    region: str
    named_in: tuple[str, ...] = ()

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_zh, self.pinyin)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRole:
    """What the document asks of some cities; `year` where it sets one."""

    cities: tuple[str, ...]
    role_zh: str
    clause: str
    quote: str
    role_en: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRegion(Named):
    """A region outside the province to cooperate with."""

    clauses: tuple[str, ...]
    quote: str
