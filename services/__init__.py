"""Bole (伯乐): matching people and early-stage firms with a region's priority industries."""
