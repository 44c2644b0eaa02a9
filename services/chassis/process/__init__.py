"""A service as a process: its commands, its start and end, and the loops in between."""
