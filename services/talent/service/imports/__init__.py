"""Importing people, teams and positions: files in, a report of every row out, and the way back."""
