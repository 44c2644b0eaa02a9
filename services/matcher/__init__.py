"""Matches people, firms, positions, funds and directions, and keeps the matches up to date."""
