"""Whom the library knows, alone and in teams, and what is said of them."""
