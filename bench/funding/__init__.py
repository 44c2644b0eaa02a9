"""Measurements of the funding service."""
