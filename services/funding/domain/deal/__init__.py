"""Deals: one fund and one financing round of one firm, as a state machine."""
