"""Releases of the shortage map: what is frozen for a quarter, who answers for it, and how two of them differ."""
