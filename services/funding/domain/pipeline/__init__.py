"""Deals on their way, seen together: what they wait for, how long, and what they will bring."""
