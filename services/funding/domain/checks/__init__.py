"""Checks of a mandate: coded rules with severity, citation, observed value, limit and headroom."""
