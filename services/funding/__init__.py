"""Funding: firms, funds and the deals between them, from first contact to investment."""
