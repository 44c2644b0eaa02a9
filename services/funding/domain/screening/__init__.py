"""Screening: what of a case is looked at, by which rules, and in which order."""
