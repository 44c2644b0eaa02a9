"""The ordered log that services talk through: its two engines, its topics, and events as its records."""
