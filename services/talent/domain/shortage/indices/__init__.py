"""From counts to the index with its interval: five parts, what is expected beforehand, stars."""
