"""Searching people, positions, training places and moves, and counting what is found."""
