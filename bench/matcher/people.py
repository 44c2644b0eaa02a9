"""People and firms in the words of the catalogue's directions, SYNTHETIC: about a hundred characters each."""

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

from services.catalogue import Catalogue, load
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.item import Availability, Item, ItemKind, Purpose, Stage

_OWN, _OTHER = 14, 6
_PIECE = re.compile(r"[一-鿿]{2,6}|[A-Za-z]{3,}")
_WHAT = ("研究", "开发", "工艺", "设计", "测试", "制造", "系统", "材料", "装备", "优化")


class World:
    """Draws items; the same seed draws the same."""

    def __init__(self, seed: int, catalogue: Catalogue | None = None) -> None:
        self.catalogue = catalogue or load()
        self.codes = codes_of(self.catalogue)
        self.directions = direction_items(self.catalogue)
        self._rng = np.random.default_rng(seed)
        self._words = {item.id: sorted(set(_PIECE.findall(item.text))) for item in self.directions}
        self._leaves = sorted(self._words)
        self._numbers = iter(range(10**9))

    def people(self, count: int) -> list[Item]:
        """People of all cities and categories, who allow everything."""
        return list(islice(self._people(), count))

    def firms(self, count: int) -> list[Item]:
        """Firms of all cities and stages."""
        return list(islice(self._firms(), count))

    def _people(self) -> Iterator[Item]:
        categories, moments = self.codes.categories, tuple(Availability)
        while True:
            leaf, text = self._text()
            yield Item(
                ItemKind.PERSON,
                f"p{next(self._numbers):08d}",
                texts=(text,),
                leaves=((leaf, 1000),),
                city=str(self._rng.choice(self.codes.cities)),
                category=str(self._rng.choice(categories)),
                availability=moments[int(self._rng.integers(len(moments)))],
                purposes=frozenset(Purpose),
            )

    def _firms(self) -> Iterator[Item]:
        stages = tuple(Stage)
        while True:
            leaf, text = self._text()
            yield Item(
                ItemKind.FIRM,
                f"f{next(self._numbers):08d}",
                texts=(text,),
                leaves=((leaf, 1000),),
                city=str(self._rng.choice(self.codes.cities)),
                stage=stages[int(self._rng.integers(len(stages)))],
            )

    def _text(self) -> tuple[str, str]:
        """A leaf, and a text that speaks of it, and in passing of another one."""
        leaf, other = (str(each) for each in self._rng.choice(self._leaves, 2))
        own = self._rng.choice(self._words[leaf], _OWN)
        rest = self._rng.choice(self._words[other], _OTHER)
        what = self._rng.choice(_WHAT, _OWN + _OTHER)
        pieces = [f"{word}{doing}" for word, doing in zip((*own, *rest), what, strict=True)]
        return leaf, "，".join(pieces)
