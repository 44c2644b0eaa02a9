"""The three dimensions of the shortage map: the tree of directions, the cities, the talent categories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from services.catalogue.catalogue import Catalogue
from services.catalogue.model.industry import is_local
from services.catalogue.succession import Shares
from services.kernel.text import Text

ALL = "all"
OUTSIDE = "outside"
_KEPT = ("leaves", "nodes", "parents", "industries", "cities", "categories")


class LeafEntry(Protocol):
    """A direction of the catalogue, or an industry that names none."""

    @property
    def code(self) -> str:
        """Catalogue code of the leaf."""
        ...

    @property
    def industry(self) -> str:
        """Catalogue code of its industry; the leaf's own code when the industry is the leaf."""
        ...

    @property
    def parent(self) -> str | None:
        """Code of the direction it is a part of, if any."""
        ...


@dataclass(frozen=True)
class Axes:
    """Codes and their positions.

    `nodes` are the leaves, then the industries that are not leaves, then `all`; `parents[i]` is the position
    of node i's parent (the root is its own). Cities and categories carry `all` as their last entry. `former`: codes
    of directions of earlier catalogues, with what stands for each today. `local_names`: of the region's own directions.
    """

    leaves: tuple[str, ...]
    nodes: tuple[str, ...]
    parents: tuple[int, ...]
    industries: tuple[str, ...]
    cities: tuple[str, ...]
    categories: tuple[str, ...]
    former: Mapping[str, Shares] = field(default_factory=dict, compare=False, repr=False)
    local_names: Mapping[str, Text] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, leaves: Sequence[LeafEntry], cities: Iterable[str], categories: Iterable[str]) -> "Axes":
        """The axes of a catalogue's leaves, city codes (without `outside`) and category codes."""
        leaf_codes = tuple(leaf.code for leaf in leaves)
        industries = tuple(dict.fromkeys(leaf.industry for leaf in leaves))
        nodes = (*leaf_codes, *(code for code in industries if code not in set(leaf_codes)), ALL)
        at = {code: index for index, code in enumerate(nodes)}
        up: dict[str, str] = dict.fromkeys(nodes, ALL)
        for leaf in leaves:
            if leaf.code != leaf.industry:
                up[leaf.code] = leaf.parent or leaf.industry
        return cls(
            leaves=leaf_codes,
            nodes=nodes,
            parents=tuple(at[up[code]] for code in nodes),
            industries=industries,
            cities=(*cities, ALL),
            categories=(*categories, ALL),
        )

    @classmethod
    def of_catalogue(cls, catalogue: Catalogue) -> "Axes":
        """The axes of the catalogue: the policy's 117 leaves and the local ones, 13 cities, 6 categories."""
        found = cls.of(
            catalogue.leaves,
            (city.id for city in catalogue.cities),
            (entry.id for entry in catalogue.categories),
        )
        local = {each.id: each.name for each in catalogue.local_directions}
        return replace(found, former=catalogue.succession.former, local_names=local)

    def document(self) -> dict[str, list[Any]]:
        """The codes as JSON values, to be kept with arrays of this shape: `Axes.of_document` reads them."""
        return {name: list(getattr(self, name)) for name in _KEPT}

    @classmethod
    def of_document(cls, document: Mapping[str, Sequence[Any]]) -> "Axes":
        """Axes kept earlier."""
        leaves, nodes, parents, industries, cities, categories = (tuple(document[name]) for name in _KEPT)
        return cls(leaves, nodes, parents, industries, cities, categories)

    @cached_property
    def leaf_set(self) -> frozenset[str]:
        """The leaves, for asking whether a code is one."""
        return frozenset(self.leaves)

    @cached_property
    def policy_leaves(self) -> tuple[str, ...]:
        """The leaves that the document names."""
        return tuple(code for code in self.leaves if not is_local(code))

    @cached_property
    def local_leaves(self) -> tuple[str, ...]:
        """The region's own leaves, which count in their industries and never among the document's."""
        return tuple(code for code in self.leaves if is_local(code))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of nodes, of cities with `all`, of categories with `all`."""
        return len(self.nodes), len(self.cities), len(self.categories)

    @cached_property
    def node_at(self) -> Mapping[str, int]:
        """Position of a leaf, an industry or `all`."""
        return {code: index for index, code in enumerate(self.nodes)}

    @cached_property
    def city_at(self) -> Mapping[str, int]:
        """Position of a city or `all`."""
        return {code: index for index, code in enumerate(self.cities)}

    @cached_property
    def category_at(self) -> Mapping[str, int]:
        """Position of a category or `all`."""
        return {code: index for index, code in enumerate(self.categories)}

    @cached_property
    def lineage(self) -> tuple[tuple[int, ...], ...]:
        """For every node: itself, its parent, and so on up to the root."""
        return tuple(self._climb(index) for index in range(len(self.nodes)))

    @cached_property
    def branch(self) -> tuple[int, ...]:
        """For every node: the industry that it is or belongs to; of the root, itself."""
        return tuple(path[-2] if len(path) > 1 else path[-1] for path in self.lineage)

    def _climb(self, index: int) -> tuple[int, ...]:
        path = [index]
        while self.parents[path[-1]] != path[-1]:
            path.append(self.parents[path[-1]])
        return tuple(path)

    def children(self, node: int) -> list[int]:
        """Positions of the nodes directly below `node`."""
        return [child for child, parent in enumerate(self.parents) if parent == node and child != node]

    def within(self, codes: Iterable[str], node: str) -> list[str]:
        """Those of `codes` that are `node` or lie below it."""
        at = self.node_at[node]
        return [code for code in codes if at in self.lineage[self.node_at[code]]]

    def industry_of(self, leaf: str) -> str:
        """Code of the industry a leaf belongs to."""
        path = self.lineage[self.node_at[leaf]]
        return self.nodes[path[-2]]
