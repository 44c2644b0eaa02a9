"""Where is kept who may do what to people and who did, and what erasure does."""
