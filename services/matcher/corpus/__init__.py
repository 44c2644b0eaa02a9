"""Everything that can be matched, in memory: populations of items, search, explanation, placement."""
