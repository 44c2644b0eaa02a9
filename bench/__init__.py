"""Figures that anyone can run again: `make bench` or `make bench ONLY=talent.change`; README.md says how to add one."""
