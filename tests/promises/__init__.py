"""Promises that need no storm, each as runs by a seed: what a run does, and everything that does not hold after it."""
