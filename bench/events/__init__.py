"""The event log: what it carries, and how fast."""
