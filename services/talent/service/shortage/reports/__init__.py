"""Drafting, checking and signing reports, and composing them again."""
