"""Use cases of people and teams: who they are, what sources state of them, and what becomes of them."""
