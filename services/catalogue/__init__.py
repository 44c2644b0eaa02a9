"""The policy as data: industries, directions, cities, talent, targets, finance, each with its clause.

`load()` gives the one Catalogue; names and aliases in both languages resolve to ids through it.
"""

from services.catalogue.catalogue import OUTSIDE, Catalogue
from services.catalogue.loading import load

__all__ = ["OUTSIDE", "Catalogue", "load"]
