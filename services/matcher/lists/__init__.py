"""Standing top-k lists, kept up to date by exact deltas."""
