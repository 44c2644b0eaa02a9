"""The shortage map: its counts, its days, what is told, released and reported of it."""
