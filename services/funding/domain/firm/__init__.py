"""A firm: who is behind it, what was known of it when, and what it reports."""
