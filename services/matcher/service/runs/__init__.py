"""Runs over all anchors of a kind."""
