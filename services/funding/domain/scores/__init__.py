"""Scores 0 to 100 for early, small, long-term and hard-tech, each with its parts; and gates by rule set."""
