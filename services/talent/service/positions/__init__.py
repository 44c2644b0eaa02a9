"""Use cases of positions, and how they are filled."""
