"""Tests of Bole, and the real servers they run against."""
