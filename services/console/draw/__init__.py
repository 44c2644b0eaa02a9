"""Shapes for SVG as plain numbers and paths: pure functions that templates put into elements."""
