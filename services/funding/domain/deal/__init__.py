"""Deals: one fund and one financing round of one firm, from first contact to investment, as a state
machine.
"""
